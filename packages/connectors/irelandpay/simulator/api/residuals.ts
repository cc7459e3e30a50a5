import { shownTime } from '../data/calendar.js';
import type { LineItem, Report, ResidualRow } from '../data/residuals.js';
import type { Quirks } from '../quirks.js';
import { digits } from './raw-json.js';
import { money } from './transactions.js';

/** Cents as a number of dollars: with its cents, or whole where the specification says that it is. */
function dollars({ asSpecified }: Quirks, cents: number): string {
  return digits(asSpecified ? String(Math.round(cents / 100)) : money(cents));
}

export function showSummary(quirks: Quirks, { processor, rows, createdMs, modifiedMs }: Report) {
  const sum = (of: (row: ResidualRow) => number) => rows.reduce((total, row) => total + of(row), 0);
  const amount = (cents: number) => digits(money(cents));
  return {
    processor_id: processor.id,
    name: processor.name,
    created: shownTime(createdMs),
    created_by: 4,
    modified: shownTime(modifiedMs),
    modified_by: 4,
    merchants_count: rows.length,
    sum_transactions: sum(({ transactions }) => transactions),
    sum_sales_amount: amount(sum(({ sales }) => sales)),
    sum_income: amount(sum(({ income }) => income)),
    sum_expense: amount(sum(({ expense }) => expense)),
    sum_net: amount(sum(({ income, expense }) => income - expense)),
    sum_bps: 2.9,
    sum_agent_net: dollars(
      quirks,
      sum(({ agentNet }) => agentNet),
    ),
  };
}

/** Merchant numbers are numbers here, however long, and so without zeros in front. */
export function showRow(
  quirks: Quirks,
  { merchant, name, transactions, sales, income, expense, agentNet }: ResidualRow,
) {
  return {
    merchant: name,
    transactions,
    sales_amount: dollars(quirks, sales),
    income: dollars(quirks, income),
    expense: dollars(quirks, expense),
    net: dollars(quirks, income - expense),
    bps: quirks.asSpecified ? 3 : 2.9,
    users: true,
    percentage: 40,
    agent_net: dollars(quirks, agentNet),
    mid: digits(merchant.mid.replace(/^0+/, '')),
  };
}

export function showLineItem(quirks: Quirks, item: LineItem) {
  const net = dollars(quirks, Math.floor((item.income - item.expense) * 0.4));
  const person = { user_id: 8, username: 'jwest', full_name: 'June West' };
  return {
    id: item.id,
    type: item.type,
    item_id: item.id + 1,
    user: { ...person, class: 'Agent', is_active: 1 },
    merchant: { mid: item.merchant.mid, dba: item.merchant.dbaName },
    related_mid: digits(item.merchant.mid.replace(/^0+/, '')),
    related_dba: item.merchant.dbaName,
    description: item.description,
    income: dollars(quirks, item.income),
    expense: dollars(quirks, item.expense),
    percentage: 40,
    agent_net: net,
    is_recurring: item.recurring,
    created: shownTime(item.createdMs),
    modified: shownTime(item.modifiedMs),
    agents: [{ ...person, agent_net: net, percentage: 40 }],
    ...(item.recurring && {
      recurring_start_date: shownTime(item.createdMs),
      recurring_payment_count: 1,
      ...(quirks.asSpecified ? {} : { recurring_max_payment_count: null }),
      recurring_period: 'monthly',
    }),
  };
}
