/** What forms of vendors are made of, for tests that have the vendors. */
export { changesOf, draftOf, readDraft } from '../src/pages/connection/schema-form/draft.js';
export { type FormField, fieldsOf } from '../src/pages/connection/schema-form/fields.js';
