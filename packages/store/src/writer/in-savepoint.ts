import { CompiledQuery } from 'kysely';
import type { Db } from '../open-database.js';
import { postgresRefusal, type Refusal } from './postgres-refusal.js';

/**
 * Runs statements that may be refused for what they carry, inside a transaction that has to go on all the same. Costs
 * two round trips. Refused: nothing of it has happened. Any other error is thrown.
 */
export async function inSavepoint<T>(
  trx: Db,
  work: () => Promise<T>,
): Promise<{ readonly done: T } | { readonly refusal: Refusal }> {
  await trx.executeQuery(CompiledQuery.raw('savepoint records'));
  try {
    const done = await work();
    await trx.executeQuery(CompiledQuery.raw('release savepoint records'));
    return { done };
  } catch (error) {
    const refusal = postgresRefusal(error);
    if (refusal === undefined) throw error;
    await trx.executeQuery(CompiledQuery.raw('rollback to savepoint records'));
    return { refusal };
  }
}
