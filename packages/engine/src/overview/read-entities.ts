import {
  type Connection,
  countTableRows,
  type EntityFacts,
  readEntityFacts,
  readFreshness,
  type TableRows,
} from '@syncline/store';
import { schedulePauses } from '../alerts/cron-pauses.js';
import { knownEntities } from '../alerts/known-entities.js';
import { connectorOf, type WorkContext } from '../context.js';

export interface EntityOverview extends Omit<EntityFacts, 'ageSeconds'> {
  readonly table: string;
  /** Undefined where the tenant's role may not read the table. */
  readonly counts: TableRows | undefined;
  /** Without a target where no schedule brings it. */
  readonly freshness: { readonly ageSeconds: number | null; readonly targetSeconds: number | null };
}

/** The entities of a connection in the order in which they are synced. Six statements, and one for each big table. */
export async function readEntities(ctx: WorkContext, connection: Connection): Promise<EntityOverview[]> {
  const connector = connectorOf(ctx, connection.connector);
  const known = knownEntities(ctx).filter((entity) => entity.connector === connector.id);
  const tables = new Map(connector.entities.map(({ name, table }) => [name, table.name]));
  return ctx.db.transaction().execute(async (trx) => {
    const facts = await readEntityFacts(trx, connection, known);
    const counts = await countTableRows(trx, connection, [...new Set(tables.values())]);
    const isTimed = ctx.schedules !== undefined;
    const pauses = isTimed ? await schedulePauses({ db: trx }, [connection.id]) : [];
    const ages = isTimed ? await readFreshness(trx, connection.organizationId, known, pauses, [connection.id]) : [];
    return facts.map(({ ageSeconds, ...fact }) => {
      const table = tables.get(fact.entity) ?? '';
      const age = ages.find(({ entity }) => entity === fact.entity);
      return {
        ...{ ...fact, table, counts: counts.get(table) },
        isEnabled: isTimed && fact.isEnabled,
        freshness: { ageSeconds: age?.ageSeconds ?? ageSeconds, targetSeconds: age?.targetSeconds ?? null },
      };
    });
  });
}
