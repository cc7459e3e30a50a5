import { useEffect, useState } from 'react';
import { ago, exactly } from '../format/time.js';

/** When something was or will be: how long from now, and exactly for whoever points at it. */
export function Moment({ at }: { readonly at: string | null | undefined }) {
  const now = useNow();
  if (at === null || at === undefined) return <span className="text-ink-soft">never</span>;
  return (
    <time dateTime={at} title={exactly(at)}>
      {ago(at, now)}
    </time>
  );
}

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** The time, once a second; one clock for the whole page, however many look at it. */
export function useNow(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const listener = () => setNow(new Date());
    listeners.add(listener);
    timer ??= setInterval(() => {
      for (const one of listeners) one();
    }, 1_000);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) {
        clearInterval(timer);
        timer = undefined;
      }
    };
  }, []);
  return now;
}
