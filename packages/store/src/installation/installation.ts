import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import { readPlace } from './place.js';

/** What Postgres knows about the life of its data; see migrations/0023. */
export interface Installation {
  readonly identity: string;
  readonly ancestors: readonly string[];
  readonly generation: number;
  /** When it was last counted up. */
  readonly countedAt: Date;
  /** Where it was then; null if it never was. */
  readonly place: string | null;
  /** Where it is now. */
  readonly here: string;
}

/** Undefined where the table is of an older release and has no row. */
export async function readInstallation(db: Db): Promise<Installation | undefined> {
  const row = await db.selectFrom('syncline_installation').selectAll().executeTakeFirst();
  if (row === undefined) return undefined;
  const { identity, ancestors, generation, counted_at: countedAt, place } = row;
  return { identity, ancestors, generation, countedAt, place, here: await readPlace(db) };
}

/**
 * Counts the generation of a life up, before Redis is told. Undefined when it is another life meanwhile: somebody else has
 * noticed that this one ended.
 */
export async function countUp(db: Db, { identity, here }: Installation): Promise<number | undefined> {
  const row = await db
    .updateTable('syncline_installation')
    .set((eb) => ({ generation: eb('generation', '+', 1), counted_at: sql<Date>`now()`, place: here }))
    .where('identity', '=', identity)
    .returning('generation')
    .executeTakeFirst();
  return row?.generation;
}

/** Says that the database belongs where it is now: a person's word, after a move or a restore to another server. */
export async function settleAt(db: Db, here: string): Promise<void> {
  await db.updateTable('syncline_installation').set({ place: here }).execute();
}
