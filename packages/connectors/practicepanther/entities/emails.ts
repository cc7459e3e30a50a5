import { defineEntity, instant, optionalText } from '@syncline/connector-kit';
import { z } from 'zod';
import { fetchEmails } from '../email-pages.js';
import { fetchFrom } from '../fetch-one.js';
import { reference, tags, timestamps, vendorId } from '../shapes.js';

const address = z.looseObject({ address: optionalText, display_name: optionalText });

const email = z.object({
  id: vendorId,
  account_ref: reference,
  matter_ref: reference,
  subject: optionalText,
  from: address.nullish(),
  to: z.array(address).nullish(),
  cc: z.array(address).nullish(),
  body_text: optionalText,
  /** Added while reading, as is the reason for its absence. */
  body_html: optionalText,
  body_html_error: z.string().optional(),
  external_message_id: optionalText,
  external_thread_id: optionalText,
  date: optionalText,
  tags,
  attachments: z.array(z.looseObject({ id: vendorId })).nullish(),
  ...timestamps,
});

/**
 * Emails that are filed on a matter or a client. `body_html` is null as long as nobody asked for it, and empty where
 * there is none; an email that is read without its body keeps the one it has (a trigger of the table sees to it).
 */
export const emails = defineEntity({
  name: 'emails',
  dependsOn: ['matters'],
  table: {
    name: 'emails',
    key: 'pp_email_id',
    raw: 'pp_data',
    columns: {
      pp_matter_id: 'text',
      pp_account_id: 'text',
      subject: 'text',
      from_address: 'text',
      from_name: 'text',
      to_addresses: 'jsonb',
      cc_addresses: 'jsonb',
      body_text: 'text',
      body_html: 'text',
      sent_at: 'timestamptz',
      attachments: 'jsonb',
      tags: 'jsonb',
      external_message_id: 'text',
      external_thread_id: 'text',
    },
    references: [
      { entity: 'matters', from: 'pp_matter_id', to: 'pp_matter_id', take: { exchange_id: 'id' } },
      { entity: 'accounts', from: 'pp_account_id', to: 'pp_account_id', take: { account_id: 'id' } },
    ],
  },
  mapping: {
    schema: email,
    key: (record) => record.id,
    updatedAt: (record) => record.updated_at,
    map: (record, flag) => {
      if (record.body_html_error !== undefined) flag('body_html', 'UNREADABLE', record.body_html_error);
      return {
        pp_matter_id: record.matter_ref?.id,
        pp_account_id: record.account_ref?.id,
        subject: record.subject,
        from_address: record.from?.address,
        from_name: record.from?.display_name,
        to_addresses: record.to,
        cc_addresses: record.cc,
        body_text: record.body_text,
        body_html: record.body_html,
        sent_at: instant(record.date, 'date', flag),
        attachments: record.attachments,
        tags: record.tags,
        external_message_id: record.external_message_id,
        external_thread_id: record.external_thread_id,
      };
    },
    // As lists have it, whether the body was read or not: the record must not look changed for that.
    raw: (record) => {
      const { body_html: _, body_html_error: __, ...listed } = record as Record<string, unknown>;
      return listed;
    },
  },
  fetchPage: fetchEmails,
  fetchOne: fetchFrom('emails'),
});
