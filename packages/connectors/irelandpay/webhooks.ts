import type { SyncTarget, UnsignedMessage, UnsignedWebhooks, WebhookIgnored } from '@syncline/connector-kit';
import { z } from 'zod';
import { addDays, addMonths, dayAt } from './days.js';
import type { IrelandPaySettings } from './settings.js';

/**
 * A chargeback shows in the transactions of its merchant, and the specification does not say how an event names that one:
 * all merchants with recent batches have to be asked. So no more than once an hour, however many chargebacks come in.
 */
const chargebackRestSeconds = 3_600;

const envelope = z.looseObject({
  hook: z.looseObject({ event: z.string().min(1).max(100) }),
  data: z.unknown().optional(),
});

const published = z.looseObject({ reports: z.array(z.unknown()).max(10_000) });
const whole = (from: number, to: number) => z.coerce.number().int().min(from).max(to);
const report = z.looseObject({ year: whole(2000, 2099), month: whole(1, 12) });

/**
 * The vendor's subscriptions (docs/vendors/irelandpay.md). Nothing in them is signed. `hook.requestId` is not used: the
 * specification's samples all have the same, and an event must not be taken for another one.
 */
export const irelandPayWebhooks: UnsignedWebhooks<IrelandPaySettings> = {
  proof: 'path',
  read: (body, settings): UnsignedMessage => {
    const parsed = envelope.safeParse(body);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      return { kind: 'unreadable', reason: `${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'invalid'}` };
    }
    const { hook, data } = parsed.data;
    return { kind: 'event', type: hook.event, targets: targetsOf(hook.event, data, settings) };
  },
};

function targetsOf(event: string, data: unknown, settings: IrelandPaySettings): readonly SyncTarget[] | WebhookIgnored {
  switch (event) {
    case 'residuals.report.published':
      return monthsPublished(data, settings, dayAt(new Date()).slice(0, 7));
    case 'residuals.lineitem.added':
      return [{ kind: 'entity', entity: 'residual_line_items' }];
    case 'chargeback.added':
    case 'chargeback.updated':
      return [{ kind: 'entity', entity: 'transactions', restSeconds: chargebackRestSeconds }];
    case 'subscription.test':
      return [];
    default:
      return 'unknown_type';
  }
}

/**
 * The months that reports are about: their reports and all rows of these are asked for again, which replaces them. Months that
 * are not synced are none of ours; where none can be read, whatever was published lately is looked for.
 */
function monthsPublished(
  data: unknown,
  { historyFrom }: IrelandPaySettings,
  present: string,
): readonly SyncTarget[] | WebhookIgnored {
  const { reports } = published.safeParse(data).data ?? { reports: [] };
  const named = reports.flatMap((one) => {
    const { year, month } = report.safeParse(one).data ?? {};
    return year === undefined ? [] : `${year}-${String(month).padStart(2, '0')}`;
  });
  if (named.length === 0) return [{ kind: 'entity', entity: 'residuals' }];
  const months = [...new Set(named)].filter((month) => month >= historyFrom && month <= present).sort();
  if (months.length === 0) return 'other_source';
  return months.map((month) => ({
    kind: 'span',
    entity: 'residuals',
    with: ['residual_summaries'],
    from: `${month}-01`,
    to: addDays(`${addMonths(month, 1)}-01`, -1),
  }));
}
