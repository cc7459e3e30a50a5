import { isSyncError } from '@syncline/connector-kit';
import { readBudget, within } from '@syncline/engine';
import type { Connection } from '@syncline/store';
import { z } from 'zod';
import type { ApiContext } from '../../api-context.js';

const instant = z.iso.datetime();

export const budgetSchema = z.object({
  limit: z.int().describe('Requests allowed in the window'),
  windowSeconds: z.number(),
  used: z.int().describe('Requests that count against the window now, of the whole fleet'),
  free: z.int(),
  share: z.number().describe('Used of the limit, in percent'),
  nextFreeAt: instant.nullable().describe('When a request may go out, if none may now'),
  pausedUntil: instant.nullable().describe('Until when the vendor asked to be left alone (429)'),
});

export type BudgetAnswer =
  | { readonly budget: z.infer<typeof budgetSchema>; readonly reason: null }
  | { readonly budget: null; readonly reason: string };

/** A Redis that hangs keeps nobody from reading what Postgres knows. */
const patienceMs = 500;

/** The budget of a connection as it is used now; what stands in the way of knowing it is an answer as well. */
export async function budgetAnswer(ctx: ApiContext, connection: Connection): Promise<BudgetAnswer> {
  try {
    const use = await within(patienceMs, readBudget(ctx, connection), () => new Error('late'));
    if (use === undefined) return { budget: null, reason: 'The vendor has no budget' };
    const { limit, seconds: windowSeconds, used } = use;
    const nextFreeAt = use.nextFreeAt?.toISOString() ?? null;
    const pausedUntil = use.pausedUntil?.toISOString() ?? null;
    const [free, share] = [Math.max(0, limit - used), percent(used, limit)];
    return { budget: { limit, windowSeconds, used, free, share, nextFreeAt, pausedUntil }, reason: null };
  } catch (error) {
    if (isSyncError(error) && error.code !== 'BUDGET_UNAVAILABLE') return { budget: null, reason: error.message };
    if (isSyncError(error) || (error instanceof Error && error.message === 'late')) {
      return { budget: null, reason: 'Redis, which counts it, cannot be reached' };
    }
    throw error;
  }
}

/** A share in percent, with one decimal. */
export function percent(part: number, whole: number): number {
  return Math.round((1_000 * part) / whole) / 10;
}
