import type { Connector } from '@syncline/connector-kit';
import {
  type Connection,
  changeHistory,
  type Db,
  endWindowJob,
  type History,
  lockHistory,
  readClock,
  readWindowJob,
} from '@syncline/store';
import { settleWindow } from './settle-window.js';

type Owner = Pick<Connection, 'id' | 'organizationId'>;

/**
 * Makes room for another sync of the connection: a window of its history that is being read ends here, with all that was
 * committed, and goes on later at its checkpoint. So nobody is ever refused, or has to wait, because of the history. In the
 * transaction that creates the other job. Does nothing where no window is being read.
 */
export async function giveWay(trx: Db, connector: Connector, { id, organizationId }: Owner): Promise<void> {
  if (connector.history === undefined) return;
  const history = await lockHistory(trx, organizationId, id);
  if (history !== undefined) await cutWindow(trx, connector, history, 'another sync of the connection');
}

/**
 * Ends the job of the window that is being read, and keeps what is left of it. In the transaction that holds the history's
 * lock. A job that has ended by itself is left to those who look at that (`carryOnHistory`).
 */
export async function cutWindow(trx: Db, connector: Connector, history: History, why: string): Promise<void> {
  if (!(await endWindowJob(trx, history, why))) return;
  const job = await readWindowJob(trx, history);
  if (job === undefined) return;
  await changeHistory(trx, history.id, settleWindow(connector, history, job, await readClock(trx), { yielded: true }));
}
