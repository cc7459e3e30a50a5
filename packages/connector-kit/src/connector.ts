import type { z } from 'zod';
import type { AuthStrategy } from './auth/strategy.js';
import type { ConnectorMode } from './connector-mode.js';
import type { DefaultSchedule } from './default-schedule.js';
import type { ErrorCode } from './errors/catalogue.js';
import type { FreshnessSettings } from './freshness-settings.js';
import type { RecordMapping } from './record/map-record.js';
import type { Refresh } from './refresh.js';
import type { RoadSettings } from './road-settings.js';
import type { SweepSettings } from './sweep-settings.js';
import type { TableDeclaration } from './table.js';
import type { BudgetWindow, VendorRequest, VendorResponse } from './transport.js';
import type { WebhookSource } from './webhook/webhook-source.js';

/** A vendor's cursor, as JSON: where the next page starts. Only the entity that made it knows its inside. */
export type Cursor = Readonly<Record<string, unknown>>;

/** The vendor's API as a connector sees it: authenticated, budgeted, retried; answers are parsed JSON. */
export interface VendorClient {
  /** Throws SyncError for every answer that is not 2xx JSON. */
  get(url: string, query?: VendorRequest['query']): Promise<VendorAnswer>;
  /**
   * The same for vendors that take the question of a list as a body. Nothing may change at the vendor by it: like a GET
   * it is sent again when it fails.
   */
  post(url: string, json: unknown): Promise<VendorAnswer>;
  /** The same for requests that may wait for all others when the budget is short. Undefined where there is no such way. */
  readonly patient?: VendorClient;
  /**
   * The same for what a record needs besides, once its first request was made: a budget that is short is waited for, up to
   * half a minute, instead of giving the turn back. Who gave it back would begin at the first request again, and a record
   * that needs more of them than a window of the budget has would never be read. Undefined where there is no such way.
   */
  readonly onward?: VendorClient;
}

export interface VendorAnswer {
  readonly json: unknown;
  /** The JSON holds LosslessNumber objects. */
  readonly lossless: boolean;
  readonly vendorTime: Date | undefined;
}

/** A span of time, both ends included. */
export interface Span {
  readonly from: Date;
  /** Undefined: up to the vendor's present. */
  readonly to: Date | undefined;
}

/** Records that belong together by what they are about and by a span of time. */
export interface Scope {
  /** One of the entity's `scopes`. */
  readonly name: string;
  readonly from: Date;
  readonly to: Date;
}

export interface PageRequest<Settings = SyncSettings> {
  readonly client: VendorClient;
  /** Undefined for the first page. */
  readonly cursor: Cursor | undefined;
  /** Only records changed at or after it; undefined for all. */
  readonly since: Date | undefined;
  /**
   * Given, `since` is where it begins, and nothing is wanted but records whose time of change lies in it: they are sorted
   * out here, where the vendor cannot do it. Records without such a time come along.
   */
  readonly span?: Span | undefined;
  /** Given, nothing is wanted but what belongs to it, whenever it changed. Only for entities that declare it. */
  readonly scope?: Scope | undefined;
  /** Records a page. */
  readonly pageSize: number;
  /** The connection's; undefined where nobody has given the entity any (see `withSettings`): defaults count then. */
  readonly settings?: Settings | undefined;
}

export interface Page {
  readonly records: readonly unknown[];
  readonly lossless: boolean;
  /** Undefined after the last page. */
  readonly next: Cursor | undefined;
  readonly vendorTime: Date | undefined;
  /** Parts of the vendor's records of which this page has all that there are. */
  readonly partitions?: readonly Partition[];
  /** Records of other entities that came in the same answers, by the entities' names (`Entity.brings`). */
  readonly along?: Readonly<Record<string, readonly unknown[]>>;
}

/**
 * Records that are published together, such as a month's report: by the values that columns of theirs have in common, as
 * text. Rows of it that the page does not have are marked as deleted in the transaction that writes the page. So only a
 * page that holds the whole of it may say so, and one that was checked: there is no brake.
 */
export type Partition = Readonly<Record<string, string>>;

export interface Entity {
  readonly name: string;
  /** Entities of the same connector that are synced before this one. */
  readonly dependsOn: readonly string[];
  readonly table: TableDeclaration;
  readonly mapping: RecordMapping<unknown>;
  readonly fetchPage: (request: PageRequest) => Promise<Page>;
  /**
   * One record by its vendor id, for failed ones to be tried again as they are now. Without it they are tried with the
   * payload that was kept. Throws what the client throws; an answer of 404 or 410 means that the record is gone.
   */
  readonly fetchOne?: (client: VendorClient, id: string, settings?: SyncSettings) => Promise<VendorAnswer>;
  /** Names of the scopes that `fetchPage` knows, by which a mode can ask for a part of the records. */
  readonly scopes?: readonly string[];
  /**
   * False: a full sync does not read all that there ever was, and what it has not met is not gone. What is gone, pages
   * say (`Page.partitions`).
   */
  readonly sweeps?: false;
  /**
   * Entities whose records come along with its pages, because the vendor nests them. They are written in the same
   * transactions, and count for their own entities. Each is declared after it and depends on it; its own run has nothing
   * left to read, and says when all of it is there.
   */
  readonly brings?: readonly string[];
  /**
   * It reaches further back than a first sync should have to read. Where nothing is known of it, an incremental sync reads
   * its trailing window only, and what was before comes by itself, in windows of a month (`Connector.history`). So its
   * `fetchPage` knows spans. A full sync reads all of it, as of any other. What it brings is declared so, too.
   */
  readonly history?: true;
}

