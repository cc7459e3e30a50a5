import { expect, it } from 'vitest';
import { liveWeek } from './live-week.js';

/**
 * A Sunday on which nobody works and clocks go from two to three, just when the full sync is due, and a Monday with
 * everything that can go wrong. The whole week, of a larger firm: test/soak/week.soak.ts.
 */
it('a firm whose fleet syncs by its schedules has in its tables what the vendor has, day by day', async () => {
  const report = await liveWeek({ midnight: '2027-03-14T05:00:00Z', days: 2, contacts: 40, seed: 7 });
  expect(report.slots).toBeGreaterThan(48 * 4);
  expect(report.quietJobs).toBeGreaterThan(48 * 2);
  expect(report.comparisons).toBeGreaterThan(9);
  // A token lives for a day.
  expect(report.tokens).toBe(3);
  // It was a day on which everything happened.
  expect(report.faultsHit).toBeGreaterThan(10);
  const done = ['edited', 'added', 'completed', 'archived', 'deleted', 'restored', 'published late'];
  expect(Object.keys(report.done).toSorted()).toEqual(done.toSorted());
  const troubles = ['vendor out of order', 'fleet away', 'job overruns', 'vendor clock lags', 'process clock wrong'];
  expect(Object.keys(report.troubles).toSorted()).toEqual(troubles.toSorted());
});
