import {
  type Alert,
  type AlertEvent,
  addDeliveries,
  forgetOldAlerts,
  type Judgement,
  judgeConnections,
  type NewDelivery,
  readClock,
} from '@syncline/store';
import type { EngineContext } from '../context.js';
import { alertMessage } from './alert-message.js';
import { cronPauses } from './cron-pauses.js';
import { knownEntities } from './known-entities.js';

type AlertContext = Pick<EngineContext, 'db' | 'log' | 'connectors' | 'schedules' | 'retentionDays' | 'alertWebhook'>;

/**
 * Judges all connections, notes what has become wrong and what is well again, and says so in the log. The messages to
 * the webhook, where there is one, are written in the same transaction: whatever happens to this process then, they
 * will be sent.
 */
export async function raiseAlerts(ctx: AlertContext): Promise<Judgement> {
  // Where nothing starts by itself, data grow old and nobody has promised otherwise.
  const entities = ctx.schedules === undefined ? undefined : knownEntities(ctx);
  const pauses = entities === undefined ? [] : await cronPauses(ctx.db, await readClock(ctx.db));
  const judgement = await ctx.db.transaction().execute(async (trx) => {
    const changed = await judgeConnections(trx, { entities, pauses });
    if (ctx.alertWebhook !== undefined) await addDeliveries(trx, deliveriesOf(changed));
    return changed;
  });
  for (const alert of judgement.raised) ctx.log.warn({ event: 'alert.raised', ...logged(alert) }, 'alert raised');
  for (const alert of judgement.cleared) ctx.log.info({ event: 'alert.cleared', ...logged(alert) }, 'alert cleared');
  if (ctx.retentionDays !== undefined) await forgetOldAlerts(ctx.db, ctx.retentionDays);
  return judgement;
}

function deliveriesOf({ raised, cleared }: Judgement): NewDelivery[] {
  const delivery = (event: AlertEvent) => (alert: Alert) => ({
    organizationId: alert.organizationId,
    alertId: alert.id,
    event,
    body: bodyOf(event, alert),
  });
  return [...raised.map(delivery('alert.raised')), ...cleared.map(delivery('alert.cleared'))];
}

function bodyOf(type: AlertEvent, alert: Alert): string {
  return JSON.stringify({
    type,
    timestamp: (alert.clearedAt ?? alert.raisedAt).toISOString(),
    data: {
      alert_id: alert.id,
      organization_id: alert.organizationId,
      connection_id: alert.connectionId,
      connector: alert.connector,
      kind: alert.kind,
      message: alertMessage(alert),
      since: alert.raisedAt.toISOString(),
    },
  });
}

function logged({ id, organizationId, connectionId, connector, kind, detail }: Alert) {
  return { alertId: id, organizationId, connectionId, connector, kind, detail };
}
