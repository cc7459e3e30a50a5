import type { ApiContext, App } from '../../api-context.js';
import { closeLive, type LiveProgress, openLiveProgress } from '../../live/live-progress.js';
import { getAdminSyncStatus } from '../compat/clients/get-admin-sync-status.js';
import { getClientsStatus } from '../compat/clients/get-clients-status.js';
import { postClientsSync } from '../compat/clients/post-clients-sync.js';
import { getClinikoStatus } from './cliniko/get-cliniko-status.js';
import { getClinikoTestConnection } from './cliniko/get-cliniko-test-connection.js';
import { postClinikoImportPatients } from './cliniko/post-cliniko-import-patients.js';
import { postClinikoSync } from './cliniko/post-cliniko-sync.js';
import { getHistory } from './sync/get-history.js';
import { getProgress } from './sync/get-progress.js';
import { getProgressStream } from './sync/get-progress-stream.js';
import { getSchedulerStatus } from './sync/get-scheduler-status.js';
import { postCleanup } from './sync/post-cleanup.js';
import { postSchedulerTrigger } from './sync/post-scheduler-trigger.js';
import { postStart } from './sync/post-start.js';
import { postTrigger } from './sync/post-trigger.js';

/**
 * The APIs of the sync management guide and of the client synchronization guide, in a scope of their own: they say what
 * went wrong in the guides' shape (problems/failure.ts), and take an empty body for none, as the guides' clients send it.
 */
export async function syncManagementRoutes(
  scope: App,
  api: ApiContext,
  live: LiveProgress = openLiveProgress(api.log),
): Promise<void> {
  let isClosing = false;
  scope.addHook('preClose', async () => {
    isClosing = true;
    closeLive(live);
  });
  // Or it would wait for what else they have to ask on the same connection.
  scope.addHook('onSend', async (_request, reply) => {
    if (isClosing) reply.header('connection', 'close');
  });
  scope.addHook('onRoute', (route) => {
    route.config = { ...route.config, failures: 'guide' };
  });
  allowNoBody(scope);

  postTrigger(scope, api);
  getSchedulerStatus(scope, api);
  postSchedulerTrigger(scope, api);
  postStart(scope, api);
  getProgress(scope, api, live.watch);
  getProgressStream(scope, api, live);
  getHistory(scope, api);
  postCleanup(scope, api);
  postClinikoSync(scope, api);
  getClinikoStatus(scope, api);
  getClinikoTestConnection(scope, api);
  postClinikoImportPatients(scope, api);

  postClientsSync(scope, api, live.watch);
  getClientsStatus(scope, api);
  getAdminSyncStatus(scope, api);
}

/** No body says as much as `{}`, and so does `content-type: application/json` with nothing after it. */
function allowNoBody(scope: App): void {
  scope.addHook('preValidation', async (request) => {
    request.body ??= {};
  });
  const parse = scope.getDefaultJsonParser('error', 'error');
  scope.removeContentTypeParser('application/json');
  scope.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.trim() === '') done(null, undefined);
    else parse(request, body, done);
  });
}
