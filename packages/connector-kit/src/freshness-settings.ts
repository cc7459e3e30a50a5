import { z } from 'zod';

/** How old a connection's data may become before somebody is told. Read in SQL, by this name (store/src/alerts). */
export const freshnessSettings = {
  /** Instead of what its schedules make of it. */
  freshnessMinutes: z.number().int().min(5).max(525_600).optional(),
};

/** The type of these, written out so that connectors without them are connectors all the same. */
export interface FreshnessSettings {
  readonly freshnessMinutes?: number | undefined;
}
