import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

/** Serialization failure, deadlock: Postgres has rolled one of two transactions back so that the other can go on. */
const lostRace = new Set(['40001', '40P01']);
const mostTries = 5;

/**
 * Runs a transaction again when it lost a race, after a random moment, so that the same two do not meet again.
 *
 * Throws what the last try throws.
 */
export async function afterLostRaces<T>(transaction: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await transaction();
    } catch (error) {
      if (!(error instanceof pg.DatabaseError) || !lostRace.has(error.code ?? '') || tries === mostTries) throw error;
      await pause(Math.random() * 20 * 2 ** tries);
    }
  }
}
