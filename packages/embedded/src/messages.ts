/** What the caller's process and the keeper tell each other over their IPC channel. */
import type { EmbeddedPart } from './options.js';

export interface StartRequest {
  type: 'start';
  /** Absolute, without symbolic links. */
  home: string;
  postgres: boolean;
  redis: boolean;
  ephemeral: boolean;
}

export type ToKeeper = StartRequest | { type: 'stop' };

export type FromKeeper =
  | { type: 'step'; line: string }
  | { type: 'ready'; databaseUrl?: string; redisUrl?: string }
  | { type: 'failed'; message: string; hint: string }
  | { type: 'part-ended'; part: EmbeddedPart; detail: string };
