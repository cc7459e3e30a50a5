/** What an error says, in one line; of several attempts the first. */
export function wordsOf(error: unknown): string {
  const first = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
  const message = first instanceof Error ? first.message || String((first as { code?: unknown }).code) : String(first);
  return message.replaceAll(/\s+/g, ' ').slice(0, 300);
}
