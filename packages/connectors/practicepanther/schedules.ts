import type { DefaultSchedule } from '@syncline/connector-kit';

const minute = 60;
const hour = 60 * minute;

/**
 * The guide's rhythm: a quarter of an hour for what it syncs incrementally, two in the night for the full sync, which is
 * also what notices deletes. What changes less has more time, because all of it shares one budget.
 */
export const practicePantherSchedules: readonly DefaultSchedule[] = [
  {
    name: 'incremental',
    mode: 'incremental',
    entities: ['accounts', 'contacts', 'matters', 'tasks'],
    everySeconds: 15 * minute,
  },
  { name: 'incremental hourly', mode: 'incremental', entities: ['notes', 'emails', 'events'], everySeconds: hour },
  {
    name: 'incremental daily',
    mode: 'incremental',
    entities: ['timeentries', 'users', 'customfields'],
    everySeconds: 24 * hour,
  },
  { name: 'full', mode: 'full', entities: [], cron: '0 2 * * *', timeZone: 'America/New_York' },
];
