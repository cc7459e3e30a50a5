import {
  addTo,
  defineEntity,
  optionalText,
  type Page,
  type PageRequest,
  readCursor,
  SyncError,
  type VendorAnswer,
  type VendorClient,
} from '@syncline/connector-kit';
import { z } from 'zod';
import { fetchFrom } from '../fetch-one.js';
import { walkPage } from '../page-walk.js';
import { vendorId } from '../shapes.js';

/** What custom fields can describe. Each scope has a list, and the record does not say which it is from. */
const scopes = ['company', 'matter', 'contact'] as const;

const customField = z.object({
  id: vendorId,
  /** Added while reading. */
  scope: z.enum(scopes),
  label: optionalText,
  value_type: optionalText,
  dropdown_list_values: optionalText,
  help_text: optionalText,
  tooltip: optionalText,
});

const fieldCursor = z.object({ scope: z.enum(scopes), walk: z.record(z.string(), z.unknown()).optional() });
type FieldCursor = z.infer<typeof fieldCursor>;

/** The definitions of the firm's own fields. Their values are in `pp_data` of the records that have them. */
export const customFields = defineEntity({
  name: 'customfields',
  dependsOn: [],
  table: {
    name: 'custom_fields',
    key: 'pp_custom_field_id',
    raw: 'pp_data',
    columns: {
      scope: 'text',
      label: 'text',
      value_type: 'text',
      dropdown_values: 'jsonb',
      help_text: 'text',
      tooltip: 'text',
    },
  },
  mapping: {
    schema: customField,
    key: (record) => record.id,
    map: (record) => ({
      scope: record.scope,
      label: record.label,
      value_type: record.value_type,
      dropdown_values: choicesOf(record.dropdown_list_values),
      help_text: record.help_text,
      tooltip: record.tooltip,
    }),
    raw: (record) => {
      const { scope: _, ...own } = record as Record<string, unknown>;
      return own;
    },
  },
  fetchPage,
  fetchOne,
});

/**
 * One list after the other, each whole in every run: fields have no time of change to go by, and a list of some dozen
 * costs the same request whether it is asked for changes or for everything.
 */
async function fetchPage(request: PageRequest): Promise<Page> {
  const { scope, walk }: FieldCursor =
    request.cursor === undefined ? { scope: scopes[0] } : readCursor(fieldCursor, request.cursor);
  const page = await walkScope(scope, { ...request, since: undefined, span: undefined, cursor: walk });
  const nextScope = scopes[scopes.indexOf(scope) + 1];
  const next: FieldCursor | undefined = page.next ? { scope, walk: page.next } : nextScope && { scope: nextScope };
  return { ...page, next };
}

async function walkScope(scope: FieldCursor['scope'], request: PageRequest): Promise<Page> {
  const page = await walkPage({ path: `customfields/${scope}`, timed: false, archivable: false }, request);
  return { ...page, records: page.records.map((record) => withScope(record, scope)) };
}

/** Asked for by its id a field says even less: its scope is that of the list which has it. */
async function fetchOne(client: VendorClient, id: string): Promise<VendorAnswer> {
  const answer = await fetchFrom('customfields')(client, id);
  for (const scope of scopes) {
    let cursor: Page['next'];
    do {
      const page = await walkScope(scope, { client, cursor, since: undefined, pageSize: 1000 });
      if (page.records.some((record) => idOf(record) === id)) return { ...answer, json: withScope(answer.json, scope) };
      cursor = page.next;
    } while (cursor !== undefined);
  }
  throw new SyncError('UPSTREAM_BAD_BODY', `customfields: ${id} is in none of the lists`);
}

/** What is no object is left as it is, for the mapping to refuse. */
function withScope(record: unknown, scope: FieldCursor['scope']): unknown {
  return typeof record === 'object' && record !== null && !Array.isArray(record) ? addTo(record, { scope }) : record;
}

function idOf(record: unknown): unknown {
  return (record as Record<string, unknown> | null)?.['id'];
}

/** The vendor joins the choices with commas. A comma inside of one cannot be told from those. */
function choicesOf(joined: string | null | undefined): string[] | null {
  return joined ? joined.split(',').map((choice) => choice.trim()) : null;
}
