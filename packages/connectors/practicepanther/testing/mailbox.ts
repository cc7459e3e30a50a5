import { type ErrorCode, type Page, SyncError, type VendorClient, withSettings } from '@syncline/connector-kit';
import { emails } from '../entities/emails.js';
import { practicePantherSettings } from '../settings.js';
import { ScriptedList } from './scripted-list.js';

const day = 86_400_000;

/** The vendor's present, in milliseconds. */
export const now = Date.parse('2025-06-20T12:00:00Z');

/** A vendor's emails: a list without bodies, and each for itself with one. */
export class Mailbox {
  readonly list = new ScriptedList();
  /** The ids that were asked for, in order. */
  readonly askedFor: string[] = [];
  /** What becomes of a request for one email; undefined for an ordinary answer. */
  fault: (id: string, asked: number) => ErrorCode | undefined = () => undefined;

  /** Emails named by their numbers; `daysAgo` is when each was changed. */
  constructor(daysAgo: readonly number[]) {
    daysAgo.forEach((days, i) => {
      this.list.put(`e${String(i).padStart(3, '0')}`, { time: now - days * day });
    });
  }

  readonly client: VendorClient = {
    post: () => Promise.reject(new Error('nothing is posted to this vendor')),
    get: async (url, query) => {
      if (url === 'emails') return { ...(await this.list.client.get(url, query)), vendorTime: new Date(now) };
      const id = decodeURIComponent(url.slice('emails/'.length));
      const asked = this.askedFor.push(id);
      // Later than whoever asks at the same time.
      await Promise.resolve();
      const code = this.fault(id, asked);
      if (code !== undefined) throw new SyncError(code);
      return { json: { id, body_html: `<p>${id}</p>` }, lossless: false, vendorTime: new Date(now) };
    },
  };

  /** One page, for a connection with these settings. */
  read(
    settings: Record<string, unknown>,
    since: Date | undefined,
    cursor?: Page['next'],
    pageSize = 100,
  ): Promise<Page> {
    const entity = withSettings(emails, practicePantherSettings.parse(settings));
    return entity.fetchPage({ client: this.client, cursor, since, pageSize });
  }

  /** Every page, with each cursor going through JSON; a failure is the end. Emails by their ids. */
  async readAll(settings: Record<string, unknown>, since?: Date, pageSize = 100) {
    const records = new Map<string, Record<string, unknown>>();
    let cursor: Page['next'];
    let handed = 0;
    do {
      const page = await this.read(settings, since, cursor, pageSize);
      handed += page.records.length;
      for (const record of page.records as Record<string, unknown>[]) records.set(String(record['id']), record);
      cursor = page.next && JSON.parse(JSON.stringify(page.next));
    } while (cursor !== undefined);
    return { records, handed };
  }
}
