import { addTo, defineEntity, SyncError } from '@syncline/connector-kit';
import { z } from 'zod';
import { vendorId, withoutReading } from '../shapes.js';

const processor = z.object({ id: vendorId, datasources: z.unknown().optional() });

/** Processors by their names: only reports have numbers for them, and merchants do not use these. */
export const processors = defineEntity({
  name: 'processors',
  dependsOn: [],
  table: {
    name: 'processors',
    key: 'irelandpay_processor_name',
    raw: 'irelandpay_data',
    columns: { datasources: 'jsonb' },
  },
  mapping: {
    schema: processor,
    key: (record) => record.id,
    map: ({ datasources }) => ({ datasources }),
    raw: withoutReading('id'),
  },
  /** One answer, and all of it each time: nothing in it tells of a change. */
  fetchPage: async ({ client }) => {
    const { json, lossless, vendorTime } = await client.get('processors');
    const { processors: list } = (json ?? {}) as Record<string, unknown>;
    if (!Array.isArray(list)) throw new SyncError('UPSTREAM_BAD_BODY', 'processors: expected a list of processors');
    const records = list.map((one: unknown) => {
      const name = (one as Record<string, unknown> | null)?.['name'];
      return typeof name === 'string' ? addTo(one as object, { id: name }) : one;
    });
    return { records, lossless, next: undefined, vendorTime };
  },
});
