/** Under which heading a form shows a setting; those without one come first, and are the ones that people look for. */
export type FieldGroup = 'Reading' | 'Requests' | 'Deletes';

/** What a form says of a field. Metadata of its zod schema (`.meta`), so that it is told with the schema's JSON Schema. */
export type FieldWords = {
  title: string;
  description?: string;
  format?: 'password';
  'x-syncline-group'?: FieldGroup;
};

/** A field of a form, in words for people. */
export function field(title: string, description?: string, group?: FieldGroup): FieldWords {
  return { title, ...(description && { description }), ...(group && { 'x-syncline-group': group }) };
}

/** One whose content nobody may read over a shoulder. */
export function secretField(title: string, description?: string): FieldWords {
  return { ...field(title, description), format: 'password' };
}

/** Settings that every connector has (`SyncSettings`), whatever its limits for them. */
export const settingWords = {
  baseUrl: field(
    'Address of the API',
    'For another installation of the vendor, a proxy or a simulator. Another host needs the credentials anew.',
    'Requests',
  ),
  pageSize: field('Records a page', 'What one request asks for.', 'Reading'),
  maxPages: field(
    'Pages a run',
    'A run ends as partly done after so many pages, and the next one goes on. 0: no limit.',
    'Reading',
  ),
  overlapSeconds: field(
    'Overlap in seconds',
    'How far an incremental run reaches back behind where it stands, for changes that the vendor publishes late.',
    'Reading',
  ),
  lookBackDays: field('Look-back in days', 'An entity that was not synced for longer is read in full.', 'Reading'),
  maxOpenFailedItems: field(
    'Open failed items',
    'A run ends as partly done before an entity has more of them than this. 0: no limit.',
    'Reading',
  ),
};
