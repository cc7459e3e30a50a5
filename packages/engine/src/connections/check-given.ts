import { isDeepStrictEqual } from 'node:util';
import { type Connector, SyncError, type SyncSettings } from '@syncline/connector-kit';
import type { Road } from '@syncline/http';
import { z } from 'zod';

/** Credentials that the connector can work with. Throws SyncError VALIDATION_FAILED, naming the field and no value. */
export function checkCredentials(connector: Connector, given: unknown): void {
  parse(connector.credentials, given, 'credentials');
}

/**
 * Settings with the connector's defaults, from those that were given.
 *
 * Throws SyncError VALIDATION_FAILED for what the connector does not know or take, and EGRESS_REFUSED for a base URL
 * that leads into the network this runs in.
 */
export function checkSettings(
  connector: Connector,
  given: Readonly<Record<string, unknown>>,
  road: Pick<Road, 'requireAllowed'>,
): SyncSettings {
  const settings = parse(connector.settings, given, 'settings') as SyncSettings;
  if (settings.baseUrl !== undefined) road.requireAllowed(settings.baseUrl);
  return settings;
}

/**
 * Throws SyncError VALIDATION_FAILED when settings are given that the connector finds out by itself, unless they are as
 * they were: whoever sends back what was told changes nothing. Null, to have them found anew, is for a change.
 */
export function refuseFindings(
  { findings = [] }: Connector,
  given: Readonly<Record<string, unknown>>,
  was: Readonly<Record<string, unknown>> = {},
): void {
  const key = findings.find((one) => given[one] != null && !isDeepStrictEqual(given[one], was[one]));
  if (key === undefined) return;
  const message = 'is found out by a sync and cannot be set; null has it found out anew';
  throw new SyncError('VALIDATION_FAILED', message, { field: `settings.${key}` });
}

/** What the schema does not know is a typing mistake: dropped in silence, it would look as if it were in force. */
function parse(schema: z.ZodType, given: unknown, place: 'credentials' | 'settings'): unknown {
  const parsed = (schema instanceof z.ZodObject ? schema.strict() : schema).safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const key = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const field = [place, ...(issue?.path ?? []), ...(key === undefined ? [] : [key])].join('.');
  throw new SyncError(
    'VALIDATION_FAILED',
    key === undefined ? (issue?.message ?? 'is not valid') : 'is not known here',
    {
      field,
    },
  );
}
