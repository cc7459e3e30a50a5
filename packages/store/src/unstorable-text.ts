import pg from 'pg';

/** SQLSTATEs of text that Postgres cannot hold: NUL characters, as they are and as JSON writes them. */
const unstorable = new Set(['22021', '22P05']);
/** What is no JSON. All JSON of ours is written by `JSON.stringify`, and Postgres refuses of it halves of characters only. */
const notJson = '22P02';

/** Whether an error says that a text was refused for a character that Postgres has no place for. */
export function isUnstorableText(error: unknown): boolean {
  if (!(error instanceof pg.DatabaseError)) return false;
  // The state is that of ids that are none, too; those would be a bug of ours.
  return unstorable.has(error.code ?? '') || (error.code === notJson && (error.routine ?? '').includes('json'));
}
