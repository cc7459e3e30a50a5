import { useSyncExternalStore } from 'react';
import { ago, exactly } from '../format/time.js';

/** When something was or will be: how long from now, and exactly for whoever points at it. */
export function Moment({ at }: { readonly at: string | null | undefined }) {
  // Its words, and not the time: of a thousand moments in a list only those are drawn anew that read differently.
  const words = useSyncExternalStore(eachSecond, () => (at ? ago(at, Date.now()) : 'never'));
  if (!at) return <span className="text-ink-soft">{words}</span>;
  return (
    <time dateTime={at} title={exactly(at)} className="whitespace-nowrap">
      {words}
    </time>
  );
}

/** The time in milliseconds, to the second. */
export function useNow(): number {
  return useSyncExternalStore(eachSecond, () => Math.floor(Date.now() / 1_000) * 1_000);
}

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** One clock for the whole page, however many look at it; none while nobody does. */
function eachSecond(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const one of listeners) one();
  }, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}
