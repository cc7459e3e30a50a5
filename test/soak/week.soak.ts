import { it } from 'vitest';
import { liveWeek } from '../week/live-week.js';
import { soak } from './settings.js';

/** From a Thursday on; on the Sunday clocks go from two to three, or from two back to one. */
it.each(['2027-03-11T05:00:00Z', '2026-10-29T04:00:00Z'])(`a week from %s on, seed ${soak.seed}`, async (midnight) => {
  const report = await liveWeek({ midnight, days: 7, daysOff: ['Sun'], contacts: 500, seed: soak.seed });
  process.stdout.write(`seed ${soak.seed}, a week from ${midnight} on: ${JSON.stringify(report)}\n`);
});
