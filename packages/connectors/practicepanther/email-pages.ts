import { addTo, type Page, type PageRequest, readCursor } from '@syncline/connector-kit';
import { z } from 'zod';
import { type EmailBody, readBodies } from './email-bodies.js';
import { placeOf, walkPage } from './page-walk.js';
import { field, timeOf } from './record-times.js';
import type { PracticePantherSettings } from './settings.js';

/** Where the list stands, and which emails of its next page are through. */
const emailCursor = z.object({
  walk: z.record(z.string(), z.unknown()).optional(),
  done: z.array(z.string()),
});

/** More would be asked for again after a crash, and would keep a worker that is to stop for long. */
const mostAPage = 100;

/**
 * A page of the list, with the bodies that are wanted. When the bodies cannot be read to the end, because the budget is
 * used up for instance, the page is handed over as far as it goes, and the next one begins there: requests that were
 * spent are not spent again.
 */
export async function fetchEmails(request: PageRequest<PracticePantherSettings>): Promise<Page> {
  const { walk, done } = request.cursor === undefined ? { done: [] } : readCursor(emailCursor, request.cursor);
  const pageSize = Math.min(request.pageSize, mostAPage);
  const page = await walkPage(
    { path: 'emails', timed: true, archivable: false },
    { ...request, cursor: walk, pageSize },
  );
  const left = page.records.filter((record) => !done.includes(placeOf(record)));
  const wanted = left.filter((record) => wantsBody(record, request, page.vendorTime)).map(idOf);
  const { bodies, lossless, stoppedBy } = await readBodies(request.client.patient ?? request.client, wanted);
  const unread = new Set(wanted.filter((id) => !bodies.has(id)));
  const ready = left.filter((record) => !unread.has(idOf(record)));
  if (unread.size > 0 && ready.length === 0) throw stoppedBy;
  const onward = page.next && { walk: page.next, done: [] };
  return {
    records: ready.map((record) => withBody(record, bodies.get(idOf(record)))),
    lossless: page.lossless || lossless,
    next: unread.size > 0 ? { walk, done: [...done, ...ready.map(placeOf)] } : onward,
    vendorTime: page.vendorTime,
  };
}

/** Whether an email is asked for by its id. One request each: see docs/vendors/practicepanther.md for what that costs. */
function wantsBody(
  record: unknown,
  { since, settings }: PageRequest<PracticePantherSettings>,
  vendorTime: Date | undefined,
): boolean {
  const { emailBodies = 'changed', lookBackDays = 7 } = settings ?? {};
  if (emailBodies === 'never' || idOf(record) === '' || isListedWithBody(record)) return false;
  if (emailBodies === 'always' || since !== undefined) return true;
  // A full sync moves the watermark as well. What had changed since the last one has changed within the look-back, or
  // there was no watermark to speak of.
  const oldest = (vendorTime ?? new Date()).getTime() - lookBackDays * 86_400_000;
  return !(timeOf(field(record, 'updated_at')) < oldest);
}

/** Documented otherwise; but if it is there, nobody has to ask for it. */
function isListedWithBody(record: unknown): boolean {
  return (record as Record<string, unknown> | null)?.['body_html'] !== undefined;
}

/** Empty for what has none, which is nobody to ask for. */
function idOf(record: unknown): string {
  return field(record, 'id') ?? '';
}

/** What is no email is left as it is, for the mapping to refuse. */
function withBody(record: unknown, body: EmailBody | undefined): unknown {
  if (body === undefined) return record;
  const { replaced, ...added } = body;
  return addTo(record as object, added, replaced);
}