/** Settings that every connection has, whatever its connector. */
export interface SyncSettings extends RoadSettings, SweepSettings, FreshnessSettings {
  /** Where the vendor's API is; undefined where the connector knows it from the credentials (`Connector.baseUrl`). */
  readonly baseUrl?: string | undefined;
  readonly pageSize: number;
  /** A run ends as partial after so many pages; 0 for no cap. */
  readonly maxPages: number;
  /** How far an incremental run reaches back behind its watermark, for changes that the vendor publishes late. */
  readonly overlapSeconds: number;
  /** A watermark older than this is not trusted: the entity is synced in full. */
  readonly lookBackDays: number;
  /** A run ends as partial before an entity has more open failed items than this; 0 for no cap. */
  readonly maxOpenFailedItems: number;
}

/** A variable of the environment, as one schema describes them all. */
export interface EnvironmentVariable {
  readonly schema: z.ZodType;
  readonly doc: string;
  readonly secret?: boolean;
}

/** A connection that the environment describes, so that an operator with one account needs no API call for it. */
export interface ConnectorEnvironment {
  readonly variables: Readonly<Record<string, EnvironmentVariable>>;
  /** Undefined when the variables are not set. Throws RangeError, naming the variable, when only some are. */
  readonly connection: (
    values: Readonly<Record<string, unknown>>,
  ) => { readonly credentials: unknown; readonly settings: Readonly<Record<string, unknown>> } | undefined;
}

/** What a connector has found out about an account, to be kept with the connection. */
export interface Survey {
  /** Settings that are new or different; the others stay. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** What an operator should be told: names of the vendor's fields, no contents. */
  readonly notices: readonly string[];
  /** What was read until now came from somewhere else: no watermark and no cursor says anything any more. */
  readonly startsOver?: boolean;
}

export interface Connector<Settings extends SyncSettings = SyncSettings, Credentials = unknown> {
  readonly id: string;
  readonly displayName: string;
  /** Where the vendor says how to get access, for people. */
  readonly guideUrl?: string;
  /** What a form asks for is told by the metadata of its fields (form-words.ts). */
  readonly credentials: z.ZodType<Credentials>;
  readonly settings: z.ZodType<Settings>;
  readonly auth: AuthStrategy<Credentials>;
  /** Where the account of these credentials is, for vendors that say so in them. `settings.baseUrl` goes before it. */
  readonly baseUrl?: (credentials: Credentials) => string;
  /** What the credentials tell about the account without a secret, such as its region; for operators to see. */
  readonly about?: (credentials: Credentials) => Readonly<Record<string, string>>;
  /**
   * What identifies the vendor's quota (an account, a client): connections that share it share a budget and a circuit,
   * whoever they belong to. So it has to hold something that only those know who have the credentials; it is hashed.
   */
  readonly budgetIdentity: (credentials: Credentials) => string;
  readonly budget: (settings: Settings) => readonly BudgetWindow[];
  readonly entities: readonly Entity[];
  readonly environment?: ConnectorEnvironment;
  /**
   * Looks at what has to be known of the account before records are read, such as which of its fields go where. Called
   * before each turn of a run, `begins` with the first one of it; undefined when there is nothing new to be kept.
   *
   * Throws what the client throws, and SyncError CONNECTION_SETTINGS_INVALID when an operator has to choose.
   */
  readonly survey?: (client: VendorClient, settings: Settings, begins: boolean) => Promise<Survey | undefined>;
  /** How the vendor tells of changes, where it does. */
  readonly webhooks?: WebhookSource<Settings, Credentials>;
  /** Keys of settings that are the survey's: nobody else sets them, but an operator can have them found anew. */
  readonly findings?: readonly string[];
  /** What an operator should know of the account, by these settings: what is not as it was when it was surveyed. */
  readonly notices?: (settings: Settings) => readonly string[];
  /** What a new connection is scheduled to do. Each is made once; from then on it is the operator's. */
  readonly schedules?: readonly DefaultSchedule[];
  /** What is computed from its rows in Postgres, and kept up to date. */
  readonly refreshes?: readonly Refresh[];
  /** Where the history of its entities begins (`Entity.history`), where any of them has one. */
  readonly history?: {
    /** The first month, as YYYY-MM. */
    readonly from: (settings: Settings) => string;
  };
  /** Syncs that can be asked for by name. The first one is meant where no name is given. */
  readonly modes?: Readonly<Record<string, ConnectorMode>>;
  /** A finer code for a 4xx answer than UPSTREAM_REJECTED, where the vendor has one. */
  readonly classify?: (request: VendorRequest, response: VendorResponse) => ErrorCode | undefined;
  /** One cheap request that proves the credentials; its result is shown to the operator. */
  readonly probe: (client: VendorClient) => Promise<Readonly<Record<string, unknown>>>;
}

