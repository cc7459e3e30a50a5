import { catalogue } from '@syncline/connector-kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { awayContext, withKey } from '../../testing/away-context.js';
import type { App } from '../api-context.js';
import { createServer } from '../create-server.js';

interface Operation {
  operationId?: string;
  summary?: string;
  tags?: string[];
  description?: string;
  parameters?: { name: string; in: string }[];
  security?: unknown[];
  'x-syncline-role'?: string;
  responses: Record<string, { description: string; content?: Record<string, { schema: { $ref?: string } }> }>;
}

const ctx = awayContext();
let app: App;
let document: { openapi: string; paths: Record<string, Record<string, Operation>>; components: { schemas: object } };

beforeAll(async () => {
  app = await createServer(ctx);
  document = (await app.inject({ url: '/openapi.json', headers: withKey })).json();
});
afterAll(async () => {
  await app.close();
  await ctx.close();
});

test('it is OpenAPI 3.1 and has every path of the API', () => {
  expect(document.openapi).toBe('3.1.0');
  expect(Object.keys(document.paths).sort()).toEqual([
    '/api/admin/clients/status',
    '/api/admin/clients/sync',
    '/api/admin/sync/status',
    '/api/sync-irelandpay-crm/enhanced',
    '/api/sync/health',
    '/api/sync/logs',
    '/api/sync/restart',
    '/api/sync/schedule',
    '/api/sync/statistics',
    '/api/sync/status',
    '/api/sync/stop',
    '/api/sync/test-connection',
    '/api/sync/trigger',
    '/api/v1/alerts',
    '/api/v1/analytics/durations',
    '/api/v1/analytics/failures',
    '/api/v1/analytics/freshness',
    '/api/v1/analytics/success',
    '/api/v1/analytics/throughput',
    '/api/v1/api-keys',
    '/api/v1/api-keys/{id}',
    '/api/v1/audit',
    '/api/v1/audit/actions',
    '/api/v1/cliniko/import-patients/{organization_id}',
    '/api/v1/cliniko/status/{organization_id}',
    '/api/v1/cliniko/sync/{organization_id}',
    '/api/v1/cliniko/test-connection/{organization_id}',
    '/api/v1/connections',
    '/api/v1/connections/{id}',
    '/api/v1/connections/{id}/circuit',
    '/api/v1/connections/{id}/circuit/close',
    '/api/v1/connections/{id}/circuit/open',
    '/api/v1/connections/{id}/entities',
    '/api/v1/connections/{id}/history',
    '/api/v1/connections/{id}/history/pause',
    '/api/v1/connections/{id}/history/start',
    '/api/v1/connections/{id}/pause',
    '/api/v1/connections/{id}/resume',
    '/api/v1/connections/{id}/test',
    '/api/v1/connections/{id}/verifications',
    '/api/v1/connections/{id}/verify',
    '/api/v1/connections/{id}/webhook',
    '/api/v1/connections/{id}/webhook/deliveries',
    '/api/v1/connectors',
    '/api/v1/events',
    '/api/v1/failed-items',
    '/api/v1/failed-items/groups',
    '/api/v1/failed-items/resolve',
    '/api/v1/failed-items/retry',
    '/api/v1/failed-items/summary',
    '/api/v1/failed-items/{id}',
    '/api/v1/failed-items/{id}/history',
    '/api/v1/failed-items/{id}/resolve',
    '/api/v1/failed-items/{id}/retry',
    '/api/v1/installation',
    '/api/v1/maintenance/cleanup',
    '/api/v1/members',
    '/api/v1/members/{id}',
    '/api/v1/members/{id}/block',
    '/api/v1/members/{id}/unblock',
    '/api/v1/organizations',
    '/api/v1/organizations/{id}',
    '/api/v1/overview',
    '/api/v1/schedules',
    '/api/v1/schedules/preview',
    '/api/v1/schedules/{id}',
    '/api/v1/schedules/{id}/runs',
    '/api/v1/session',
    '/api/v1/session/local',
    '/api/v1/sync/cleanup',
    '/api/v1/sync/history/{organization_id}',
    '/api/v1/sync/jobs',
    '/api/v1/sync/jobs/{id}',
    '/api/v1/sync/jobs/{id}/cancel',
    '/api/v1/sync/jobs/{id}/log',
    '/api/v1/sync/progress/{sync_id}',
    '/api/v1/sync/progress/{sync_id}/stream',
    '/api/v1/sync/scheduler/status',
    '/api/v1/sync/scheduler/trigger',
    '/api/v1/sync/start/{organization_id}',
    '/api/v1/sync/trigger',
    '/api/v1/verifications/{id}',
    '/api/v1/verifications/{id}/cancel',
    '/api/v1/verifications/{id}/findings',
    '/api/v1/verifications/{id}/repair',
    '/api/v1/webhooks',
    '/api/webhooks/{connector}',
    '/api/webhooks/{connector}/health',
    '/api/webhooks/{connector}/{connection}',
    '/api/webhooks/{connector}/{connection}/{token}',
    '/healthz',
    '/metrics',
    '/readyz',
  ]);
  expect(Object.keys(document.components.schemas).sort()).toEqual([
    ...[
      'Alert',
      'AlertMessage',
      'ApiKey',
      'AuditEntry',
      'Circuit',
      'Connection',
      'ConnectionOverview',
      'Connector',
      'EnhancedSync',
      'EntityOverview',
      'FailedItem',
      'FailedItemEvent',
      'FailedItemGroup',
      'FailedItemWithPayload',
      'Finding',
      'Freshness',
    ],
    ...[
      'History',
      'Holdup',
      'Installation',
      'JobLogLine',
      'Member',
      'Organization',
      'Problem',
      'Schedule',
      'ScheduleRun',
      'Selection',
      'Session',
      'SyncFailure',
      'SyncHealth',
    ],
    ...[
      'SyncHistory',
      'SyncJob',
      'SyncJobSummary',
      'SyncLogEntry',
      'SyncProgress',
      'SyncStatistics',
      'Verification',
      'VerificationReport',
    ],
    ...['Webhook', 'WebhookDay', 'WebhookDelivery', 'WebhookSetUp'],
  ]);
});

