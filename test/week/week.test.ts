import { expect, it } from 'vitest';
import { liveWeek } from './live-week.js';

/**
 * One long day, on which clocks go from two to three just when the full sync is due, and everything goes wrong that can.
 * Whole weeks, of a larger firm: test/soak/week.soak.ts.
 */
it('a firm whose fleet syncs by its schedules has in its tables what the vendor has, hour by hour', async () => {
  const report = await liveWeek({ midnight: '2027-03-14T05:00:00Z', days: 1, daysOff: [], contacts: 40, seed: 7 });
  expect(report.slots).toBeGreaterThan(28 * 5);
  expect(report.quietJobs).toBeGreaterThan(40);
  expect(report.comparisons).toBeGreaterThan(9);
  // A token lives for a day.
  expect(report.tokens).toBe(2);
  // It was a day on which everything happened.
  expect(report.faultsHit).toBeGreaterThan(10);
  const done = ['edited', 'added', 'completed', 'archived', 'deleted', 'restored', 'published late'];
  expect(Object.keys(report.done).toSorted()).toEqual(done.toSorted());
  const troubles = ['vendor out of order', 'fleet away', 'job overruns', 'vendor clock lags', 'process clock wrong'];
  expect(Object.keys(report.troubles).toSorted()).toEqual(troubles.toSorted());
}, 400_000);
