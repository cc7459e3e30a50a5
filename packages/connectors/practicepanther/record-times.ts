/** Timestamps come without a zone and are UTC. NaN for what is none. */
export function timeOf(text: string | undefined): number {
  return text === undefined ? Number.NaN : Date.parse(/[zZ]$/.test(text) ? text : `${text}Z`);
}

/** When a record changed, as it says itself; NaN where that cannot be read. */
export function changedAt(record: unknown): number {
  return timeOf(field(record, 'updated_at'));
}

/** A field of a record that may have any shape; undefined unless it is text. */
export function field(record: unknown, name: string): string | undefined {
  const value = (record as Record<string, unknown> | null | undefined)?.[name];
  return typeof value === 'string' ? value : undefined;
}

/** A record without a readable time is that record's problem, not the walk's. */
export function timesOf(records: readonly unknown[]): number[] {
  return records.map(changedAt).filter(Number.isFinite);
}

export function isSorted(times: readonly number[]): boolean {
  return times.every((time, i) => i === 0 || time >= (times[i - 1] ?? time));
}