test('every operation says what it is for, and what its answers mean', () => {
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const operation of Object.values(operations)) {
      expect(operation, path).toMatchObject({ operationId: expect.any(String), summary: expect.any(String) });
      expect(operation.tags, path).toHaveLength(1);
      for (const { description } of Object.values(operation.responses))
        expect(description, path).not.toBe('Default Response');
    }
  }
});

test('what is not open to everyone names the role that it needs', () => {
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const { security, description, parameters, 'x-syncline-role': role } of Object.values(operations)) {
      if (security?.length === 0) expect(role, path).toBeUndefined();
      else if (role === 'platform') expect(description, path).toContain('For the platform key.');
      else if (path === '/metrics') expect(description, path).toContain('For the token of SYNCLINE_METRICS_TOKEN');
      else {
        expect(['viewer', 'operator', 'admin'], path).toContain(role);
        expect(description, path).toContain(`Needs the role ${role}.`);
        expect(parameters, path).toContainEqual(expect.objectContaining({ name: 'X-Organization-ID', in: 'header' }));
      }
    }
  }
});

/** Those of the guides speak their words. */
const guideTags = ['sync management', 'cliniko', 'client sync'];
const asProblem = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
const asFailure = { 'application/json': { schema: { $ref: '#/components/schemas/SyncFailure' } } };

test('what needs the key says so, and that its errors are problems', () => {
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const { operationId = '', security, responses, tags = [] } of Object.values(operations)) {
      const isOpen = security?.length === 0;
      const isDelivery = /^\/api\/webhooks\/\{connector\}(\/\{connection\}(\/\{token\})?)?$/.test(path);
      const isSignIn = operationId.startsWith('postSession');
      expect(isOpen, path).toBe(path === '/healthz' || path === '/readyz' || isSignIn || isDelivery);
      const errors = Object.entries(responses).filter(([status]) => !isOpen && Number(status) >= 400);
      for (const [, { content }] of errors) {
        expect(content, path).toEqual(guideTags.includes(tags[0] ?? '') ? asFailure : asProblem);
      }
      expect(
        errors.map(([status]) => status),
        path,
      ).toEqual(isOpen ? [] : expect.arrayContaining(['401', '500']));
    }
  }
});

test('every code that a problem points to is explained', async () => {
  const { body } = await app.inject({ url: '/docs/errors', headers: withKey });
  for (const code of Object.keys(catalogue)) expect(body).toContain(`<tr id="${code}">`);
});

test('the reference takes nothing from other hosts', async () => {
  const { body } = await app.inject({ url: '/docs', headers: withKey });
  expect(body).toContain('swagger-ui-bundle.js');
  expect(body).not.toMatch(/(src|href)="https?:/);
});
