import type { Measurement } from '../report.js';
import { openAgency } from './agency.js';
import { batching, batchingFigures } from './batching.js';
import { burst, burstFigures } from './burst.js';
import { toRow, toRowFigures } from './to-row.js';

const clients = 11_000;

/** From a vendor's POST to the row, and what becomes of 10,000 of them in ten seconds. */
export async function webhooks(): Promise<Measurement> {
  const agency = await openAgency(clients);
  try {
    // The first delivery opens connections and keys.
    await agency.deliver([{ eventId: 'warm-up', page: agency.pages[0] ?? '', at: 0 }]);
    await agency.set({ pageBodies: 'always' });
    const rows = await toRow(agency);
    await agency.set({ pageBodies: 'never' });
    const distinct = await burst(agency, '10,000 pages', 10_000);
    // As the vendor has it: 180 requests a minute, and three a second of our own.
    await agency.set({ requestsPerSecond: 3, pageBodies: 'always' });
    await agency.setQuota({ requests: 180, windowSeconds: 60 });
    const few = await burst(agency, '50 pages', 50);
    await agency.setQuota(null);
    await agency.rig.stopWorkers();
    const ways = await batching(agency);
    return {
      name: 'webhooks',
      what:
        'one API, one worker and a simulated Notion; 300 deliveries at 20 a second, then 10,000 in ten seconds about ' +
        '10,000 pages without a limit, and about 50 pages with three requests a second',
      rows: [...toRowFigures(rows), ...burstFigures(few), ...burstFigures(distinct), ...batchingFigures(ways)],
      raw: { rows, few: summary(few), distinct: summary(distinct), ways },
    };
  } finally {
    await agency.rig.close();
  }
}

/** Ten thousand times are too many to keep: each hundredth of them, sorted. */
function summary<Of extends { readonly acknowledged: readonly number[] }>(of: Of) {
  const sorted = [...of.acknowledged].sort((a, b) => a - b);
  return { ...of, acknowledged: sorted.filter((_, i) => i % 100 === 99) };
}