/** An entity as a connector writes it down: with its own record, and with the settings of its own connector. */
interface EntityDefinition<Rec, Settings> extends Omit<Entity, 'mapping' | 'fetchPage' | 'fetchOne'> {
  readonly mapping: RecordMapping<Rec, Settings>;
  readonly fetchPage: (request: PageRequest<Settings>) => Promise<Page>;
  readonly fetchOne?: (client: VendorClient, id: string, settings?: Settings) => Promise<VendorAnswer>;
}

/** Declares an entity; the types of record and settings are inferred and stay inside. */
export function defineEntity<Rec, Settings extends SyncSettings = SyncSettings>(
  entity: EntityDefinition<Rec, Settings>,
): Entity {
  return entity as unknown as Entity;
}

/**
 * The entity as one connection has it: its reading and its mapping know the connection's settings. Whatever hangs on
 * the identity of the declaration (statements made once, say) belongs to the one without settings.
 */
export function withSettings(entity: Entity, settings: SyncSettings): Entity {
  const { mapping, fetchPage, fetchOne } = entity;
  return {
    ...entity,
    mapping: { ...mapping, map: (record, flag) => mapping.map(record, flag, settings) },
    fetchPage: (request) => fetchPage({ ...request, settings }),
    ...(fetchOne && { fetchOne: (client: VendorClient, id: string) => fetchOne(client, id, settings) }),
  };
}

/**
 * Declares a connector and checks it.
 *
 * Throws Error (a bug of the connector) when names repeat, when an entity depends on, or refers to, one that does not
 * come before it, when it brings one that does not depend on it, when its history and its entities' do not fit together, or when a mode
 * asks for what its entities do not have.
 */
export function defineConnector<Settings extends SyncSettings, Credentials>(
  connector: Connector<Settings, Credentials>,
): Connector {
  const seen = new Set<string>();
  for (const entity of connector.entities) {
    for (const parent of [...entity.dependsOn, ...(entity.table.references ?? []).map((r) => r.entity)]) {
      if (!seen.has(parent)) throw new Error(`${connector.id}: ${entity.name} needs ${parent} declared before it`);
    }
    if (seen.has(entity.name)) throw new Error(`${connector.id}: ${entity.name} is declared twice`);
    seen.add(entity.name);
  }
  for (const { name, brings = [] } of connector.entities) {
    for (const one of brings) {
      if (connector.entities.some((entity) => entity.name === one && entity.dependsOn.includes(name))) continue;
      throw new Error(`${connector.id}: ${name} brings ${one}, which has to be declared after it and to depend on it`);
    }
  }
  checkHistory(connector);
  const schedules = new Set<string>();
  for (const { name } of connector.schedules ?? []) {
    if (schedules.has(name)) throw new Error(`${connector.id}: the schedule ${name} is declared twice`);
    schedules.add(name);
  }
  for (const [name, mode] of Object.entries(connector.modes ?? {})) {
    checkMode(connector.entities, name, mode);
    if (mode.history && connector.history === undefined) throw new Error(`the mode ${name} asks for a missing history`);
  }
  return connector as unknown as Connector;
}

function checkHistory({ id, entities, history }: Pick<Connector<never>, 'id' | 'entities' | 'history'>): void {
  const past = entities.filter((entity) => entity.history);
  if ((history === undefined) !== (past.length === 0)) {
    throw new Error(`${id}: a history has both, a beginning and entities`);
  }
  for (const { name, brings = [] } of past) {
    const odd = brings.find((one) => past.every((entity) => entity.name !== one));
    if (odd !== undefined) throw new Error(`${id}: ${name} has a history, and so has to have what it brings: ${odd}`);
  }
}

function checkMode(entities: readonly Entity[], name: string, { entities: wanted, scope }: ConnectorMode): void {
  for (const one of wanted) {
    const entity = entities.find((candidate) => candidate.name === one);
    if (entity === undefined) throw new Error(`the mode ${name} asks for ${one}, which is not declared`);
    if (scope === undefined || entity.scopes?.includes(scope.name)) continue;
    throw new Error(`the mode ${name} asks ${one} for the scope ${scope.name}, which it does not have`);
  }
}

/** The entity of that name. Throws Error (a bug, or a job of another release) when there is none. */
export function entityOf(connector: Connector, name: string): Entity {
  const entity = connector.entities.find((candidate) => candidate.name === name);
  if (entity === undefined) throw new Error(`${connector.id} has no entity ${name}`);
  return entity;
}

/**
 * The connectors as an installation has them that wants general syncs every so many seconds. For where connectors are
 * handed to the engine; what was made of their proposals before stays as it is.
 */
export function withGeneralInterval(connectors: readonly Connector[], everySeconds: number): Connector[] {
  return connectors.map((connector) => {
    if (connector.schedules === undefined) return connector;
    const schedules = connector.schedules.map((schedule) =>
      'general' in schedule && schedule.general ? { ...schedule, everySeconds } : schedule,
    );
    return { ...connector, schedules };
  });
}
