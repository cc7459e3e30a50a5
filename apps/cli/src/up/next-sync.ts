import { activeSchedules, type Db } from '@syncline/store';

/** When the next sync starts by itself, in a line: what goes on in the background should surprise nobody. */
export async function nextSync(db: Db, enabled: boolean): Promise<string> {
  if (!enabled) return 'when you start one: ENABLE_SYNC_SCHEDULER is false';
  const [next] = (await activeSchedules(db)).sort((a, b) => a.nextDueAt.getTime() - b.nextDueAt.getTime());
  if (next === undefined) return 'when you start one: no schedule is enabled';
  const at = next.nextDueAt.toISOString().replace('T', ' ').slice(0, 16);
  return `${at} UTC, by itself (schedule "${next.name}"); all schedules: /api/v1/schedules`;
}
