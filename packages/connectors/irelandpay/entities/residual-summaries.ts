import { defineEntity, instant } from '@syncline/connector-kit';
import { z } from 'zod';
import { fetchMonths } from '../month-pages.js';
import { monthDay, readSummaries } from '../residual-months.js';
import { amount, moment, optionalId, text, vendorId, withoutReading } from '../shapes.js';

const summary = z.object({
  id: z.string(),
  month: z.string(),
  processor_id: vendorId,
  name: text,
  created: moment,
  created_by: optionalId,
  modified: moment,
  modified_by: optionalId,
  merchants_count: amount,
  sum_transactions: amount,
  sum_sales_amount: amount,
  sum_income: amount,
  sum_expense: amount,
  sum_net: amount,
  sum_bps: amount,
  sum_agent_net: amount,
});

/** Reports about residuals: one for each processor and month. */
export const residualSummaries = defineEntity({
  name: 'residual_summaries',
  dependsOn: ['processors'],
  sweeps: false,
  history: true,
  table: {
    name: 'residual_summaries',
    key: 'irelandpay_report_id',
    raw: 'irelandpay_data',
    columns: {
      irelandpay_processor_id: 'text',
      processor_name: 'text',
      residual_month: 'date',
      created_by: 'text',
      modified_by: 'text',
      merchants_count: 'numeric',
      sum_transactions: 'numeric',
      sum_sales_amount: 'numeric',
      sum_income: 'numeric',
      sum_expense: 'numeric',
      sum_net: 'numeric',
      sum_bps: 'numeric',
      sum_agent_net: 'numeric',
      source_created_at: 'timestamptz',
    },
    references: [
      {
        entity: 'processors',
        from: 'processor_name',
        to: 'irelandpay_processor_name',
        take: { processor_id: 'id' },
      },
    ],
  },
  mapping: {
    schema: summary,
    key: (record) => record.id,
    updatedAt: (record) => record.modified,
    map: (record, doubt) => ({
      // Most columns are fields of the same name; what is no column is not written.
      ...record,
      irelandpay_processor_id: record.processor_id,
      processor_name: record.name,
      residual_month: monthDay(record.month),
      source_created_at: instant(record.created, 'source_created_at', doubt),
    }),
    raw: withoutReading('id', 'month'),
  },
  fetchPage: fetchMonths({ atOnce: 4, read: readSummaries }),
});
