import type { DefaultSchedule } from '@syncline/connector-kit';

/**
 * What changed, every hour; everything in the night, which is also what notices records that are gone. Most clinics are
 * in Australia, and a key tells no time zone.
 */
export const clinikoSchedules: readonly DefaultSchedule[] = [
  { name: 'hourly', mode: 'incremental', entities: [], everySeconds: 3_600, general: true },
  { name: 'full', mode: 'full', entities: [], cron: '0 2 * * *', timeZone: 'Australia/Sydney', spread: true },
];
