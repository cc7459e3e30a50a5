import { defineEntity } from '@syncline/connector-kit';
import { z } from 'zod';
import { vendorDay } from '../days.js';
import { amount, day, looseText, vendorId, yesNo, yesOrNo } from '../shapes.js';

const transaction = z.object({
  id: z.string(),
  transaction_id: vendorId,
  mid: z.string(),
  batch: z.string(),
  date: day,
  type: looseText,
  amount,
  cardholder: looseText,
  auth_code: looseText,
  pos_entry_mode: looseText,
  invoice_number: looseText,
  void_reject_chargeback: yesNo,
  reject_description: looseText,
});

/** What is in batches, and comes along with them. Numbers of cards are kept masked. */
export const transactions = defineEntity({
  name: 'transactions',
  dependsOn: ['batches'],
  sweeps: false,
  history: true,
  table: {
    name: 'transactions',
    key: 'irelandpay_transaction_id',
    raw: 'irelandpay_data',
    columns: {
      irelandpay_mid: 'text',
      irelandpay_batch_id: 'text',
      transaction_date: 'date',
      type: 'text',
      amount: 'numeric',
      cardholder: 'text',
      auth_code: 'text',
      pos_entry_mode: 'text',
      invoice_number: 'text',
      is_void_reject_chargeback: 'boolean',
      reject_description: 'text',
    },
    day: 'transaction_date',
    references: [
      { entity: 'merchants', from: 'irelandpay_mid', to: 'irelandpay_mid', take: { merchant_id: 'id' } },
      { entity: 'batches', from: 'irelandpay_batch_id', to: 'irelandpay_batch_id', take: { batch_id: 'id' } },
    ],
  },
  mapping: {
    schema: transaction,
    key: (record) => record.id,
    map: (record, doubt) => ({
      irelandpay_mid: record.mid,
      irelandpay_batch_id: record.batch,
      transaction_date: vendorDay(record.date, 'transaction_date', doubt),
      type: record.type,
      amount: record.amount,
      cardholder: record.cardholder,
      auth_code: record.auth_code,
      pos_entry_mode: record.pos_entry_mode,
      invoice_number: record.invoice_number,
      is_void_reject_chargeback: yesOrNo(record.void_reject_chargeback, 'is_void_reject_chargeback', doubt),
      reject_description: record.reject_description,
    }),
    raw: (record) => {
      const { mid: _, batch: __, transaction_id: id, ...own } = record as Record<string, unknown>;
      return { ...own, id };
    },
  },
  /** All of them have come with the batches. */
  fetchPage: async () => ({ records: [], lossless: false, next: undefined, vendorTime: undefined }),
});
