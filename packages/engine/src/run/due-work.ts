import type { Turn, Verdict, WakeUpPayload } from '@syncline/queue';
import { type Connection, findRecoverable, type ItemPlace, isTransientDatabaseError } from '@syncline/store';
import type { EngineContext } from '../context.js';
import { serviceRest } from './service-rest.js';

/** Work on single records that waits in Postgres: failed items, signals of webhooks. */
export interface DueWork {
  /** Takes over what a turn that died has left in hand: there is one such job of a place at a time. */
  readonly takeOver: (ctx: EngineContext, place: ItemPlace) => Promise<void>;
  /** Takes some of it in hand and does what can be done; gives a verdict when nothing is left to do for now. */
  readonly takeBatch: (ctx: EngineContext, turn: DueTurn) => Promise<Verdict | undefined>;
}

export interface DueTurn {
  readonly turn: Turn<WakeUpPayload>;
  readonly place: ItemPlace;
  readonly connection: Connection;
}

/**
 * One turn over what is due of one entity of one connection, batch by batch, until nothing is. While the organization is
 * stopped, or the connection cannot work, all of it stays as it is. Services of ours being away costs no attempt.
 */
export async function workOnDue(ctx: EngineContext, turn: Turn<WakeUpPayload>, work: DueWork): Promise<Verdict> {
  const { organizationId, connectionId, entity } = turn.payload;
  const place: ItemPlace = { organizationId, connectionId, entity };
  const scoped = { ...ctx, log: ctx.log.child({ organizationId, connectionId, entity: entity || undefined }) };
  try {
    await work.takeOver(scoped, place);
    for (;;) {
      if (turn.signal.aborted) return { kind: 'hand-back' };
      const connection = await findRecoverable(ctx.db, place);
      if (connection === undefined) return { kind: 'done' };
      const verdict = await work.takeBatch(scoped, { turn, place, connection });
      if (verdict !== undefined) return verdict;
      if (await turn.othersWait()) return { kind: 'yield' };
    }
  } catch (error) {
    if (isTransientDatabaseError(error)) return serviceRest(scoped, error);
    throw error;
  }
}
