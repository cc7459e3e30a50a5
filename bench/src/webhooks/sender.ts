import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'undici';
import { letterOf } from './letter.js';

/** One delivery that is to be sent. */
export interface Order {
  readonly eventId: string;
  readonly page: string;
  /** From the start, ms. */
  readonly at: number;
  /** The page is changed before it is told of: this is its e-mail address from then on. */
  readonly email?: string;
}

export interface SenderOptions {
  /** Where to deliver. */
  readonly url: string;
  readonly key: string;
  readonly databaseId: string;
  /** Of the simulator, whose pages are changed. */
  readonly vendorUrl: string;
  readonly orders: readonly Order[];
}

export interface Sent {
  readonly eventId: string;
  readonly page: string;
  /** When it was to be sent, by the machine's clock, ms; for one with a change, when the change was made. */
  readonly at: number;
  /** From there to the answer, so that a delivery which this process sends late counts as late. */
  readonly ms: number;
  readonly status: number;
  /** What the page was changed to before. */
  readonly email?: string;
}

/** Keep-alive connections: more than the vendor would have. */
const connections = 64;

/**
 * A vendor that tells of changes at the times that it is told to, whatever becomes of those before (an open loop), in a
 * process of its own. Everything is signed before the first is sent: what is measured is the receiver.
 */
process.once('message', async (options: SenderOptions) => {
  const { origin, pathname } = new URL(options.url);
  const receiver = new Pool(origin, { connections });
  const vendor = new Pool(new URL(options.vendorUrl).origin, { connections: 8 });
  const letters = options.orders.map((order) => ({ order, ...letterOf(options, order) }));
  const startedAt = performance.now() + 100;
  const wallClock = Date.now() - performance.now();

  const send = async ({ order, body, headers }: (typeof letters)[number]): Promise<Sent> => {
    const { eventId, page, email } = order;
    let due = startedAt + order.at;
    if (email !== undefined) {
      await change(vendor, page, email);
      due = performance.now();
    }
    const answer = await receiver.request({ method: 'POST', path: pathname, body, headers });
    await answer.body.dump();
    const ms = performance.now() - due;
    return { eventId, page, at: wallClock + due, ms, status: answer.statusCode, ...(email !== undefined && { email }) };
  };

  const sending: Promise<Sent>[] = [];
  for (const letter of letters) {
    const wait = startedAt + letter.order.at - performance.now();
    if (wait > 1) await pause(wait);
    sending.push(send(letter));
  }
  const sent = await Promise.all(sending);
  await Promise.all([receiver.close(), vendor.close()]);
  process.send?.(sent, () => process.disconnect());
});

async function change(vendor: Pool, page: string, email: string): Promise<void> {
  const body = JSON.stringify({ property: 'Contact Email', value: email });
  const path = `/__simulator/pages/${page}`;
  const answer = await vendor.request({ method: 'PATCH', path, body, headers: { 'content-type': 'application/json' } });
  await answer.body.dump();
  if (answer.statusCode !== 200) throw new Error(`the vendor answered ${answer.statusCode} for a change`);
}

process.send?.('ready');
