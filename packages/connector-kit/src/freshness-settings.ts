import { z } from 'zod';
import { field } from './form-words.js';

/** How old a connection's data may become before somebody is told. Read in SQL, by this name (store/src/alerts). */
export const freshnessSettings = {
  freshnessMinutes: z
    .number()
    .int()
    .min(5)
    .max(525_600)
    .optional()
    .meta(
      field('Data may be so old, in minutes', 'Older, and an alert is raised. Empty: by its schedules.', 'Reading'),
    ),
};

/** The type of these, written out so that connectors without them are connectors all the same. */
export interface FreshnessSettings {
  readonly freshnessMinutes?: number | undefined;
}
