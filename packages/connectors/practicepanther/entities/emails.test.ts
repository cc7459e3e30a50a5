import { mapRecord } from '@syncline/connector-kit';
import { describe, expect, it } from 'vitest';
import { emails } from './emails.js';

const draft = {
  id: 'c5f0a5f1-0002-4a7a-8b3f-7a2b1c1a0007',
  subject: 'Lease draft',
  cc: [],
  to: [{ address: 'maria@harbour.example', display_name: 'Maria Quinn' }],
  from: { address: 'ann@firm.example', display_name: 'Ann Attorney' },
  body_text: 'Draft attached.',
  external_message_id: '<m1@firm.example>',
  external_thread_id: null,
  account_ref: null,
  matter_ref: { id: 'b7c3a6c2-9f34-4f3a-8d54-3c1c7b1a0003', display_name: '1107 - Harbour Foods - Lease' },
  date: '2025-06-21T14:02:00',
  tags: [],
  attachments: [{ id: 'e1f0a5f1-0003-4a7a-8b3f-7a2b1c1a0008', file_name: 'draft.pdf' }],
  created_at: '2025-06-21T14:02:31.9',
  updated_at: '2025-06-21T14:02:31.9',
};
const map = (raw: unknown) => mapRecord(emails.mapping, raw);

describe('an email', () => {
  it('becomes a row', () => {
    expect(map(draft)).toEqual({
      ok: {
        key: draft.id,
        sourceUpdatedAt: '2025-06-21T14:02:31.900Z',
        values: {
          pp_matter_id: 'b7c3a6c2-9f34-4f3a-8d54-3c1c7b1a0003',
          pp_account_id: undefined,
          subject: 'Lease draft',
          from_address: 'ann@firm.example',
          from_name: 'Ann Attorney',
          to_addresses: draft.to,
          cc_addresses: [],
          body_text: 'Draft attached.',
          body_html: undefined,
          sent_at: '2025-06-21T14:02:00.000Z',
          attachments: draft.attachments,
          tags: [],
          external_message_id: '<m1@firm.example>',
          external_thread_id: null,
        },
        flags: [],
        raw: draft,
      },
    });
  });

  it('that was read with its body is still the record of the list', () => {
    expect(map({ ...draft, body_html: '<p>Hello</p>' })).toMatchObject({
      ok: { values: { body_html: '<p>Hello</p>' }, flags: [] },
    });
    const outcome = map({ ...draft, body_html: '<p>Hello</p>' });
    expect('ok' in outcome && outcome.ok.raw).toEqual(draft);
  });

  it('whose body the vendor does not hand over is kept without it, flagged', () => {
    const outcome = map({ ...draft, body_html_error: 'UPSTREAM_REJECTED' });
    expect(outcome).toMatchObject({
      ok: {
        values: { body_html: undefined },
        flags: [{ field: 'body_html', code: 'UNREADABLE', value: 'UPSTREAM_REJECTED' }],
      },
    });
    expect('ok' in outcome && outcome.ok.raw).toEqual(draft);
  });

  it('may lack all but the id', () => {
    const empty = Object.fromEntries(Object.keys(draft).map((field) => [field, null]));
    for (const bare of [{ id: 'e' }, { ...empty, id: 'e' }]) {
      expect(map(bare)).toMatchObject({ ok: { values: { sent_at: null }, sourceUpdatedAt: null, flags: [] } });
    }
  });

  it.each([
    ['to', { to: 'maria@harbour.example' }],
    ['cc.0.address', { cc: [{ address: 7 }] }],
    ['from', { from: 'ann@firm.example' }],
    ['body_html', { body_html: { html: '' } }],
    ['attachments.0.id', { attachments: [{ file_name: 'draft.pdf' }] }],
  ])('with a wrong %s is rejected, naming it', (field, wrong) => {
    expect(map({ ...draft, ...wrong })).toMatchObject({ rejected: { key: draft.id, field } });
  });
});
