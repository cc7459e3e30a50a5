import type { DefaultSchedule } from '@syncline/connector-kit';

const timeZone = 'America/New_York';

/**
 * What changed since the last time, in business hours: the first sync of a Monday also has what changed at the weekend.
 * Everything in the night, which is what notices pages that are not shared any more, and values that are computed.
 */
export const notionSchedules: readonly DefaultSchedule[] = [
  { name: 'business hours', mode: 'incremental', entities: [], cron: '0 9,11,13,15,17 * * 1-5', timeZone },
  { name: 'full', mode: 'full', entities: [], cron: '0 3 * * *', timeZone, spread: true },
];
