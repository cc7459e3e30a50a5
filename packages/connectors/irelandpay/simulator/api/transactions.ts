import { type Day, dayOf, usDay } from '../data/calendar.js';
import type { Batch } from '../data/ledger.js';
import type { Merchant } from '../data/merchants.js';
import type { Quirks } from '../quirks.js';
import type { SimulatorStore } from '../store.js';
import { type ListRequest, sliceOf } from './list.js';
import { shownDay } from './merchants.js';
import { invalid } from './refusals.js';

/** A merchant's batches in the window asked for, a page of them, each with its transactions. */
export function listBatches(
  store: SimulatorStore,
  quirks: Quirks,
  merchant: Merchant,
  request: ListRequest,
  turn: number,
) {
  const from = dayAsked(request.query, 'start_date', 0);
  const to = dayAsked(request.query, 'end_date', 1_000_000);
  const found = store.batches(merchant, from, to);
  const ordered = quirks.unstableOrder ? rotated(found, turn * 7) : found;
  const { data, ...rest } = sliceOf(ordered, request);
  const day = (value: Day) => shownDay(quirks, merchant, value);
  return {
    data: data.map((batch) => showBatch(batch, day, quirks)),
    adjustments:
      found.length === 0 ? [] : [{ date: usDay(found[0]?.day ?? 0), type: 'Deposit adjustments', amount: '-5.00' }],
    ...rest,
  };
}

function showBatch({ day, reference, terminal, transactions }: Batch, shown: (day: Day) => string, quirks: Quirks) {
  const sum = transactions.reduce((cents, one) => cents + one.cents, 0);
  return {
    date: shown(day),
    reference_number: reference,
    amount: money(sum),
    count: String(transactions.length),
    terminal_number: terminal,
    transactions: transactions.map((one) => ({
      id: one.id,
      date: shown(one.day),
      type: one.type,
      amount: money(one.cents),
      cardholder: one.cardholder,
      auth_code: one.authCode,
      pos_entry_mode: one.posEntryMode,
      invoice_number: one.invoiceNumber,
      void_reject_chargeback: one.rejected !== null,
      ...(one.rejected === null && quirks.asSpecified ? {} : { reject_description: one.rejected }),
    })),
  };
}

/** Cents as dollars, exactly. */
export function money(cents: number): string {
  const digits = String(Math.abs(cents)).padStart(3, '0');
  return `${cents < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

function dayAsked(query: URLSearchParams, name: string, otherwise: Day): Day {
  const text = query.get(name);
  if (text === null) return otherwise;
  const day = dayOf(text);
  if (day === undefined) throw invalid();
  return day;
}

function rotated<T>(list: readonly T[], by: number): readonly T[] {
  const at = list.length === 0 ? 0 : by % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}
