import { type Connector, SyncError } from '@syncline/connector-kit';
import type { Selection } from '@syncline/store';

/** What a named mode comes to, as `startSync` takes it. */
export type ModeOrder =
  | {
      readonly mode: 'full' | 'incremental';
      readonly entities: readonly string[];
      readonly selection?: undefined;
      /** It is the history that is meant (`startHistory`); one sync that reads everything comes to the same. */
      readonly history?: true;
    }
  | { readonly mode: 'backfill'; readonly entities: readonly string[]; readonly selection: Selection };

/** More is no part of a clinic's present, but all of it. */
const mostDays = 366;

/**
 * The sync that a connector offers under a name; without a name its first one. `mode` is how entities are read that are
 * read as a whole, where the connector does not say, `days` how far a scope reaches, where it is not to be as the connector proposes.
 *
 * Throws SyncError VALIDATION_FAILED (field `mode`, or `days`) for a name that the connector does not have.
 */
export function orderOfMode(
  connector: Pick<Connector, 'displayName' | 'modes'>,
  name: string | undefined,
  { mode, days }: { readonly mode: 'full' | 'incremental'; readonly days?: number | undefined },
): ModeOrder {
  const { modes = {} } = connector;
  const names = Object.keys(modes);
  const wanted = name ?? names[0];
  if (wanted === undefined) return { mode, entities: [] };
  const offered = names.includes(wanted) ? modes[wanted] : undefined;
  if (offered === undefined) {
    const known = names.length === 0 ? 'no modes' : names.join(', ');
    throw new SyncError('VALIDATION_FAILED', `mode is unknown; ${connector.displayName} has ${known}`, {
      field: 'mode',
    });
  }
  const { entities, scope, reads = mode, history } = offered;
  if (scope === undefined) return { mode: reads, entities, ...(history && { history }) };
  const reach = days ?? scope.days;
  if (!Number.isInteger(reach) || reach < 1 || reach > mostDays) {
    throw new SyncError('VALIDATION_FAILED', `days has to be a whole number from 1 to ${mostDays}`, { field: 'days' });
  }
  return { mode: 'backfill', entities, selection: { scope: scope.name, days: reach } };
}
