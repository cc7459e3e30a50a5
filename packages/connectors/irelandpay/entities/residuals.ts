import { defineEntity } from '@syncline/connector-kit';
import { z } from 'zod';
import { fetchMonths } from '../month-pages.js';
import { monthDay, readRows } from '../residual-months.js';
import { amount, midNumber, moment, text, vendorId, yesNo, yesOrNo } from '../shapes.js';

const row = z.object({
  id: z.string(),
  processor_id: z.string(),
  month: z.string(),
  /** When the report was published. */
  published: moment,
  mid: vendorId,
  merchant: text,
  transactions: amount,
  sales_amount: amount,
  income: amount,
  expense: amount,
  net: amount,
  bps: amount,
  percentage: amount,
  agent_net: amount,
  users: yesNo,
});

/**
 * The rows of reports: what a merchant has brought in a month. They have no number and no time of their own; a report that
 * is published again replaces all of them. The merchant's number is a number here, without zeros in front.
 */
export const residuals = defineEntity({
  name: 'residuals',
  dependsOn: ['merchants', 'residual_summaries'],
  sweeps: false,
  history: true,
  table: {
    name: 'residuals',
    key: 'irelandpay_residual_id',
    raw: 'irelandpay_data',
    columns: {
      irelandpay_processor_id: 'text',
      irelandpay_report_id: 'text',
      residual_month: 'date',
      mid_number: 'text',
      merchant_name: 'text',
      transactions: 'numeric',
      sales_amount: 'numeric',
      income: 'numeric',
      expense: 'numeric',
      net: 'numeric',
      bps: 'numeric',
      percentage: 'numeric',
      agent_net: 'numeric',
      has_users: 'boolean',
    },
    references: [
      { entity: 'merchants', from: 'mid_number', to: 'mid_number', take: { merchant_id: 'id' } },
      {
        entity: 'residual_summaries',
        from: 'irelandpay_report_id',
        to: 'irelandpay_report_id',
        take: { residual_summary_id: 'id' },
      },
    ],
  },
  mapping: {
    schema: row,
    key: (record) => record.id,
    updatedAt: (record) => record.published,
    map: (record, doubt) => ({
      ...record,
      irelandpay_processor_id: record.processor_id,
      irelandpay_report_id: `${record.processor_id}/${record.month}`,
      residual_month: monthDay(record.month),
      mid_number: midNumber(record.mid),
      merchant_name: record.merchant,
      has_users: yesOrNo(record.users, 'has_users', doubt),
    }),
    raw: (record) => {
      const { id: _, processor_id: __, month: ___, published: ____, ...own } = record as Record<string, unknown>;
      return own;
    },
  },
  fetchPage: fetchMonths({ atOnce: 1, read: readRows }),
});
