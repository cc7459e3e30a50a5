import type { Connector } from '@syncline/connector-kit';
import type { Turn, WakeUpPayload } from '@syncline/queue';
import type { ClaimedVerification, Connection } from '@syncline/store';

/** A turn over a connection's verification. */
export interface VerificationWork {
  readonly connector: Connector;
  readonly connection: Connection;
  readonly held: ClaimedVerification;
  readonly turn: Turn<WakeUpPayload>;
}

/** How far an entity was taken this time. paused: somebody has stopped the organization, or paused the connection. */
export type EntityEnd = 'done' | 'slice-over' | 'stopping' | 'paused';
