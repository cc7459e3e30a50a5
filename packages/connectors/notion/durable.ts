/**
 * The same value without what is good for an hour only: addresses of uploaded files, which are other ones each time they
 * are asked for. Files keep their names; addresses of files elsewhere stay.
 */
export function durable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(durable);
  // What is no plain object (a number beyond what a double holds) is a value.
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  const entries = Object.entries(value);
  const isUpload = (value as Record<string, unknown>)['type'] === 'file';
  return Object.fromEntries(entries.map(([key, inner]) => [key, isUpload && key === 'file' ? {} : durable(inner)]));
}
