import type { BudgetWindow, Priority } from '@syncline/connector-kit';
import type { Recorder } from '@syncline/metrics';
import type { Cluster, Redis } from 'ioredis';
import type { Resolve } from './egress/resolve-public.js';

/** What a process has once. */
export interface RoadOptions {
  /** Given by the app, and closed by it. Whether it fails fast is the app's choice: no answer is awaited longer than 2 s. */
  readonly redis: Redis | Cluster;
  /** In front of every key. With a hash tag (`{syncline}`) all of them are in one slot of a Redis Cluster. */
  readonly keyPrefix: string;
  /** `host:port` that may be reached although it is private or speaks plain http. */
  readonly egressAllow: readonly string[];
  /** Names this process among the fleet, anew at each start. */
  readonly bootId: string;
  /**
   * This process is one of the workers: what it thinks of a vendor counts for all of them. Default: it does not vote,
   * and opens circuits for itself alone.
   */
  readonly votes?: boolean;
  /** Sent where the connector sets none. */
  readonly userAgent?: string;
  /** Who is told of requests, permits and circuits. Missing where nothing is measured. */
  readonly metrics?: Recorder | undefined;
  /** All addresses of a host name; default: the system's resolver. */
  readonly resolve?: Resolve;
}

/** One connection's use of the road. */
export interface LaneOptions {
  /** Requests go to this origin only. */
  readonly baseUrl: string;
  /** Under which name it is measured: the connector's id. */
  readonly vendor?: string;
  /** Stands for the credential whose quota is used, and whose circuit it is: a hash, never the secret. */
  readonly budgetKey: string;
  /** All of them hold at once. The same for everyone who uses the same `budgetKey`. */
  readonly windows: readonly BudgetWindow[];
  /** Who goes first when the budget is short. */
  readonly priority?: Priority;
  /** Ends requests and waits; what is thrown then is its reason. */
  readonly signal?: AbortSignal;
  /** For one attempt, from connecting to the last byte. PracticePanther needs minutes for a page of matters. */
  readonly deadlineMs?: number;
  /** Of the decompressed body. */
  readonly maxBodyBytes?: number;
  readonly retry?: { readonly tries?: number; readonly baseMs?: number };
  /** When the vendor is left alone, and for how long. */
  readonly circuit?: { readonly maxFailures?: number; readonly resetSeconds?: number };
  /** A permit that is further away is not waited for: BUDGET_WAIT tells when to come back. */
  readonly maxInlineWaitMs?: number;
}

export const defaults = {
  userAgent: 'syncline',
  deadlineMs: 120_000,
  maxBodyBytes: 64 * 1024 * 1024,
  tries: 3,
  baseMs: 1_000,
  maxInlineWaitMs: 1_000,
  priority: 'incremental',
  maxFailures: 5,
  resetSeconds: 60,
} as const;
