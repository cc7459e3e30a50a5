import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { message } from '../child.js';
import { openRig, type Rig } from '../rig.js';
import type { Order, SenderOptions, Sent } from './sender.js';

/** A simulated Notion whose clients are all in the table, and an API that it delivers to. */
export interface Agency {
  readonly rig: Rig;
  readonly api: { readonly url: string; readonly pid: number };
  /** Pages that are there, in no particular order. */
  readonly pages: readonly string[];
  readonly key: string;
  /** Changes settings of the connection, for good. */
  set(settings: object): Promise<void>;
  /** What the vendor allows; null for all. */
  setQuota(quota: { readonly requests: number; readonly windowSeconds: number } | null): Promise<void>;
  /** What was asked of the vendor since it was asked last, and how often he has refused. */
  asked(): Promise<{ readonly requests: number; readonly refused: number }>;
  deliver(orders: readonly Order[]): Promise<readonly Sent[]>;
}

const key = 'secret_of-a-simulated-subscription';
const sender = fileURLToPath(new URL('./sender.js', import.meta.url));

/** Syncs so many clients in full before it gives the agency back, without a limit and without the pages' texts. */
export async function openAgency(clients: number): Promise<Agency> {
  const rig = await openRig({
    ...{ vendor: 'notion', simulator: ['--clients', String(clients)] },
    environment: { NOTION_WEBHOOK_SECRET: key },
  });
  const vendor = rig.vendors[0]?.url ?? '';
  const control = async (method: string, path: string, body?: object) => {
    const init = { method, ...(body && { body: JSON.stringify(body) }) };
    const answer = await fetch(new URL(`/__simulator/${path}`, vendor), init);
    if (!answer.ok) throw new Error(`the simulator answered ${answer.status} for ${path}`);
    return answer.json() as Promise<unknown>;
  };
  try {
    const api = await rig.startApi();
    const { db, connection } = rig;
    const set = async (settings: object) => {
      const more = JSON.stringify(settings);
      await sql`update connections set settings = settings || ${more}::jsonb where id = ${connection.id}`.execute(db);
    };
    const setQuota: Agency['setQuota'] = async (quota) => void (await control('PUT', 'quirks', { quota }));
    await setQuota(null);
    await set({ requestsPerSecond: 1_000, pageBodies: 'never' });
    await rig.fullSync();
    const { rows } = await sql<{ id: string }>`
      select notion_page_id as id from clients where deleted_at is null order by 1`.execute(db);
    let before = { requests: 0, refused: 0 };
    const asked = async () => {
      const { requests, quotaRefused } = (await control('GET', 'state')) as { requests: number; quotaRefused: number };
      const since = { requests: requests - before.requests, refused: quotaRefused - before.refused };
      before = { requests, refused: quotaRefused };
      return since;
    };
    const deliver = (orders: readonly Order[]) =>
      send({
        ...{ key, orders, databaseId: rig.vendors[0]?.databaseId ?? '', vendorUrl: vendor },
        url: `${api.url}/api/webhooks/notion/${connection.id}`,
      });
    return { rig, api, pages: rows.map(({ id }) => id), key, set, setQuota, asked, deliver };
  } catch (error) {
    await rig.close();
    throw error;
  }
}

async function send(options: SenderOptions): Promise<readonly Sent[]> {
  const child = fork(sender, [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  await message(child);
  const answered = message<readonly Sent[]>(child);
  const exited = once(child, 'exit');
  child.send(options);
  const sent = await answered;
  await exited;
  return sent;
}

/** Waits until nothing of the ledger is open, and gives how long that took, ms. */
export async function settled({ rig: { db } }: Agency): Promise<number> {
  const startedAt = performance.now();
  for (;;) {
    const { rows } = await sql<{ open: boolean }>`
      select exists (select from webhook_deliveries where status <> 'done') as open`.execute(db);
    if (rows[0]?.open === false) return performance.now() - startedAt;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** How many of these pages have another e-mail address in the table than they were given last. */
export async function wrongRows({ rig: { db } }: Agency, sent: readonly Sent[]): Promise<number> {
  const changes = sent.filter(({ email }) => email !== undefined).sort((a, b) => a.at - b.at);
  const truth = Object.fromEntries(changes.map(({ page, email }) => [page, email]));
  const { rows } = await sql<{ wrong: number }>`
    select count(*) as wrong from jsonb_each_text(${JSON.stringify(truth)}::jsonb) as t
    left join clients c on c.notion_page_id = t.key and c.deleted_at is null
    where c.contact_email is distinct from t.value`.execute(db);
  return rows[0]?.wrong ?? Number.NaN;
}
