import pg from 'pg';

/** SQLSTATEs of text that Postgres cannot hold: NUL characters, and halves of characters in JSON. */
const unstorable = new Set(['22021', '22P05']);

/** Whether an error says that a text was refused for a character that Postgres has no place for. */
export function isUnstorableText(error: unknown): boolean {
  return error instanceof pg.DatabaseError && unstorable.has(error.code ?? '');
}
