// Syncs a PracticePanther account once and shows how far it is. README.md says how to run it.
import { connectors } from '@syncline/connectors';
import { ClosedError, isSyncError, openSyncline, SetupError } from '@syncline/engine/library';

const env = process.env;

try {
  // Connects, and works on what is queued: neither API nor worker is needed. Where workers are running already,
  // `work: false` leaves the work to them.
  const syncline = await openSyncline({
    databaseUrl: env['DATABASE_URL'] ?? '',
    redisUrl: env['REDIS_URL'] ?? '',
    redisPrefix: env['SYNCLINE_REDIS_PREFIX'],
    encryptionKey: env['SYNCLINE_ENCRYPTION_KEY'] ?? '',
    egressAllow: env['SYNCLINE_EGRESS_ALLOW']?.split(','),
    connectors,
    migrate: true,
  });
  // Ctrl-C hands back what is under way, and `done` below rejects. The next run goes on after the last committed page.
  process.once('SIGINT', () => void syncline.close());

  try {
    const connection = await syncline.ensureConnection({
      connector: 'practicepanther',
      name: 'example',
      credentials: {
        clientId: env['PP_CLIENT_ID'],
        clientSecret: env['PP_CLIENT_SECRET'],
        refreshToken: env['PP_REFRESH_TOKEN'],
      },
      settings: env['PP_BASE_URL'] ? { baseUrl: env['PP_BASE_URL'] } : {},
    });
    // What changed since the last time; everything, if there was none.
    const sync = await syncline.startSync(connection, { ifRunning: 'follow' });
    console.log(`${sync.isNew ? 'Started' : 'Going on with'} sync ${sync.jobId}`);
    sync.onProgress(({ percent, phase, message, recordsRead }) =>
      console.log(`${percent.toFixed(1)} %  ${phase}: ${message} (${recordsRead} records)`),
    );

    const result = await sync.done;
    for (const { entity, mode, recordsRead, recordsCreated, recordsUpdated, recordsFailed } of result.entities) {
      const counts = `${recordsRead} read, ${recordsCreated} new, ${recordsUpdated} changed, ${recordsFailed} failed`;
      console.log(`${entity} (${mode}): ${counts}`);
    }
    console.log(`${result.status}, ${result.failedItems} failed items`);
    process.exitCode = result.status === 'succeeded' ? 0 : 1;
  } finally {
    await syncline.close();
  }
} catch (error) {
  if (!(error instanceof ClosedError || error instanceof SetupError || isSyncError(error))) throw error;
  console.log(error.message);
  process.exitCode = error instanceof ClosedError ? 130 : 2;
}
