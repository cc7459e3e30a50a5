import { defineEntity, instant } from '@syncline/connector-kit';
import { z } from 'zod';
import { fetchMonths } from '../month-pages.js';
import { monthDay, readLineItems } from '../residual-months.js';
import { amount, looseText, moment, optionalId, text, vendorId, yesNo, yesOrNo } from '../shapes.js';

const lineItem = z.object({
  id: z.string(),
  line_item_id: vendorId,
  month: z.string(),
  type: text,
  item_id: optionalId,
  user: z.looseObject({ user_id: optionalId, username: text, full_name: text }).nullish(),
  merchant: z.looseObject({ mid: looseText, dba: text }).nullish(),
  related_mid: optionalId,
  related_dba: text,
  description: text,
  income: amount,
  expense: amount,
  percentage: amount,
  agent_net: amount,
  is_recurring: yesNo,
  recurring_period: text,
  recurring_start_date: moment,
  recurring_payment_count: amount,
  recurring_max_payment_count: amount,
  agents: z.unknown().optional(),
  created: moment,
  modified: moment,
});

/** What is added to a month's residuals by hand. What is taken away again is just not there any more. */
export const residualLineItems = defineEntity({
  name: 'residual_line_items',
  dependsOn: ['merchants'],
  sweeps: false,
  history: true,
  table: {
    name: 'residual_line_items',
    key: 'irelandpay_line_item_id',
    raw: 'irelandpay_data',
    columns: {
      residual_month: 'date',
      type: 'text',
      item_id: 'text',
      irelandpay_user_id: 'text',
      username: 'text',
      user_full_name: 'text',
      irelandpay_mid: 'text',
      merchant_dba: 'text',
      related_mid: 'text',
      related_dba: 'text',
      description: 'text',
      income: 'numeric',
      expense: 'numeric',
      percentage: 'numeric',
      agent_net: 'numeric',
      is_recurring: 'boolean',
      recurring_period: 'text',
      recurring_start_date: 'timestamptz',
      recurring_payment_count: 'numeric',
      recurring_max_payment_count: 'numeric',
      agents: 'jsonb',
      source_created_at: 'timestamptz',
    },
    references: [{ entity: 'merchants', from: 'irelandpay_mid', to: 'irelandpay_mid', take: { merchant_id: 'id' } }],
  },
  mapping: {
    schema: lineItem,
    key: (record) => record.id,
    updatedAt: (record) => record.modified,
    map: ({ user, merchant, ...record }, doubt) => ({
      ...record,
      residual_month: monthDay(record.month),
      irelandpay_user_id: user?.user_id,
      username: user?.username,
      user_full_name: user?.full_name,
      irelandpay_mid: merchant?.mid,
      merchant_dba: merchant?.dba,
      is_recurring: yesOrNo(record.is_recurring, 'is_recurring', doubt),
      recurring_start_date: instant(record.recurring_start_date, 'recurring_start_date', doubt),
      source_created_at: instant(record.created, 'source_created_at', doubt),
    }),
    raw: (record) => {
      const { month: _, line_item_id: id, ...own } = record as Record<string, unknown>;
      return { ...own, id };
    },
  },
  fetchPage: fetchMonths({ atOnce: 4, read: readLineItems }),
});
