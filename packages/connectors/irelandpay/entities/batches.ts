import { defineEntity } from '@syncline/connector-kit';
import { z } from 'zod';
import { fetchBatches } from '../batch-pages.js';
import { vendorDay } from '../days.js';
import { amount, day, looseText, withoutReading } from '../shapes.js';

const batch = z.object({
  id: z.string(),
  mid: z.string(),
  date: day,
  reference_number: looseText,
  terminal_number: looseText,
  amount,
  count: amount,
  /** Why there is nothing of this merchant's window. */
  refused: z.undefined({ error: 'the vendor refuses the transactions of this merchant from that day on' }).optional(),
});

/** What a merchant's terminals have sent. The vendor has no number for it: it is known by merchant, day, number and terminal. */
export const batches = defineEntity({
  name: 'batches',
  dependsOn: ['merchants'],
  brings: ['transactions'],
  sweeps: false,
  history: true,
  table: {
    name: 'batches',
    key: 'irelandpay_batch_id',
    raw: 'irelandpay_data',
    columns: {
      irelandpay_mid: 'text',
      batch_date: 'date',
      reference_number: 'text',
      terminal_number: 'text',
      amount: 'numeric',
      transaction_count: 'numeric',
    },
    day: 'batch_date',
    references: [{ entity: 'merchants', from: 'irelandpay_mid', to: 'irelandpay_mid', take: { merchant_id: 'id' } }],
  },
  mapping: {
    schema: batch,
    key: (record) => record.id,
    map: (record, doubt) => ({
      irelandpay_mid: record.mid,
      batch_date: vendorDay(record.date, 'batch_date', doubt),
      reference_number: record.reference_number,
      terminal_number: record.terminal_number,
      amount: record.amount,
      transaction_count: record.count,
    }),
    raw: withoutReading('id', 'mid'),
  },
  fetchPage: fetchBatches,
});
