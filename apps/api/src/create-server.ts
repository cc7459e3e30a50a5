import cookie from '@fastify/cookie';
import { authenticator } from './access/authenticate.js';
import { createFailureThrottle } from './access/failure-throttle.js';
import { requireAccess } from './access/require-access.js';
import { createSessions } from './access/session.js';
import type { ApiContext, App } from './api-context.js';
import { bareServer } from './bare-server.js';
import { serveBullBoard } from './bull-board/serve-bull-board.js';
import { getErrorList } from './docs/get-error-list.js';
import { getOpenapi } from './docs/get-openapi.js';
import { collectOpenapi, serveReference } from './docs/openapi.js';
import { getSyncHealth } from './routes/compat/get-sync-health.js';
import { getSyncLogs } from './routes/compat/get-sync-logs.js';
import { getSyncStatistics } from './routes/compat/get-sync-statistics.js';
import { getSyncStatus } from './routes/compat/get-sync-status.js';
import { getSyncTestConnection } from './routes/compat/get-sync-test-connection.js';
import { postSyncRestart } from './routes/compat/post-sync-restart.js';
import { postSyncStop } from './routes/compat/post-sync-stop.js';
import { postSyncTrigger } from './routes/compat/post-sync-trigger.js';
import { putSyncSchedule } from './routes/compat/put-sync-schedule.js';
import { getHealthz } from './routes/get-healthz.js';
import { getReadyz } from './routes/get-readyz.js';
import { getRoot } from './routes/get-root.js';
import { loginRoutes } from './routes/login/login-routes.js';
import { getCircuit } from './routes/v1/circuit/get-circuit.js';
import { postCircuitClose } from './routes/v1/circuit/post-circuit-close.js';
import { postCircuitOpen } from './routes/v1/circuit/post-circuit-open.js';
import { failedItemRoutes } from './routes/v1/failed-items/failed-item-routes.js';
import { getAudit } from './routes/v1/get-audit.js';
import { getSyncJob } from './routes/v1/get-sync-job.js';
import { postJobCancel } from './routes/v1/post-job-cancel.js';
import { postMaintenanceCleanup } from './routes/v1/post-maintenance-cleanup.js';
import { deleteSchedule } from './routes/v1/schedules/delete-schedule.js';
import { getScheduleRuns } from './routes/v1/schedules/get-schedule-runs.js';
import { getSchedules } from './routes/v1/schedules/get-schedules.js';
import { patchSchedule } from './routes/v1/schedules/patch-schedule.js';
import { postSchedule } from './routes/v1/schedules/post-schedule.js';
import { setSecurityHeaders } from './security-headers.js';

const version = '0.1.0';
/** Wrong keys from one address. */
const failuresAMinute = 60;

/** The server with all its routes, not yet listening. */
export async function createServer(ctx: ApiContext, app: App = bareServer(ctx)): Promise<App> {
  const sessions = createSessions(ctx.adminKey);
  const throttle = createFailureThrottle(failuresAMinute);
  await app.register(cookie);
  await setSecurityHeaders(app);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id).header('cache-control', 'no-store');
  });
  app.decorateRequest('caller', undefined);
  // Before any route, so that there is none without it.
  app.addHook('onRequest', requireAccess({ ...ctx, authenticate: authenticator({ ...ctx, sessions }), throttle }));

  await collectOpenapi(app, version);
  getHealthz(app);
  getReadyz(app, ctx);
  postSyncTrigger(app, ctx);
  getSyncStatus(app, ctx);
  getSyncLogs(app, ctx);
  getSyncStatistics(app, ctx);
  getSyncHealth(app, ctx);
  getSyncTestConnection(app, ctx);
  postSyncStop(app, ctx);
  postSyncRestart(app, ctx);
  getSyncJob(app, ctx);
  postJobCancel(app, ctx);
  getCircuit(app, ctx);
  postCircuitOpen(app, ctx);
  postCircuitClose(app, ctx);
  putSyncSchedule(app, ctx);
  getSchedules(app, ctx);
  postSchedule(app, ctx);
  patchSchedule(app, ctx);
  deleteSchedule(app, ctx);
  getScheduleRuns(app, ctx);
  getAudit(app, ctx);
  postMaintenanceCleanup(app, ctx);
  getRoot(app);
  getOpenapi(app);
  getErrorList(app);
  await app.register(async (scope: App) => failedItemRoutes(scope, ctx));
  await app.register(async (scope: App) => loginRoutes(scope, { adminKey: ctx.adminKey, sessions }));
  await serveReference(app);
  await serveBullBoard(app, ctx);
  return app;
}
