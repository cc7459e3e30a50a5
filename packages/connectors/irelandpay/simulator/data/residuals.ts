import { die, oneIn } from '../../../simulation/dice.js';
import { firstDay, type Month, startOf } from './calendar.js';
import type { Batch } from './ledger.js';
import type { Merchant, Processor } from './merchants.js';

/** What a merchant has brought in a month, in cents. */
export interface ResidualRow {
  readonly merchant: Merchant;
  /** As the merchant was called when the report was made: what is published does not change by itself. */
  readonly name: string;
  readonly transactions: number;
  readonly sales: number;
  readonly income: number;
  readonly expense: number;
  readonly agentNet: number;
}

/** A processor's month. */
export interface Report {
  readonly processor: Processor;
  readonly month: Month;
  readonly createdMs: number;
  modifiedMs: number;
  revision: number;
  rows: ResidualRow[];
}

export interface LineItem {
  readonly id: number;
  readonly month: Month;
  readonly type: 'agent' | 'merchant';
  readonly merchant: Merchant;
  description: string;
  income: number;
  readonly expense: number;
  readonly createdMs: number;
  modifiedMs: number;
  readonly recurring: boolean;
}

export function makeReport(
  processor: Processor,
  month: Month,
  merchants: readonly Merchant[],
  batchesOf: (merchant: Merchant) => Iterable<Batch>,
): Report {
  // The second of the month after, in the morning.
  const createdMs = startOf(firstDay(month + 1) + 1) + 14 * 3_600_000;
  const rows = merchants
    .filter((merchant) => merchant.processor.id === processor.id)
    .map((merchant) => makeRow(merchant, batchesOf(merchant)));
  return { processor, month, createdMs, modifiedMs: createdMs, revision: 1, rows };
}

function makeRow(merchant: Merchant, batches: Iterable<Batch>): ResidualRow {
  let transactions = 0;
  let sales = 0;
  for (const batch of batches) {
    for (const { cents } of batch.transactions) {
      transactions += 1;
      sales += cents;
    }
  }
  const income = Math.floor(sales * 0.029);
  const expense = Math.floor(income * 0.9);
  return {
    merchant,
    name: merchant.name,
    transactions,
    sales,
    income,
    expense,
    agentNet: Math.floor((income - expense) * 0.4),
  };
}

export function makeLineItem(seed: number, month: Month, at: number, merchant: Merchant): LineItem {
  const roll = die(seed, 'line items')(month * 1_000 + at);
  const createdMs = startOf(firstDay(month + 1)) + (roll % 40_000) * 1_000;
  return {
    id: month * 10_000 + at,
    month,
    type: oneIn(2, roll) ? 'agent' : 'merchant',
    merchant,
    description: `Adjustment ${at + 1}`,
    income: (roll % 90_000) - 20_000,
    expense: roll % 1_000,
    createdMs,
    modifiedMs: createdMs,
    recurring: oneIn(4, roll),
  };
}
