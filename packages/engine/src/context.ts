import type { Connector, Entity } from '@syncline/connector-kit';
import type { Road } from '@syncline/http';
import type { Recorder } from '@syncline/metrics';
import type { DeadLetters, Flows, Marks, Queues, Schedules, WakeUps } from '@syncline/queue';
import type { Db, Vault } from '@syncline/store';
import type { Logger } from 'pino';
import type { AlertWebhook } from './alerts/webhook-signature.js';
import type { RecoveryPolicy } from './recovery/policy.js';

/**
 * The points of an entity run at which the death of its process has consequences of its own: the run is claimed; pages
 * are read and not yet written; they are written and not yet committed; committed; all of them are; the run has ended
 * and the queue does not know it yet.
 */
export type Boundary = 'claimed' | 'fetched' | 'in-transaction' | 'committed' | 'all-pages-read' | 'ended';

/** What the engine is given by the app it runs in. It names no vendor and opens nothing itself. */
export interface EngineContext {
  readonly db: Db;
  readonly vault: Vault;
  readonly road: Road;
  readonly flows: Flows;
  readonly queues: Queues;
  /** Wakes whoever tries failed items again. */
  readonly recovery: WakeUps;
  /** Wakes whoever asks for records again that webhooks told of. */
  readonly refetches: WakeUps;
  /** Wakes whoever holds the vendor's records against the rows. */
  readonly verifications: WakeUps;
  readonly deadLetters: DeadLetters;
  readonly recoveryPolicy: RecoveryPolicy;
  /** Missing where the scheduler is switched off. */
  readonly schedules?: Schedules;
  /** How long the history is kept. Missing where nothing is cleared away by itself. */
  readonly retentionDays?: number;
  /** Missing where nobody is told of alerts but the log. */
  readonly alertWebhook?: AlertWebhook;
  /** Who is told of what happens here. Missing where nothing is measured. */
  readonly metrics?: Recorder;
  readonly connectors: readonly Connector[];
  readonly log: Logger;
  /** Random for each start of a process: who holds an entity run is known by it, never by host and pid. */
  readonly bootId: string;
  /** Called, and waited for, at each boundary of an entity run. For tests that kill or halt a process there. */
  readonly onBoundary?: ((boundary: Boundary, entity: string) => void | Promise<void>) | undefined;
}

/** What whoever works on jobs is given beside it. */
export interface WorkContext extends EngineContext {
  /** Whose the queues are. */
  readonly marks: Marks;
}

/** The connector of that id. Throws Error when this release does not have it. */
export function connectorOf(ctx: Pick<EngineContext, 'connectors'>, id: string): Connector {
  const connector = ctx.connectors.find((candidate) => candidate.id === id);
  if (connector === undefined) throw new Error(`This release has no connector ${id}`);
  return connector;
}

/** Every entity of every connector, for those who look after queues. */
export function allEntities(ctx: Pick<EngineContext, 'connectors'>): { connector: Connector; entity: Entity }[] {
  return ctx.connectors.flatMap((connector) => connector.entities.map((entity) => ({ connector, entity })));
}
