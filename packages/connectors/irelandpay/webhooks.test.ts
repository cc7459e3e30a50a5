import { describe, expect, it } from 'vitest';
import { irelandPaySettings } from './settings.js';
import { irelandPayWebhooks } from './webhooks.js';

const settings = irelandPaySettings.parse({ historyFrom: '2024-04' });
const read = (body: unknown) => irelandPayWebhooks.read(body, settings);
const targets = (event: string, data: unknown) => {
  const message = read({ hook: { requestId: 1, event }, data });
  return message.kind === 'event' ? message.targets : message;
};
const published = (...reports: unknown[]) => targets('residuals.report.published', { reports });
const month = (from: string, to: string) => ({
  ...{ kind: 'span', entity: 'residuals', with: ['residual_summaries'], from, to },
});

describe('a report that is published', () => {
  it('has its month read again: its reports, and all their rows', () => {
    expect(published({ year: 2025, month: 2, processor_id: 12 })).toEqual([month('2025-02-01', '2025-02-28')]);
    expect(published({ year: '2024', month: '12' })).toEqual([month('2024-12-01', '2024-12-31')]);
  });

  it('has each month read once that several are about, of those that are synced', () => {
    const reports = [
      ...[
        { year: 2025, month: 6 },
        { year: 2025, month: 5, processor_id: 12 },
        { year: 2025, month: 5, processor_id: 15 },
      ],
      ...[{ year: 2024, month: 3 }, { year: 2098, month: 1 }, { month: 5 }, 'a text', null],
    ];
    expect(published(...reports)).toEqual([month('2025-05-01', '2025-05-31'), month('2025-06-01', '2025-06-30')]);
    expect(published({ year: 2024, month: 3 })).toBe('other_source');
  });

  it.each([
    ['no reports', {}],
    ['none in the list', { reports: [] }],
    ['a month that there is not', { reports: [{ year: 2025, month: 13 }] }],
    ['a text for a list', { reports: '2025-05' }],
    ['nothing', null],
  ])('has what was published lately looked for, where it names %s', (_what, data) => {
    expect(targets('residuals.report.published', data)).toEqual([{ kind: 'entity', entity: 'residuals' }]);
  });
});

describe('an event', () => {
  it('has what it is about synced, whatever it says of it', () => {
    const items = [{ kind: 'entity', entity: 'residual_line_items' }];
    expect(targets('residuals.lineitem.added', { line_items: [{ id: 1, income: 1_000_000 }] })).toEqual(items);
    const chargebacks = [{ kind: 'entity', entity: 'transactions', restSeconds: 3_600 }];
    expect(targets('chargeback.added', { chargebacks: [{ id: 1 }] })).toEqual(chargebacks);
    expect(targets('chargeback.updated', undefined)).toEqual(chargebacks);
  });

  it('may be a test, or none of ours', () => {
    expect(targets('subscription.test', {})).toEqual([]);
    for (const event of ['lead.created', 'chargeback.reminder', 'retrieval.added', 'api.updated', 'of.another.year']) {
      expect(targets(event, {})).toBe('unknown_type');
    }
  });

  it.each([[null], [[]], ['text'], [{}], [{ hook: {} }], [{ hook: { event: 7 } }], [{ hook: { event: '' } }]])(
    'cannot be read: %j',
    (body) => {
      expect(read(body)).toMatchObject({ kind: 'unreadable' });
    },
  );
});
