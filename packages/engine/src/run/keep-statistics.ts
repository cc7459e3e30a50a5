import type { Entity } from '@syncline/connector-kit';
import { analyzeGrown, type ClaimedRun, createdSoFar } from '@syncline/store';
import type { EngineContext } from '../context.js';

/** So many new rows in a table are worth a sample of it. */
const enough = 10_000;

/** Called after each commit with how many records it was about, and whether it was the run's last. */
type AfterCommit = (records: number, isLast: boolean) => Promise<void>;

/**
 * Has Postgres count a run's tables anew when they have grown a lot: after the first ten thousand rows, then each time that
 * they have doubled, and at the end. What goes on after a crash looks rows up among those that are there already, and so
 * does whatever comes after the run; neither can wait for autovacuum. Runs that create less cost nothing.
 */
export function keepStatistics(ctx: EngineContext, run: ClaimedRun, written: readonly Entity[]): AfterCommit {
  const tables = new Map(written.map(({ name, table }) => [name, table.name]));
  const known = new Map<string, number>();
  let since = 0;
  let total = 0;
  return async (records, isLast) => {
    since += records;
    total += records;
    // What earlier turns of the run have written is counted in Postgres only.
    const mayEnd = isLast && (run.pages > 0 || total >= enough);
    if (since < enough && !mayEnd) return;
    since = 0;
    for (const { entity, created } of await createdSoFar(ctx.db, run.syncJobId, [...tables.keys()])) {
      const before = known.get(entity) ?? 0;
      const grown = created - before;
      if (grown < (isLast ? Math.max(enough, created / 5) : Math.max(enough, before))) continue;
      known.set(entity, created);
      const table = tables.get(entity) ?? entity;
      if (await analyzeGrown(ctx.db, table, grown))
        ctx.log.debug({ event: 'statistics.kept', table, created }, 'statistics are up to date');
    }
  };
}
