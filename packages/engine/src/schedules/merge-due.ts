import type { Connector } from '@syncline/connector-kit';
import type { DueSchedule } from '@syncline/store';
import type { SyncRequest } from '../job/start-sync.js';
import { selectEntities } from '../plan/select-entities.js';

/** One that orders a sync. */
export type DueSync = DueSchedule & { readonly mode: 'full' | 'incremental' };

export interface MergedSchedules {
  /** Of those that are usable, in the order given. */
  readonly request: SyncRequest;
  readonly usable: readonly DueSync[];
  /** Those that name an entity which the connector does not have. */
  readonly refused: readonly { readonly schedule: DueSchedule; readonly why: string }[];
}

/**
 * One request of all schedules that are due together: the entities of any of them with what they depend on, each in
 * full if one of its schedules wants that. A schedule that cannot be used does not hold up the others.
 */
export function mergeDue(connector: Connector, due: readonly DueSync[]): MergedSchedules {
  const modes = new Map<string, 'full' | 'incremental'>();
  const usable: DueSync[] = [];
  const refused: { schedule: DueSchedule; why: string }[] = [];
  for (const schedule of due) {
    try {
      const entities = selectEntities(connector, schedule.entities);
      for (const entity of entities) if (modes.get(entity) !== 'full') modes.set(entity, schedule.mode);
      usable.push(schedule);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      refused.push({ schedule, why: error.message });
    }
  }
  const mode = [...modes.values()].every((one) => one === 'full') ? 'full' : 'incremental';
  const request: SyncRequest = {
    syncType: mode,
    mode,
    entities: [...modes.keys()],
    modes,
    trigger: 'schedule',
    triggeredBy: usable.map(({ name }) => name).join(', '),
  };
  return { request, usable, refused };
}
