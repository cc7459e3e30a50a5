import type { Schemas } from '@syncline/client';
import type { auditQuery } from './administration.js';
import type { connectionEntitiesQuery } from './connections.js';
import type { itemHistoryQuery } from './failed-items.js';
import type { overviewQuery } from './overview.js';
import type { jobLogQuery, syncsQuery } from './syncs.js';

/** What a question is answered with. */
type Answer<Options> = Options extends { queryFn?: infer Ask }
  ? Ask extends (...args: never[]) => infer Given
    ? Awaited<Given>
    : never
  : never;

/** What pages show, by the names of the API's document where it has one. */
export type SyncJob = Schemas['SyncJob'];
export type EntityRun = SyncJob['entities'][number];
export type Connection = Schemas['Connection'];
export type Connector = Schemas['Connector'];
export type Circuit = Schemas['Circuit'];
export type History = Schemas['History'];
export type FailedItem = Schemas['FailedItem'];
export type ItemHistory = Answer<ReturnType<typeof itemHistoryQuery>>;
export type ItemEvent = ItemHistory['data'][number];
export type Verification = Schemas['Verification'];
export type Webhook = Schemas['Webhook'];
export type WebhookDelivery = Schemas['WebhookDelivery'];
export type Finding = Schemas['Finding'];
export type Schedule = Schemas['Schedule'];
export type Overview = Answer<ReturnType<typeof overviewQuery>>;
export type ConnectionOverview = Overview['data'][number];
export type ConnectionEntity = Answer<ReturnType<typeof connectionEntitiesQuery>>[number];
export type LogLine = Answer<ReturnType<typeof jobLogQuery>>['data'][number];
export type AuditEntry = Answer<ReturnType<typeof auditQuery>>['data'][number];
export type ListedSync = Answer<ReturnType<typeof syncsQuery>>['data'][number];

/** As `event: jobs` of the stream tells it. */
export interface LiveJob {
  readonly id: string;
  readonly connectionId: string;
  readonly connectionName: string;
  readonly connector: string;
  readonly status: string;
  readonly percent: number | null;
  readonly entity: string | null;
  readonly recordsRead: number;
  readonly recordsFailed: number;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly holdup: string | null;
}

export type Alert = Schemas['Alert'];
export type ApiKey = Schemas['ApiKey'];
export type Member = Schemas['Member'];
export type Organization = Schemas['Organization'];
