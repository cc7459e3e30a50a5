import type { AlertFinding } from '@syncline/store';

/** An alert in a sentence: numbers, entities and codes, nothing of any record. */
export function alertMessage(alert: AlertFinding): string {
  switch (alert.kind) {
    case 'failures': {
      const { failed, hours, lastErrorCode } = alert.detail;
      return `${failed} syncs failed within ${hours} hours${lastErrorCode === null ? '' : `, the last with ${lastErrorCode}`}`;
    }
    case 'slow': {
      const { averageSeconds, syncs, hours } = alert.detail;
      return `The ${syncs} syncs of the last ${hours} hours took ${Math.round(averageSeconds / 60)} minutes on average`;
    }
    case 'stale': {
      const { entities, count } = alert.detail;
      const more = count > entities.length ? ` and ${count - entities.length} more` : '';
      const names = entities.map(({ entity, confirmedAt, targetMinutes }) => {
        const since = confirmedAt === null ? 'never synced' : `of ${confirmedAt}`;
        return `${entity} (${since}, at most ${targetMinutes} minutes old wanted)`;
      });
      return `Data are older than they should be: ${names.join(', ')}${more}`;
    }
    case 'webhook_silent': {
      const { silentHours, expected, lastDeliveryAt } = alert.detail;
      return `No webhook has come for ${silentHours} hours (since ${lastDeliveryAt}), where ${expected} or more were usual: look at the subscription at the vendor. Syncs go on by schedule`;
    }
    case 'differences': {
      const { findings, entities } = alert.detail;
      return `What the vendor has differs from what is stored: ${findings} findings in ${entities.join(', ')}`;
    }
    case 'restored': {
      const { lostFrom, lostUntil, entities } = alert.detail;
      return `Postgres was restored: what was synced from ${lostFrom} to ${lostUntil} was lost. Changes are read again; what was deleted is found by a full sync, which these have not had since: ${entities.join(', ')}`;
    }
    case 'needs_reauth':
      return 'The vendor does not accept the credentials any more: authorise the connection again';
  }
}
