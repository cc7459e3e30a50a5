import { createHash } from 'node:crypto';
import { holdupReason, knownPercentage } from '@syncline/engine';
import { type ChangingThing, changingThings, type JobNow, type OrganizationNow } from '@syncline/store';

/** What a client that comes back has seen, in a text that it keeps for us. */
export interface Seen {
  readonly jobs: string;
  readonly marks: Readonly<Record<ChangingThing, string>>;
}

/** The same state is the same text in every process, so that whoever is asked next knows what is new. */
export function idOf({ jobs, marks }: Seen): string {
  return [jobs, ...changingThings.map((thing) => marks[thing])].join('.');
}

/** Undefined for what is no id of ours: whoever brings it is told everything. */
export function seenIn(id: string | undefined): Seen | undefined {
  const [jobs, ...marks] = id?.split('.') ?? [];
  if (jobs === undefined || marks.length !== changingThings.length) return undefined;
  const named = Object.fromEntries(changingThings.map((thing, i) => [thing, marks[i]]));
  return { jobs, marks: named as Record<ChangingThing, string> };
}

/** The jobs as they are told, and what can be told apart of all else. */
export function tellNow(now: OrganizationNow): { readonly jobs: JobAnswer[]; readonly seen: Seen } {
  const jobs = now.jobs.map((job) => jobAnswer(job, now));
  const marks = Object.fromEntries(changingThings.map((thing) => [thing, digest(now.marks[thing], 8)]));
  return { jobs, seen: { jobs: digest(JSON.stringify(jobs), 16), marks: marks as Record<ChangingThing, string> } };
}

/** What is not as it was. */
export function changedSince(before: Seen, now: Seen): ChangingThing[] {
  return changingThings.filter((thing) => before.marks[thing] !== now.marks[thing]);
}

type JobAnswer = ReturnType<typeof jobAnswer>;

function jobAnswer(job: JobNow, now: OrganizationNow) {
  const { id, connectionId, connectionName, connector, status, startedAt, endedAt, runs } = job;
  const atHand = runs.find((run) => run.status === 'running') ?? runs.find((run) => run.status === 'pending');
  const sum = (count: (run: (typeof runs)[number]) => number) => runs.reduce((all, run) => all + count(run), 0);
  return {
    ...{ id, connectionId, connectionName, connector, status },
    ...{ percent: knownPercentage({ status, runs }), entity: atHand?.entity ?? null },
    recordsRead: sum(({ recordsRead }) => recordsRead),
    recordsFailed: sum(({ recordsFailed }) => recordsFailed),
    startedAt: startedAt?.toISOString() ?? null,
    endedAt: endedAt?.toISOString() ?? null,
    holdup: holdupReason(job, now),
  };
}

function digest(text: string, length: number): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, length);
}
