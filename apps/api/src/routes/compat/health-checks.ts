import type { Connection, RecentRuns, TokenHealth } from '@syncline/store';
import { type BudgetAnswer, percent } from './budget-answer.js';

export const verdicts = ['ok', 'unknown', 'warning', 'fail'] as const;
export type Verdict = (typeof verdicts)[number];

/** One line of the guide's checklist. */
export interface HealthCheck {
  readonly name: 'success_rate' | 'longest_running' | 'budget_used' | 'record_error_rate' | 'token_refresh';
  readonly value: number | null;
  readonly unit: 'percent' | 'minutes' | 'failures';
  /** It is fine as long as the value is on this side of the threshold. */
  readonly wanted: 'above' | 'below';
  readonly threshold: number;
  readonly verdict: Verdict;
  readonly reason: string | null;
}

/** What the checks are made from. */
export interface HealthFacts {
  readonly hours: number;
  readonly recent: RecentRuns;
  /** The sync that runs or waits, with what it waits for. */
  readonly live: { readonly minutes: number; readonly waitsFor: string | null } | undefined;
  readonly budget: BudgetAnswer;
  readonly connection: Pick<Connection, 'status' | 'statusReason'>;
  readonly tokens: TokenHealth;
}

/** The guide's checklist. What nobody can know yet is `unknown` and says why. */
export function healthChecks(facts: HealthFacts): HealthCheck[] {
  return [successRate(facts), longestRunning(facts), budgetUsed(facts), recordErrorRate(facts), tokenRefresh(facts)];
}

/** The worst there is. */
export function overall(checks: readonly Pick<HealthCheck, 'verdict'>[]): Verdict {
  return verdicts.findLast((verdict) => checks.some((check) => check.verdict === verdict)) ?? 'unknown';
}

function successRate({ recent, hours }: HealthFacts): HealthCheck {
  const about = { name: 'success_rate', unit: 'percent', wanted: 'above', threshold: 95 } as const;
  if (recent.ended === 0) return unknown(about, `No sync has ended in the last ${hours} hours`);
  const value = percent(recent.succeeded, recent.ended);
  const reason = `${recent.succeeded} of ${recent.ended} syncs of the last ${hours} hours ended as success`;
  // Decided by the counts: 95.04 percent is above, and reads as 95.
  return { ...about, value, verdict: 100 * recent.succeeded > 95 * recent.ended ? 'ok' : 'fail', reason };
}

function longestRunning({ live }: HealthFacts): HealthCheck {
  const about = { name: 'longest_running', unit: 'minutes', wanted: 'below', threshold: 60 } as const;
  if (live === undefined) return { ...about, value: 0, verdict: 'ok', reason: 'Nothing is running' };
  const reason = live.waitsFor === null ? null : `It waits: ${live.waitsFor}`;
  return { ...about, value: Math.floor(live.minutes), verdict: live.minutes < 60 ? 'ok' : 'fail', reason };
}

/** A warning and not a failure: a sync that has much to read uses all there is, and waits its turn. */
function budgetUsed({ budget }: HealthFacts): HealthCheck {
  const about = { name: 'budget_used', unit: 'percent', wanted: 'below', threshold: 80 } as const;
  if (budget.budget === null) return unknown(about, budget.reason);
  const { used, limit, share, pausedUntil } = budget.budget;
  const paused = pausedUntil === null ? '' : `; the vendor asked to be left alone until ${pausedUntil}`;
  const fine = 100 * used < 80 * limit && pausedUntil === null;
  return { ...about, value: share, verdict: fine ? 'ok' : 'warning', reason: `${used} of ${limit} requests${paused}` };
}

function recordErrorRate({ recent, hours }: HealthFacts): HealthCheck {
  const about = { name: 'record_error_rate', unit: 'percent', wanted: 'below', threshold: 5 } as const;
  const { recordsProcessed: processed, recordsFailed: failed } = recent;
  if (processed === 0) return unknown(about, `No record was processed in the last ${hours} hours`);
  const reason = `${failed} of ${processed} records of the last ${hours} hours failed`;
  return { ...about, value: percent(failed, processed), verdict: 100 * failed < 5 * processed ? 'ok' : 'fail', reason };
}

function tokenRefresh({ connection, tokens }: HealthFacts): HealthCheck {
  const about = { name: 'token_refresh', unit: 'failures', wanted: 'below', threshold: 1 } as const;
  const { failures, failedAt, errorCode, renewedAt } = tokens;
  if (connection.status === 'needs_reauth') {
    const reason = `The connection has to be authorised again: ${connection.statusReason ?? 'the vendor refused it'}`;
    return { ...about, value: Math.max(1, failures), verdict: 'fail', reason };
  }
  if (failures > 0) {
    const reason = `The last renewal failed: ${errorCode} at ${failedAt?.toISOString()}`;
    return { ...about, value: failures, verdict: 'fail', reason };
  }
  if (renewedAt === null) return unknown(about, 'No token has been asked for yet');
  return { ...about, value: 0, verdict: 'ok', reason: `Renewed at ${renewedAt.toISOString()}` };
}

function unknown(about: Omit<HealthCheck, 'value' | 'verdict' | 'reason'>, reason: string): HealthCheck {
  return { ...about, value: null, verdict: 'unknown', reason };
}
