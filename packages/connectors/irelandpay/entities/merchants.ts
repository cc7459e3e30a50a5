import { defineEntity, instant } from '@syncline/connector-kit';
import { z } from 'zod';
import { vendorDay } from '../days.js';
import { askDetails, fetchMerchants, withId } from '../merchant-pages.js';
import type { IrelandPaySettings } from '../settings.js';
import { day, looseText, midNumber, moment, text, vendorId, withoutReading, yesNo, yesOrNo } from '../shapes.js';

const merchant = z.object({
  id: vendorId,
  name: text,
  opened: day,
  closed: day,
  deactivated: day,
  first_batch: day,
  last_batch: day,
  created: moment,
  modified: moment,
  group: text,
  processor: text,
  datasource: text,
  sic_code: looseText,
  vim: yesNo,
  status: text,
  active: yesNo,
  leads: z.unknown().optional(),
  /** Of the answer about this one merchant. */
  account_information: z.unknown().optional(),
  account_error: z.string().optional(),
});

/**
 * Merchants, with what the processor knows of their accounts. One that has closed is still a merchant; one that the list
 * does not have any more may only be hidden from the user whose key it is.
 */
export const merchants = defineEntity({
  name: 'merchants',
  dependsOn: ['processors'],
  table: {
    name: 'merchants',
    key: 'irelandpay_mid',
    raw: 'irelandpay_data',
    columns: {
      mid_number: 'text',
      name: 'text',
      opened: 'date',
      closed: 'date',
      deactivated: 'date',
      first_batch: 'date',
      last_batch: 'date',
      group_name: 'text',
      processor_name: 'text',
      datasource: 'text',
      sic_code: 'text',
      is_vim: 'boolean',
      status: 'text',
      is_active: 'boolean',
      lead_ids: 'jsonb',
      account_information: 'jsonb',
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
    schema: merchant,
    key: (record) => record.id,
    updatedAt: (record) => record.modified,
    map: (record, doubt) => {
      if (record.account_error !== undefined) doubt('account_information', 'UNREADABLE', record.account_error);
      return {
        mid_number: midNumber(record.id),
        name: record.name,
        opened: vendorDay(record.opened, 'opened', doubt),
        closed: vendorDay(record.closed, 'closed', doubt),
        deactivated: vendorDay(record.deactivated, 'deactivated', doubt),
        first_batch: vendorDay(record.first_batch, 'first_batch', doubt),
        last_batch: vendorDay(record.last_batch, 'last_batch', doubt),
        group_name: record.group,
        processor_name: record.processor,
        datasource: record.datasource,
        sic_code: record.sic_code,
        is_vim: yesOrNo(record.vim, 'is_vim', doubt),
        status: record.status,
        is_active: yesOrNo(record.active, 'is_active', doubt),
        lead_ids: record.leads,
        account_information: record.account_information,
        source_created_at: instant(record.created, 'source_created_at', doubt),
      };
    },
    raw: withoutReading('id', 'account_information', 'account_error'),
  },
  fetchPage: fetchMerchants,
  fetchOne: async (client, id, _settings?: IrelandPaySettings) => {
    const { json, ...answer } = await askDetails(client, id);
    const { general, account_information, leads } = json;
    return { ...answer, json: withId({ ...general, leads, account_information: account_information ?? null }) };
  },
});
