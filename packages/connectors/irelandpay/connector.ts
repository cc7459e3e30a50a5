import {
  apiKey,
  defineConnector,
  type ErrorCode,
  type VendorRequest,
  type VendorResponse,
} from '@syncline/connector-kit';
import { batches } from './entities/batches.js';
import { merchants } from './entities/merchants.js';
import { processors } from './entities/processors.js';
import { residualLineItems } from './entities/residual-line-items.js';
import { residualSummaries } from './entities/residual-summaries.js';
import { residuals } from './entities/residuals.js';
import { transactions } from './entities/transactions.js';
import { irelandPayEnvironment } from './environment.js';
import { irelandPayMetrics } from './metrics.js';
import { irelandPayModes } from './modes.js';
import { irelandPaySchedules } from './schedules.js';
import {
  type IrelandPayCredentials,
  type IrelandPaySettings,
  irelandPayCredentials,
  irelandPaySettings,
} from './settings.js';
import { askList } from './vendor-list.js';
import { irelandPayWebhooks } from './webhooks.js';

/** Ireland Pay CRM, API v1 (IRIS CRM under another name). Facts and their sources: docs/vendors/irelandpay.md. */
export const irelandPay = defineConnector<IrelandPaySettings, IrelandPayCredentials>({
  id: 'irelandpay',
  displayName: 'Ireland Pay CRM',
  guideUrl: 'https://www.iriscrm.com/api',
  credentials: irelandPayCredentials,
  settings: irelandPaySettings,
  auth: apiKey<IrelandPayCredentials>({ header: 'x-api-key', key: (credentials) => credentials.apiKey }),
  budgetIdentity: (credentials) => credentials.apiKey,
  budget: ({ requestsPerMinute }) => [{ requests: requestsPerMinute, seconds: 60 }],
  environment: irelandPayEnvironment,
  entities: [processors, merchants, batches, transactions, residualSummaries, residuals, residualLineItems],
  history: { from: ({ historyFrom }) => historyFrom },
  schedules: irelandPaySchedules,
  modes: irelandPayModes,
  webhooks: irelandPayWebhooks,
  refreshes: [irelandPayMetrics],
  classify,
  probe: async (client) => {
    const { total } = await askList(client, 'merchants', { per_page: 10, page: 1 });
    return { merchants: total ?? null };
  },
});

/** This vendor refuses what it does not understand with 405, and other installations of it with 422. */
function classify({ query }: VendorRequest, { status }: VendorResponse): ErrorCode | undefined {
  const byChange = query?.['date_filter'] === 'modified';
  return (status === 405 || status === 422) && byChange ? 'UPSTREAM_BAD_WATERMARK' : undefined;
}
