import type { SyncSettings } from '@syncline/connector-kit';
import type { EntityState, PlannedRun, SyncMode } from '@syncline/store';

type Continuation = NonNullable<EntityState['continuation']>;

const day = 86_400_000;

/** Why an entity whose history is read in windows begins with its trailing window. */
const trailing = 'no watermark yet: what was before comes with the history';

/** Whether the run leaves to the history what was before it. */
export function isTrailing({ modeReason }: Pick<PlannedRun, 'modeReason'>): boolean {
  return modeReason === trailing;
}

/**
 * Decides how each entity is synced. An incremental run starts at the watermark less the overlap; where there is no
 * watermark that can be trusted, the entity is synced in full and the run says why. A run that was cut short goes on.
 *
 * `since`: incremental runs read at least what changed since then. It moves their beginning back and never forward, so that
 * nothing is passed over between the watermark and it.
 *
 * `past`: entities that have a history. Without a watermark they begin now, and everything before is the history's.
 */
export function planRuns(
  entities: readonly string[],
  asked: Extract<SyncMode, 'full' | 'incremental'>,
  states: ReadonlyMap<string, EntityState>,
  settings: Pick<SyncSettings, 'overlapSeconds' | 'lookBackDays'>,
  now: Date,
  since?: Date,
  past: ReadonlySet<string> = new Set(),
): PlannedRun[] {
  return entities.map((entity) => planRun(entity, asked, states.get(entity), settings, now, since, past.has(entity)));
}

function planRun(
  entity: string,
  asked: 'full' | 'incremental',
  state: EntityState | undefined,
  settings: Pick<SyncSettings, 'overlapSeconds' | 'lookBackDays'>,
  now: Date,
  since: Date | undefined,
  hasHistory: boolean,
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
  const from = (time: Date, modeReason: string | null): PlannedRun => {
    const own = time.getTime() - settings.overlapSeconds * 1000;
    const lowerBound = new Date(Math.min(own, since?.getTime() ?? own));
    return { ...full(modeReason), mode: 'incremental', lowerBound, recordsExpected: null };
  };
  const watermark = state?.watermark;
  if (!watermark) return hasHistory ? from(now, trailing) : full('no watermark yet');
  if (now.getTime() - watermark.getTime() > settings.lookBackDays * day) {
    return full(`watermark ${watermark.toISOString()} is older than ${settings.lookBackDays} days`);
  }
  return from(watermark, null);
}

/** One that began later would go on without what was asked for: it is begun anew, from further back. */
function reachesBackTo({ lowerBound }: Pick<Continuation, 'lowerBound'>, since: Date | undefined): boolean {
  return lowerBound === null || since === undefined || new Date(lowerBound) <= since;
}
