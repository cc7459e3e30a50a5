import type { Connector, Entity } from '@syncline/connector-kit';
import { commitPages, type Standing, type SweepRun } from '@syncline/store';
import type { EngineContext } from '../context.js';
import { targetSql } from '../table-families.js';
import type { Answers } from './ask-for-missing.js';

/**
 * Writes records that the list left out and that the vendor gave when they were asked for by id: as one more page of the
 * run, so that they are part of what it has seen from then on. `asOf` is by Postgres' clock, before they were asked for.
 */
export async function writeAnswers(
  ctx: EngineContext,
  run: SweepRun,
  { connector, entity }: { readonly connector: Connector; readonly entity: Entity },
  { alive, records, rejected, lossless, asOf }: Answers & { readonly asOf: Date },
  pagesBefore: number,
): Promise<Standing> {
  if (alive.length === 0) return 'live';
  const { organizationId, connectionId, scanId } = run;
  const target = { sql: await targetSql(ctx.db, connector, entity), organizationId, connectionId, firstLoad: false };
  const { standing } = await commitPages(ctx.db, target, run, {
    pages: 1,
    pagesBefore,
    records,
    rejected,
    lossless,
    asOf,
    cursor: undefined,
    upperBound: undefined,
    mayResolve: true,
    // The ids that were asked for: a record may answer to an old id and be kept under another.
    seen: { scanId, vendorIds: alive, unnamed: 0 },
  });
  ctx.log.warn({ event: 'rows.left_out', records: alive.length }, 'the list left out records that the vendor has');
  return standing;
}
