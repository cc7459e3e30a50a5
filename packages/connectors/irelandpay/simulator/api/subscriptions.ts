import { json, type Reply } from '../../../simulation/http/reply.js';
import { makeLineItem, makeReport } from '../data/residuals.js';
import type { Quirks } from '../quirks.js';
import type { SimulatorStore } from '../store.js';
import { happeningOf } from '../webhooks/events.js';
import type { Subscription, Subscriptions } from '../webhooks/subscriptions.js';
import { type ListRequest, sliceOf } from './list.js';
import { rawJson } from './raw-json.js';
import { invalid, notFound } from './refusals.js';

interface SubscriptionParts {
  readonly store: SimulatorStore;
  readonly quirks: Quirks;
  readonly subscriptions: Subscriptions;
}

interface SubscriptionRequest {
  readonly method: string;
  /** What follows `subscriptions` in the path. */
  readonly names: readonly string[];
  readonly list: ListRequest;
  readonly body: string;
}

/** Who is told of what. Throws the vendor's refusals. */
export function answerSubscriptions(
  parts: SubscriptionParts,
  { method, names, list, body }: SubscriptionRequest,
): Reply {
  const { subscriptions, quirks } = parts;
  const [id, event] = names;
  if (id === 'sample' && method === 'GET') return sample(parts, event);
  if (names.length > 1) throw notFound();
  if (id === undefined) {
    if (method === 'POST') return json(show(quirks, subscriptions.create(parsed(body))));
    if (method !== 'GET') throw notFound();
    const { data, ...envelope } = sliceOf(subscriptions.all(), list);
    return json({ data: data.map((one) => show(quirks, one)), ...envelope });
  }
  if (method === 'GET') return json(show(quirks, subscriptions.get(id)));
  if (method === 'PATCH') return json(show(quirks, subscriptions.change(id, parsed(body))));
  if (method !== 'DELETE') throw notFound();
  subscriptions.remove(id);
  return json({});
}

function show({ asSpecified }: Quirks, { deactivation_reason: reason, ...subscription }: Subscription) {
  if (reason === undefined && asSpecified) return subscription;
  return { ...subscription, deactivation_reason: reason ?? null };
}

/** What a delivery of that kind looks like. */
function sample({ store, quirks }: SubscriptionParts, event: string | undefined): Reply {
  const hook = { requestId: 1, event };
  const [merchant] = store.merchants;
  const { firstMonth } = store;
  if (event === 'api.updated') {
    const details = [{ description: 'A filter more', link: 'https://crm.example/api', type: 'update' }];
    const createdAt = '2025-01-01T12:04:40-05:00';
    return json({ hook, data: { version: '1.23.0', update: 'optional', details, createdAt } });
  }
  if (merchant === undefined) throw notFound();
  if (event === 'residuals.report.published') {
    const report = makeReport(merchant.processor, firstMonth, [], () => []);
    const { item } = happeningOf(quirks, { kind: 'published', report, added: 0, removed: 0 });
    return rawJson({ hook, data: { reports: [item] } });
  }
  if (event !== 'residuals.lineitem.added') throw notFound();
  const { item } = happeningOf(quirks, { kind: 'line item', item: makeLineItem(1, firstMonth, 0, merchant) });
  return rawJson({ hook, data: { line_items: [item] } });
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw invalid();
  }
}
