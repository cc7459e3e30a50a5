import type { SyncSettings } from '@syncline/connector-kit';
import type { EntityState, PlannedRun, SyncMode } from '@syncline/store';

type Continuation = NonNullable<EntityState['continuation']>;

const day = 86_400_000;

/**
 * Decides how each entity is synced. An incremental run starts at the watermark less the overlap; where there is no
 * watermark that can be trusted, the entity is synced in full and the run says why. A run that was cut short goes on.
 *
 * `since`: incremental runs read at least what changed since then. It moves their beginning back and never forward, so that
 * nothing is passed over between the watermark and it.
 */
export function planRuns(
  entities: readonly string[],
  asked: Extract<SyncMode, 'full' | 'incremental'>,
  states: ReadonlyMap<string, EntityState>,
  settings: Pick<SyncSettings, 'overlapSeconds' | 'lookBackDays'>,
  now: Date,
  since?: Date,
): PlannedRun[] {
  return entities.map((entity) => planRun(entity, asked, states.get(entity), settings, now, since));
}

function planRun(
  entity: string,
  asked: 'full' | 'incremental',
  state: EntityState | undefined,
  settings: Pick<SyncSettings, 'overlapSeconds' | 'lookBackDays'>,
  now: Date,
  since: Date | undefined,
): PlannedRun {
  const full = (modeReason: string | null): PlannedRun => ({
    entity,
    mode: 'full',
    modeReason,
    lowerBound: null,
    upperBound: null,
    cursor: undefined,
    recordsExpected: state?.lastFullRecords ?? null,
  });
  const cut = state?.continuation;
  if (cut && (cut.mode === 'full' || (asked === 'incremental' && reachesBackTo(cut, since)))) {
    return {
      entity,
      mode: cut.mode,
      modeReason: 'goes on where the last run was cut short',
      lowerBound: cut.lowerBound === null ? null : new Date(cut.lowerBound),
      upperBound: cut.upperBound === null ? null : new Date(cut.upperBound),
      cursor: cut.cursor,
      scanId: cut.scanId ?? null,
      recordsExpected: null,
    };
  }
  if (asked === 'full') return full(null);
  const watermark = state?.watermark;
  if (!watermark) return full('no watermark yet');
  if (now.getTime() - watermark.getTime() > settings.lookBackDays * day) {
    return full(`watermark ${watermark.toISOString()} is older than ${settings.lookBackDays} days`);
  }
  const own = watermark.getTime() - settings.overlapSeconds * 1000;
  const lowerBound = new Date(Math.min(own, since?.getTime() ?? own));
  return { ...full(null), mode: 'incremental', lowerBound, recordsExpected: null };
}

/** One that began later would go on without what was asked for: it is begun anew, from further back. */
function reachesBackTo({ lowerBound }: Pick<Continuation, 'lowerBound'>, since: Date | undefined): boolean {
  return lowerBound === null || since === undefined || new Date(lowerBound) <= since;
}
