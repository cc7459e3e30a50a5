import { isSyncError, SyncError } from '@syncline/connector-kit';
import type { BudgetUse } from '@syncline/http';
import {
  type Freshness,
  listOverview,
  type OverviewFilter,
  type OverviewRow,
  type OverviewTotals,
  readFreshness,
  readOverviewTotals,
  readStop,
  type Stop,
} from '@syncline/store';
import { schedulePauses } from '../alerts/cron-pauses.js';
import { knownEntities } from '../alerts/known-entities.js';
import type { WorkContext } from '../context.js';
import { readBudgets } from '../vendor/read-budget.js';
import { within } from '../wiring/within.js';

export interface ConnectionOverview extends OverviewRow {
  /** Of the entity that is the worst against its target; undefined where no schedule brings any. */
  readonly freshness: Freshness | undefined;
  /** Undefined where there is none, or nobody can tell now. */
  readonly budget: BudgetUse | undefined;
}

export interface Overview {
  readonly connections: readonly ConnectionOverview[];
  readonly totals: OverviewTotals;
  readonly stop: Stop | undefined;
}

/** A Redis that hangs keeps nobody from reading what Postgres knows. */
const budgetPatienceMs = 500;

/**
 * An organization's connections, problems first, with how old their data are and what is used of their budgets; at most
 * `limit`. Eight statements, in two transactions of one connection each, and one round trip to Redis, however many
 * connections there are.
 */
export async function readOverview(
  ctx: WorkContext,
  organizationId: string,
  filter: OverviewFilter,
  limit: number,
): Promise<Overview> {
  // One connection of the pool, and the role of the tenant taken once.
  const read = await ctx.db.transaction().execute(async (trx) => {
    const rows = await listOverview(trx, organizationId, filter, limit);
    const ids = rows.map(({ id }) => id);
    const totals = await readOverviewTotals(trx, organizationId);
    const stop = await readStop(trx, organizationId);
    // Where nothing starts by itself nothing is late.
    const isTimed = ctx.schedules !== undefined && ids.length > 0;
    const pauses = isTimed ? await schedulePauses({ db: trx }, ids) : [];
    const ages = isTimed ? await readFreshness(trx, organizationId, knownEntities(ctx), pauses, ids) : [];
    return { rows, totals, stop, worst: worstOf(ages) };
  });
  const budgets = await budgetsOf(ctx, organizationId, read.rows);
  const { rows, worst, totals, stop } = read;
  const connections = rows.map((row) => ({ ...row, freshness: worst.get(row.id), budget: budgets.get(row.id) }));
  return { connections, totals, stop };
}

async function budgetsOf(ctx: WorkContext, organizationId: string, rows: readonly OverviewRow[]) {
  if (rows.length === 0) return new Map<string, BudgetUse>();
  const late = () => new SyncError('BUDGET_UNAVAILABLE');
  const asked = within(budgetPatienceMs, readBudgets(ctx, organizationId, rows), late);
  return asked.catch((error: unknown) => {
    if (isSyncError(error, 'BUDGET_UNAVAILABLE')) return new Map<string, BudgetUse>();
    throw error;
  });
}

/** Of each connection the entity that is the oldest, measured by its target. */
function worstOf(ages: readonly Freshness[]): Map<string, Freshness> {
  const worst = new Map<string, Freshness>();
  for (const age of ages) {
    const known = worst.get(age.connectionId);
    if (known === undefined || lateness(age) > lateness(known)) worst.set(age.connectionId, age);
  }
  return worst;
}

function lateness({ ageSeconds, targetSeconds }: Freshness): number {
  return ageSeconds / targetSeconds;
}
