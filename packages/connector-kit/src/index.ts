export { type Asked, askEach, unlessRefused } from './ask-each.js';
export { type ApiKeyOptions, apiKey } from './auth/api-key.js';
export { type BasicOptions, basic } from './auth/basic.js';
export { type BearerOptions, bearer } from './auth/bearer.js';
export { type OAuth2Credentials, type OAuth2Options, oauth2 } from './auth/oauth2.js';
export type { AuthStrategy, Tokens } from './auth/strategy.js';
export {
  type Connector,
  type ConnectorEnvironment,
  type Cursor,
  defineConnector,
  defineEntity,
  type Entity,
  type EnvironmentVariable,
  entityOf,
  type Page,
  type PageRequest,
  type Partition,
  type Scope,
  type Span,
  type Survey,
  type SyncSettings,
  type VendorAnswer,
  type VendorClient,
  withGeneralInterval,
  withSettings,
} from './connector.js';
export type { ConnectorMode } from './connector-mode.js';
export type { DefaultSchedule } from './default-schedule.js';
export { type CatalogueEntry, catalogue, type ErrorCode } from './errors/catalogue.js';
export { isSyncError, SyncError, type SyncErrorOptions } from './errors/sync-error.js';
export { type FieldGroup, type FieldWords, field, secretField, settingWords } from './form-words.js';
export { type FreshnessSettings, freshnessSettings } from './freshness-settings.js';
export { type ParsedJson, parseJson, stringifyJson } from './json/lossless.js';
export { addTo, replacedIn } from './json/storable.js';
export { parseUrl } from './parse-url.js';
export { readCursor } from './read-cursor.js';
export {
  calendarDay,
  decimal,
  type Flag,
  instant,
  optionalDecimal,
  optionalText,
  type WordMap,
  wordMap,
} from './record/fields.js';
export {
  type MapOutcome,
  type MappedRecord,
  mapRecord,
  type RecordFlag,
  type RecordMapping,
  type RejectedRecord,
} from './record/map-record.js';
export { nearlyAllFail } from './record/nearly-all.js';
export type { Refresh } from './refresh.js';
export { type RoadSettings, roadSettings } from './road-settings.js';
export { type SweepSettings, sweepSettings } from './sweep-settings.js';
export type { ColumnType, Reference, TableDeclaration } from './table.js';
export {
  type BudgetWindow,
  type Priority,
  priorities,
  type Send,
  type VendorRequest,
  type VendorResponse,
} from './transport.js';
export { isHmacSha256 } from './webhook/signed-by.js';
export type {
  Delivery,
  SignedMessage,
  SignedWebhooks,
  SyncTarget,
  UnsignedMessage,
  UnsignedWebhooks,
  WebhookIgnored,
  WebhookMessage,
  WebhookSource,
  WebhookTarget,
} from './webhook/webhook-source.js';
