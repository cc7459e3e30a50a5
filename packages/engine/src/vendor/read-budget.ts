import { isSyncError } from '@syncline/connector-kit';
import type { BudgetUse } from '@syncline/http';
import { type Connection, readCredentials } from '@syncline/store';
import type { EngineContext } from '../context.js';
import { budgetOf, budgetWith } from './budget-key.js';

/**
 * The fullest window of the vendor's budget of a connection, as the whole fleet uses it now. Undefined for a connector
 * without any.
 *
 * Throws SyncError BUDGET_UNAVAILABLE, CREDENTIALS_UNREADABLE, CONNECTION_SETTINGS_INVALID.
 */
export async function readBudget(ctx: EngineContext, connection: Connection): Promise<BudgetUse | undefined> {
  const { key, windows } = await budgetOf(ctx, connection);
  return fullestOf(await ctx.road.budgetUse(key, windows));
}

type Known = Pick<Connection, 'id' | 'connector' | 'settings'>;

/**
 * The same of many connections of an organization, by their ids: one statement for the credentials, and one round trip to
 * Redis, because all questions are sent before the first answer comes. Connections with one credential are asked about
 * once. One without credentials, or whose settings cannot be read, has no entry.
 *
 * Throws SyncError BUDGET_UNAVAILABLE.
 */
export async function readBudgets(
  ctx: EngineContext,
  organizationId: string,
  connections: readonly Known[],
): Promise<Map<string, BudgetUse>> {
  const ids = connections.map(({ id }) => id);
  const credentials = await readCredentials(ctx.db, ctx.vault, organizationId, ids);
  const asked = new Map<string, Promise<BudgetUse[]>>();
  const answers = connections.flatMap((connection) => {
    const budget = known(() => budgetWith(ctx, connection, credentials.get(connection.id)));
    if (budget === undefined) return [];
    const question = JSON.stringify(budget);
    const answer = asked.get(question) ?? ctx.road.budgetUse(budget.key, budget.windows);
    asked.set(question, answer);
    return [answer.then((uses) => [connection.id, fullestOf([...uses])] as const)];
  });
  const uses = await Promise.all(answers);
  return new Map(uses.flatMap(([id, use]) => (use === undefined ? [] : [[id, use] as const])));
}

function fullestOf(uses: BudgetUse[]): BudgetUse | undefined {
  return uses.sort((a, b) => b.used / b.limit - a.used / a.limit)[0];
}

/** Undefined where a connection is not set up well enough to know: that is said where it is used. */
function known<Value>(tell: () => Value): Value | undefined {
  try {
    return tell();
  } catch (error) {
    if (isSyncError(error)) return undefined;
    throw error;
  }
}
