import type { PageRequest } from '@syncline/connector-kit';
import { changedAt, isSorted, timesOf } from './record-times.js';

/** A millisecond earlier where the bound itself has to be in, because it is not documented if `updated_since` has it in. */
export function sinceOf({ since, span }: PageRequest): string | undefined {
  return (span === undefined ? since : new Date(span.from.getTime() - 1))?.toISOString();
}

/** A record without a readable time stays: that is its own problem, and nobody knows that it is not meant. */
export function withinSpan({ span }: PageRequest, records: readonly unknown[]): readonly unknown[] {
  if (span === undefined) return records;
  const [from, to] = [span.from.getTime(), span.to?.getTime() ?? Number.POSITIVE_INFINITY];
  return records.filter((record) => {
    const time = changedAt(record);
    return Number.isNaN(time) || (time >= from && time <= to);
  });
}

/** Whether a page in order ends behind the span: then nothing of what is to come lies in it. */
export function endsBehindSpan({ span }: PageRequest, records: readonly unknown[]): boolean {
  const times = timesOf(records);
  const last = times.at(-1);
  return span?.to !== undefined && last !== undefined && last > span.to.getTime() && isSorted(times);
}
