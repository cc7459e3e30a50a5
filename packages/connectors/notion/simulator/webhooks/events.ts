import { randomUUID } from 'node:crypto';
import type { StoreChange } from '../changes.js';
import { type Agency, databaseOf } from '../data/agency.js';

/** What has happened, before it is addressed to a subscription. */
export interface Happening {
  readonly type: string;
  readonly atMs: number;
  readonly entity: { readonly id: string; readonly type: string };
  /** Not every event has any. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** Of the workspace; that of the agency where it is left out. */
  readonly workspaceId?: string;
}

/**
 * What the vendor calls a change. Of the schema each data source has an event: the simulated ones have it in common.
 */
export function happeningsOf(agency: Agency, change: StoreChange, atMs: number): Happening[] {
  if (change.kind === 'schema') {
    return agency.sources.map(({ id }) => ({
      type: 'data_source.schema_updated',
      atMs,
      entity: { id, type: 'data_source' },
      data: {
        parent: { id: agency.databaseId, type: 'database' },
        updated_properties: [{ ...change.property, action: change.action }],
      },
    }));
  }
  const { what, pageId, sourceId, properties, blocks } = change;
  const data = {
    parent: { id: databaseOf(agency, sourceId), type: 'database', data_source_id: sourceId },
    ...(what === 'properties_updated' && { updated_properties: properties }),
    ...(what === 'content_updated' && { updated_blocks: blocks.map((id) => ({ id, type: 'block' })) }),
  };
  return [{ type: `page.${what}`, atMs, entity: { id: pageId, type: 'page' }, data }];
}

/** Types that may come one day, or that a receiver of clients has no use for. */
const STRANGE = ['page.transcribed', 'comment.created', 'workspace.renamed', 'view.updated', 'file_upload.created'];

/** An event that nobody asked for, about something that is not here. */
export function strangeHappening(roll: number, atMs: number): Happening {
  const type = STRANGE[roll % STRANGE.length] ?? '';
  const [entity = ''] = type.split('.');
  return { type, atMs, entity: { id: randomUUID(), type: entity }, ...(entity !== 'file_upload' && { data: {} }) };
}

/** A page that has changed in another database, every other time in another workspace, too. */
export function foreignHappening(roll: number, atMs: number): Happening {
  const parent = { id: randomUUID(), type: 'database', data_source_id: randomUUID() };
  return {
    type: 'page.properties_updated',
    atMs,
    entity: { id: randomUUID(), type: 'page' },
    data: { parent, updated_properties: ['title'] },
    ...(roll % 2 === 1 && { workspaceId: randomUUID() }),
  };
}

/** The envelope of an attempt, in the order of the vendor's documents. */
export function envelopeOf(
  agency: Agency,
  happening: Happening,
  eventId: string,
  subscriptionId: string,
  attempt: number,
) {
  return {
    id: eventId,
    timestamp: new Date(happening.atMs).toISOString(),
    workspace_id: happening.workspaceId ?? agency.workspace.id,
    workspace_name: agency.workspace.name,
    subscription_id: subscriptionId,
    integration_id: agency.integrationId,
    type: happening.type,
    authors: [{ id: agency.personId, type: 'person' }],
    attempt_number: attempt,
    api_version: '2025-09-03',
    entity: happening.entity,
    data: happening.data,
  };
}
