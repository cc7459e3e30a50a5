import type { DefaultSchedule } from '@syncline/connector-kit';

const timeZone = 'America/New_York';

/**
 * The guide's two times a day, for what changed and what is read again anyway. Everything once a week, which is what
 * notices merchants that are gone, and what was changed further back.
 */
export const irelandPaySchedules: readonly DefaultSchedule[] = [
  { name: 'daily', mode: 'incremental', entities: [], cron: '0 11,19 * * *', timeZone },
  { name: 'full', mode: 'full', entities: [], cron: '0 2 * * 0', timeZone, spread: true },
];
