import type { z } from 'zod';
import type { AuthStrategy } from './auth/strategy.js';
import type { ErrorCode } from './errors/catalogue.js';
import type { RecordMapping } from './record/map-record.js';
import type { RoadSettings } from './road-settings.js';
import type { SweepSettings } from './sweep-settings.js';
import type { TableDeclaration } from './table.js';
import type { BudgetWindow, VendorRequest, VendorResponse } from './transport.js';

/** A vendor's cursor, as JSON: where the next page starts. Only the entity that made it knows its inside. */
export type Cursor = Readonly<Record<string, unknown>>;

/** The vendor's API as a connector sees it: authenticated, budgeted, retried; answers are parsed JSON. */
export interface VendorClient {
  /** Throws SyncError for every answer that is not 2xx JSON. */
  get(url: string, query?: VendorRequest['query']): Promise<VendorAnswer>;
}

export interface VendorAnswer {
  readonly json: unknown;
  /** The JSON holds LosslessNumber objects. */
  readonly lossless: boolean;
  readonly vendorTime: Date | undefined;
}

export interface PageRequest {
  readonly client: VendorClient;
  /** Undefined for the first page. */
  readonly cursor: Cursor | undefined;
  /** Only records changed at or after it; undefined for all. */
  readonly since: Date | undefined;
  /** Records a page. */
  readonly pageSize: number;
}

export interface Page {
  readonly records: readonly unknown[];
  readonly lossless: boolean;
  /** Undefined after the last page. */
  readonly next: Cursor | undefined;
  readonly vendorTime: Date | undefined;
}

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
  readonly fetchOne?: (client: VendorClient, id: string) => Promise<VendorAnswer>;
}

/** Settings that every connection has, whatever its connector. */
export interface SyncSettings extends RoadSettings, SweepSettings {
  readonly baseUrl: string;
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

export interface Connector<Settings extends SyncSettings = SyncSettings, Credentials = unknown> {
  readonly id: string;
  readonly displayName: string;
  readonly credentials: z.ZodType<Credentials>;
  readonly settings: z.ZodType<Settings>;
  readonly auth: AuthStrategy<Credentials>;
  /** What identifies the vendor's quota (an account, a client): connections that share it share a budget. */
  readonly budgetIdentity: (credentials: Credentials) => string;
  readonly budget: (settings: Settings) => readonly BudgetWindow[];
  readonly entities: readonly Entity[];
  readonly environment?: ConnectorEnvironment;
  /** A finer code for a 4xx answer than UPSTREAM_REJECTED, where the vendor has one. */
  readonly classify?: (request: VendorRequest, response: VendorResponse) => ErrorCode | undefined;
  /** One cheap request that proves the credentials; its result is shown to the operator. */
  readonly probe: (client: VendorClient) => Promise<Readonly<Record<string, unknown>>>;
}

/** Declares an entity; the record's type is inferred from the schema and stays inside. */
export function defineEntity<Rec>(entity: Omit<Entity, 'mapping'> & { readonly mapping: RecordMapping<Rec> }): Entity {
  return entity as unknown as Entity;
}

/**
 * Declares a connector and checks it.
 *
 * Throws Error (a bug of the connector) when names repeat, or when an entity depends on, or refers to, one that does
 * not come before it.
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
  return connector as unknown as Connector;
}

/** The entity of that name. Throws Error (a bug, or a job of another release) when there is none. */
export function entityOf(connector: Connector, name: string): Entity {
  const entity = connector.entities.find((candidate) => candidate.name === name);
  if (entity === undefined) throw new Error(`${connector.id} has no entity ${name}`);
  return entity;
}
