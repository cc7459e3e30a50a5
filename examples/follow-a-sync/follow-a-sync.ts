// Starts a sync by the API, shows how far it is, and lists what could not be synced. README.md says how to run it.
import { createClient, type Schemas, SynclineError } from '@syncline/client';

const env = process.env;
const stop = new AbortController();
process.once('SIGINT', () => stop.abort());

try {
  const syncline = createClient({
    baseUrl: env['SYNCLINE_API_URL'] ?? 'http://127.0.0.1:3000',
    key: env['SYNCLINE_API_KEY'] ?? '',
  });
  const { data: connections } = await syncline.GET('/api/v1/connections', { signal: stop.signal });
  const wanted = process.argv[2];
  const connection = connections.find(({ id, name }) => wanted === undefined || id === wanted || name === wanted);
  if (connection === undefined) throw new Error(`There is no connection ${wanted ?? 'at all'}`);

  const jobId = await start(connection);
  // Through restarts of the API and lost connections, until the sync has ended.
  for await (const progress of syncline.followSync(jobId, { signal: stop.signal })) {
    const { progress_percentage: percent, current_operation: operation, records_processed: records } = progress;
    console.log(`${percent.toFixed(1)} %  ${operation} (${records} records)`);
  }
  const job = await syncline.GET('/api/v1/sync/jobs/{id}', { params: { path: { id: jobId } } });
  const failed = await syncline.GET('/api/v1/failed-items', {
    params: { query: { connectionId: connection.id, status: 'open' } },
  });
  for (const { entity, vendorId, field, message } of failed.data) {
    console.log(`${entity} ${vendorId}: ${field ?? 'as a whole'}: ${message}`);
  }
  console.log(`${job.status}, ${failed.pagination.total} failed items`);
  process.exitCode = job.status === 'succeeded' ? 0 : 1;

  /** Starts a sync of what changed since the last time; one that is running already is as good. */
  async function start({ id, connector, name }: Schemas['Connection']): Promise<string> {
    try {
      const { jobId: started } = await syncline.POST('/api/v1/sync/jobs', {
        body: { connectionId: id, mode: 'incremental' },
        signal: stop.signal,
      });
      console.log(`Started sync ${started} of ${connector} ${name}`);
      return started;
    } catch (error) {
      if (!(error instanceof SynclineError) || error.runningJobId === null) throw error;
      console.log(`Following sync ${error.runningJobId} of ${connector} ${name}`);
      return error.runningJobId;
    }
  }
} catch (error) {
  if (stop.signal.aborted) process.exitCode = 130;
  else {
    const what = error instanceof SynclineError ? `${error.code}: ${error.message}. ${error.hint}` : String(error);
    console.log(what.trimEnd());
    process.exitCode = 2;
  }
}
