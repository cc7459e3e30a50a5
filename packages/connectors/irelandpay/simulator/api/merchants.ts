import { type Day, dayOf, isoDay, shownTime, startOf, usDay } from '../data/calendar.js';
import type { Merchant } from '../data/merchants.js';
import type { Quirks } from '../quirks.js';
import type { SimulatorStore } from '../store.js';
import { invalid } from './refusals.js';

type Shown = Record<string, unknown>;

/** A day as it is sent of a merchant. */
export function shownDay({ dates }: Quirks, merchant: Merchant, day: Day): string {
  const isUs = dates === 'us' || (dates === 'both' && merchant.at % 2 === 0);
  return isUs ? usDay(day) : isoDay(day);
}

/** Without what is null, to the letter of a specification that knows no null. */
function unlessSpecified(quirks: Quirks, fields: Shown): Shown {
  if (!quirks.asSpecified) return fields;
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

export function showMerchant(store: SimulatorStore, quirks: Quirks, merchant: Merchant): Shown {
  const day = (value: Day | null | undefined) => (value == null ? null : shownDay(quirks, merchant, value));
  const batches = store.batchDays(merchant);
  const { mid, name, group, sicCode, closed } = merchant;
  return unlessSpecified(quirks, {
    ...{ mid, name },
    opened: day(merchant.opened),
    closed: day(closed),
    created: shownTime(merchant.createdMs),
    modified: shownTime(merchant.modifiedMs),
    first_batch: day(batches?.first),
    last_batch: day(batches?.last),
    ...{ group, processor: merchant.processor.name, datasource: merchant.datasource, sic_code: sicCode },
    vim: merchant.at % 2 === 0 ? 'Yes' : 'No',
    deactivated: null,
    status: closed === null ? 'Open' : 'Closed',
    active: closed === null ? 'Yes' : 'No',
    ...merchant.poison,
  });
}

export function showDetails(store: SimulatorStore, quirks: Quirks, merchant: Merchant): Shown {
  return {
    general: showMerchant(store, quirks, merchant),
    account_information: { 'DBA Name': merchant.dbaName, 'Merchant Number': merchant.mid, Contact: 'The owner' },
    leads: merchant.leads,
  };
}

const DATES = ['opened', 'closed', 'created', 'modified', 'first_batch', 'last_batch', 'deactivated'];
const SORTED_BY = [...DATES, 'mid', 'name', 'processor', 'group', 'datasource', 'vim', 'status', 'active'];

/** The merchants that a query means, in its order; in the order they came in where it names none. */
export function queryMerchants(store: SimulatorStore, query: URLSearchParams): Merchant[] {
  const found = store.visible().filter(isMeant(store, query));
  const sortBy = query.get('sort_by');
  const direction = query.get('sort_dir') ?? 'asc';
  if ((sortBy !== null && !SORTED_BY.includes(sortBy)) || !['asc', 'desc'].includes(direction)) throw invalid();
  if (sortBy === null) return found;
  const keyed = found.map((merchant) => ({ merchant, key: sortKey(store, merchant, sortBy) }));
  const way = direction === 'asc' ? 1 : -1;
  keyed.sort((a, b) => (a.key < b.key ? -way : a.key > b.key ? way : 0));
  return keyed.map(({ merchant }) => merchant);
}

function sortKey(store: SimulatorStore, merchant: Merchant, by: string): string | number {
  if (by === 'mid' || by === 'name' || by === 'group' || by === 'datasource') return merchant[by];
  if (by === 'processor') return merchant.processor.name;
  return timeOf(store, merchant, by) ?? 0;
}

function timeOf(store: SimulatorStore, merchant: Merchant, field: string): number | undefined {
  if (field === 'modified') return merchant.modifiedMs;
  if (field === 'created') return merchant.createdMs;
  const { first, last } = store.batchDays(merchant) ?? {};
  const days: Record<string, Day | null | undefined> = {
    ...{ opened: merchant.opened, closed: merchant.closed, first_batch: first, last_batch: last },
  };
  const day = days[field];
  return day == null ? undefined : startOf(day);
}

function isMeant(store: SimulatorStore, query: URLSearchParams): (merchant: Merchant) => boolean {
  const field = query.get('date_filter');
  if (field === null) return () => true;
  const [from, to] = [query.get('start_date'), query.get('end_date')].map((text) => boundOf(field, text));
  if (!DATES.includes(field) || from === undefined || to === undefined) throw invalid();
  return (merchant) => {
    const time = timeOf(store, merchant, field);
    // Seen and compared in whole seconds.
    return time !== undefined && Math.floor(time / 1_000) * 1_000 >= from && Math.floor(time / 1_000) * 1_000 <= to;
  };
}

const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}[+-]\d{2}:\d{2}$/;

function boundOf(field: string, text: string | null): number | undefined {
  if (text === null) return undefined;
  if (field === 'created' || field === 'modified') return MOMENT.test(text) ? Date.parse(text) : undefined;
  const day = dayOf(text);
  return day === undefined ? undefined : startOf(day);
}
