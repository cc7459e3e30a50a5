import { json, Refusal, type Reply } from '../../../simulation/http/reply.js';
import { type Month, monthOf } from '../data/calendar.js';
import { type Merchant, PROCESSORS } from '../data/merchants.js';
import type { Quirks } from '../quirks.js';
import type { SimulatorStore } from '../store.js';
import type { Subscriptions } from '../webhooks/subscriptions.js';
import type { Admission } from './admission.js';
import { type ListRequest, sliceOf } from './list.js';
import { queryMerchants, showDetails, showMerchant } from './merchants.js';
import { rawJson } from './raw-json.js';
import { invalid, notFound } from './refusals.js';
import { showLineItem, showRow, showSummary } from './residuals.js';
import { answerSubscriptions } from './subscriptions.js';
import { listBatches } from './transactions.js';

export interface ApiParts {
  readonly store: SimulatorStore;
  readonly subscriptions: Subscriptions;
  readonly quirks: Quirks;
  readonly admission: Admission;
  readonly origin: () => string;
  /** How many requests there were. */
  readonly turn: () => number;
}

/** A request, as far as the API looks at it. */
export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly key: string | undefined;
  readonly body: string;
}

/** Answers a request, with the headers that all answers have. Throws the vendor's refusal. */
export function answerApi(parts: ApiParts, request: ApiRequest): Reply {
  const headers = parts.admission.count();
  try {
    parts.admission.admit(request.key);
    const reply = route(parts, request);
    return { ...reply, headers: { ...reply.headers, ...headers } };
  } catch (error) {
    if (error instanceof Refusal) error.reply.headers = { ...error.reply.headers, ...headers };
    throw error;
  }
}

function route(parts: ApiParts, { method, path, query, body }: ApiRequest): Reply {
  const { store, quirks } = parts;
  const [api, version, ...rest] = path.split('/').filter(Boolean).map(unescaped);
  if (api !== 'api' || version !== 'v1') throw notFound();
  const request = listRequest(parts, path, query);
  const [resource, ...names] = rest;
  if (resource === 'subscriptions') return answerSubscriptions(parts, { method, names, list: request, body });
  if (method !== 'GET') throw notFound();
  if (resource === 'processors' && names.length === 0) {
    return json({ processors: PROCESSORS.map(({ name, datasources }) => ({ name, datasources })) });
  }
  if (resource === 'residuals') return residuals(parts, names, request);
  if (resource !== 'merchants') throw notFound();
  const [mid, part] = names;
  if (mid === undefined) {
    const { data, ...envelope } = sliceOf(queryMerchants(store, query), request, true);
    const shown = data.map((one) => ({ ...showMerchant(store, quirks, one), leads: one.leads }));
    return rawJson({ data: shown, ...envelope });
  }
  const merchant = visibleMerchant(store, mid);
  if (part === undefined) return rawJson(showDetails(store, quirks, merchant));
  if (part !== 'transactions' || names.length > 2) throw notFound();
  return rawJson(listBatches(store, quirks, merchant, request, parts.turn()));
}

function residuals({ store, quirks }: ApiParts, names: readonly string[], request: ListRequest): Reply {
  const [what, kind, ...rest] = names;
  if (what === 'lineitems') {
    const items = sliceOf(store.lineItems(monthAsked(kind, rest[0])), request);
    return rawJson({ ...items, data: items.data.map((item) => showLineItem(quirks, item)) });
  }
  if (what !== 'reports' || kind !== 'summary') throw notFound();
  if (rest[0] !== 'rows') {
    const summaries = sliceOf(store.reports(monthAsked(rest[0], rest[1])), request);
    return rawJson({ ...summaries, data: summaries.data.map((report) => showSummary(quirks, report)) });
  }
  const report = store.report(Number(rest[1]), monthAsked(rest[2], rest[3]));
  const hideIdle = request.query.get('hide_null_merchants') !== 'false';
  const rows = (report?.rows ?? []).filter(
    ({ transactions, merchant }) => merchant.visible && (transactions > 0 || !hideIdle),
  );
  const page = sliceOf(rows, request, true);
  return rawJson({ ...page, data: page.data.map((row) => showRow(quirks, row)) });
}

function listRequest({ quirks, origin, turn }: ApiParts, path: string, query: URLSearchParams): ListRequest {
  const lastPageAsText = quirks.lastPage === 'both' ? turn() % 2 === 0 : quirks.lastPage === 'text';
  return { address: `${origin()}${path}`, query, lastPageAsText, asSpecified: quirks.asSpecified };
}

function visibleMerchant(store: SimulatorStore, mid: string): Merchant {
  const merchant = store.merchant(mid);
  if (merchant === undefined || !merchant.visible) throw notFound();
  return merchant;
}

function monthAsked(year = '', month = ''): Month {
  if (!/^\d{4}$/.test(year) || !/^(?:[1-9]|1[0-2])$/.test(month)) throw invalid();
  return monthOf(Number(year), Number(month));
}

function unescaped(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw notFound();
  }
}
