import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { api, isUnauthenticated } from './client.js';
import { useChosenOrganization } from './organization.js';
import type { LiveJob } from './types.js';

interface Live {
  /** Those that run, and those that ended a moment ago; undefined until the first word. */
  readonly jobs: readonly LiveJob[] | undefined;
  readonly isConnected: boolean;
}

const LiveContext = createContext<Live>({ jobs: undefined, isConnected: false });

/** What an event says has changed, and which of the page's questions it makes old. */
const questions: Readonly<Record<string, readonly string[]>> = {
  'failed-items': ['failed-items', 'overview', 'connections'],
  alerts: ['alerts', 'overview'],
  connections: ['connections', 'overview'],
  schedules: ['schedules', 'overview', 'connections'],
  webhooks: ['webhooks'],
  verifications: ['verifications', 'connections'],
  stop: ['overview', 'stop'],
};

/**
 * Browsers have six connections to a server that speaks HTTP/1.1, for all their tabs together: a page that nobody sees gives
 * its stream back, or the seventh tab would wait for ever. When it is seen again it is told what was new meanwhile.
 */
const hiddenMs = 5_000;

/** One stream for the whole page: whoever shows a job or a list is told when it changes. */
export function LiveProvider({ children }: { readonly children: ReactNode }) {
  const client = useQueryClient();
  const organization = useChosenOrganization();
  const [live, setLive] = useState<Live>({ jobs: undefined, isConnected: false });

  // biome-ignore lint/correctness/useExhaustiveDependencies: another organization has another stream.
  useEffect(() => {
    let seen: string | undefined;
    let before: readonly LiveJob[] = [];
    let following: AbortController | undefined;
    let leaving: ReturnType<typeof setTimeout> | undefined;
    const forget = (keys: readonly string[]) => {
      for (const key of keys) void client.invalidateQueries({ queryKey: [key] });
    };
    const follow = async (signal: AbortSignal) => {
      const events = api.followEvents('/api/v1/events', {
        ...{ signal, lastEventId: seen, reconnects: Number.POSITIVE_INFINITY },
        onConnection: (state) => setLive((now) => ({ ...now, isConnected: state === 'open' })),
      });
      for await (const { id, event, data } of events) {
        if (event === 'jobs') {
          const { jobs } = data as { jobs: readonly LiveJob[] };
          setLive({ jobs, isConnected: true });
          if (haveMoved(before, jobs)) forget(['overview', 'syncs', 'connections']);
          for (const job of newsOf(before, jobs)) void client.invalidateQueries({ queryKey: ['job', job.id] });
          before = jobs;
        }
        if (event === 'changed') forget((data as { what: string[] }).what.flatMap((what) => questions[what] ?? []));
        seen = id || seen;
      }
    };
    const look = () => {
      clearTimeout(leaving);
      if (document.hidden) {
        leaving = setTimeout(stop, hiddenMs);
      } else if (following === undefined) {
        following = new AbortController();
        const { signal } = following;
        follow(signal).catch((error: unknown) => {
          if (signal.aborted) return;
          setLive((now) => ({ ...now, isConnected: false }));
          // Asked anew, it leads to the page for signing in.
          if (isUnauthenticated(error)) forget(['overview', 'connections']);
        });
      }
    };
    const stop = () => {
      following?.abort();
      following = undefined;
    };
    setLive({ jobs: undefined, isConnected: false });
    look();
    document.addEventListener('visibilitychange', look);
    return () => {
      document.removeEventListener('visibilitychange', look);
      clearTimeout(leaving);
      stop();
    };
  }, [client, organization]);

  return <LiveContext.Provider value={live}>{children}</LiveContext.Provider>;
}

export function useLive(): Live {
  return useContext(LiveContext);
}

/** Whether a job began or ended, rather than went on. */
function haveMoved(before: readonly LiveJob[], now: readonly LiveJob[]): boolean {
  const states = (jobs: readonly LiveJob[]) => jobs.map(({ id, status }) => `${id} ${status}`).join();
  return states(before) !== states(now);
}

/** The jobs of which something is told that was not told before, and those that are not told of any more. */
function newsOf(before: readonly LiveJob[], now: readonly LiveJob[]): LiveJob[] {
  const known = new Map(before.map((job) => [job.id, JSON.stringify(job)]));
  const gone = before.filter(({ id }) => now.every((job) => job.id !== id));
  return [...now.filter((job) => known.get(job.id) !== JSON.stringify(job)), ...gone];
}
