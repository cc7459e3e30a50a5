import type { BudgetUse } from '@syncline/http';
import type { Connection } from '@syncline/store';
import type { EngineContext } from '../context.js';
import { budgetOf } from './budget-key.js';

/**
 * The fullest window of the vendor's budget of a connection, as the whole fleet uses it now. Undefined for a connector
 * without any.
 *
 * Throws SyncError BUDGET_UNAVAILABLE, CREDENTIALS_UNREADABLE, CONNECTION_SETTINGS_INVALID.
 */
export async function readBudget(ctx: EngineContext, connection: Connection): Promise<BudgetUse | undefined> {
  const { key, windows } = await budgetOf(ctx, connection);
  const [fullest] = (await ctx.road.budgetUse(key, windows)).sort((a, b) => b.used / b.limit - a.used / a.limit);
  return fullest;
}
