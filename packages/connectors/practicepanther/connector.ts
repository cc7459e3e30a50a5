import { defineConnector, oauth2, type VendorResponse } from '@syncline/connector-kit';
import { accounts } from './entities/accounts.js';
import { contacts } from './entities/contacts.js';
import { customFields } from './entities/custom-fields.js';
import { emails } from './entities/emails.js';
import { events } from './entities/events.js';
import { matters } from './entities/matters.js';
import { notes } from './entities/notes.js';
import { tasks } from './entities/tasks.js';
import { timeEntries } from './entities/time-entries.js';
import { users } from './entities/users.js';
import { practicePantherEnvironment } from './environment.js';
import { practicePantherSchedules } from './schedules.js';
import {
  type PracticePantherCredentials,
  type PracticePantherSettings,
  practicePantherCredentials,
  practicePantherSettings,
} from './settings.js';

/** PracticePanther, REST API v2. Facts and their sources: docs/vendors/practicepanther.md. */
export const practicePanther = defineConnector<PracticePantherSettings, PracticePantherCredentials>({
  id: 'practicepanther',
  displayName: 'PracticePanther',
  guideUrl: 'https://support.practicepanther.com/en/articles/479897-practicepanther-api',
  credentials: practicePantherCredentials,
  settings: practicePantherSettings,
  auth: oauth2<PracticePantherCredentials>({
    // The token endpoint lies beside the API, not below it.
    tokenUrl: '/oauth/token',
    marginSeconds: 300,
    isRejected: saysTokenExpired,
  }),
  // The quota is the client's; the secret, because client ids are no secrets: a stranger who connected with the id alone
  // would use the budget up and open the circuit.
  budgetIdentity: ({ clientId, clientSecret }) => JSON.stringify([clientId, clientSecret]),
  budget: (settings) => [{ requests: settings.rateLimitRequests, seconds: settings.rateLimitWindowSeconds }],
  environment: practicePantherEnvironment,
  entities: [users, customFields, accounts, contacts, matters, tasks, notes, emails, events, timeEntries],
  schedules: practicePantherSchedules,
  classify: (request, response) =>
    response.status === 400 && request.query?.['updated_since'] !== undefined && /date|time/i.test(response.body)
      ? 'UPSTREAM_BAD_WATERMARK'
      : undefined,
  probe: async (client) => {
    const answer = await client.get('users/me');
    const { display_name: name, email } = (answer.json ?? {}) as Record<string, unknown>;
    const sample = await client.get('contacts', { $top: 1 });
    const [first] = Array.isArray(sample.json) ? (sample.json as Record<string, unknown>[]) : [];
    return { user: { name, email }, sampleContact: first && { id: first['id'], name: first['display_name'] } };
  },
});

/** An expired access token is documented as 400 invalid_grant on the resource call; live clients also met 401. */
function saysTokenExpired(response: VendorResponse): boolean {
  return response.status === 401 || (response.status === 400 && response.body.includes('"invalid_grant"'));
}
