import { entityQueue, finishQueue, nodeId, readNodeId } from '@syncline/queue';
import { endedOf, listWorkers, readJob, readRuns, readWorkFacts, releaseName } from '@syncline/store';
import { type Check, ok, problem, warning } from '../check.js';
import type { Scene } from '../scene.js';
import { inBoth, inPostgres, once } from './needs.js';

type Engine = NonNullable<Scene['engine']>;

/** The reconciler misses a worker after as much. */
const aliveSeconds = 20;
/** Connectors may set more (`maxOpenFailedItems`). */
const mostItems = 10_000;
const longQueuedSeconds = 600;
const apiMs = 5_000;
/** Of a fleet that is stuck as a whole the first say enough. */
const mostLookedAt = 50;

/** All that most of these look at is one statement. */
const workFactsOf = once(({ db }: Engine, { organizationId }) => readWorkFacts(db, organizationId, mostItems));

export const workChecks: readonly Check[] = [
  {
    id: 'fleet.workers',
    look: inPostgres(async ({ db }) => {
      const alive = (await listWorkers(db)).filter(({ quietSeconds }) => quietSeconds < aliveSeconds);
      if (alive.length === 0)
        return problem('No worker is alive: start one (npm run worker). Nothing is synced meanwhile.');
      const own = await releaseName();
      const others = alive.filter(({ release }) => release !== own);
      if (others.length > 0) {
        const names = others.map(({ host, pid, release }) => `${host}/${pid} (${release ?? 'older'})`);
        return warning(
          `Of another release than this one: ${names.join(', ')}. Replace them when the upgrade is through.`,
        );
      }
      return ok(`${alive.length} workers are alive, all of this release.`);
    }),
  },
  {
    id: 'fleet.api',
    look: async ({ env, environment: { values } }) => {
      const url = values.SYNCLINE_API_URL ?? `http://127.0.0.1:${values.PORT ?? 3000}`;
      const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(apiMs) }).catch(() => undefined);
      if (answer === undefined) {
        const away = `The API does not answer at ${url}: start it, or set SYNCLINE_API_URL.`;
        return (env['SYNCLINE_API_URL'] ? problem : warning)(away);
      }
      if (answer.ok) return ok(`The API at ${url} is ready.`);
      const { checks = {} } = (await answer.json().catch(() => ({}))) as { checks?: Record<string, string> };
      const why = Object.entries(checks).filter(([, result]) => result !== 'ok');
      return problem(
        `The API at ${url} is not ready: ${why.map((pair) => pair.join(': ')).join('; ') || answer.status}.`,
      );
    },
  },
  {
    id: 'work.stopped',
    look: inPostgres(async (engine, scene) => {
      const { stopped } = await workFactsOf(engine, scene);
      if (stopped === 0) return ok('Nobody has pressed the emergency stop.');
      return warning(`All syncs of ${stopped} organizations are stopped: POST /api/sync/restart lifts it.`);
    }),
  },
  {
    id: 'work.stuck',
    look: inBoth(async (engine, scene) => {
      const { quietJobs, orphans } = await workFactsOf(engine, scene);
      const lost: string[] = [];
      for (const id of quietJobs.slice(0, mostLookedAt)) if (!(await isQueued(engine, id))) lost.push(id);
      const idle = quietJobs.filter((id) => !lost.includes(id));
      const said = [
        ...(lost.length > 0 ? [`in no queue: ${lost.join(', ')}`] : []),
        ...(idle.length > 0 ? [`queued, and nobody works on them: ${idle.slice(0, mostLookedAt).join(', ')}`] : []),
        ...(orphans > 0 ? [`${orphans} entity runs of syncs that have ended`] : []),
      ];
      if (said.length === 0) return ok('Every sync that is live shows signs of life.');
      return problem(
        `Syncs that stand still: ${said.join('; ')}. A worker takes them up within seconds; see fleet.workers and its log.`,
      );
    }),
  },
  {
    id: 'work.waiting',
    look: inPostgres(async (engine, scene) => {
      const { oldestQueuedSeconds } = await workFactsOf(engine, scene);
      if (oldestQueuedSeconds === null) return ok('No sync waits for its beginning.');
      const said = `The oldest sync that has not begun was asked for ${oldestQueuedSeconds} s ago`;
      if (oldestQueuedSeconds < longQueuedSeconds) return ok(`${said}.`);
      return warning(
        `${said}: GET /api/v1/sync/jobs/{id} says what it waits for. Start more workers if it is for one.`,
      );
    }),
  },
  {
    id: 'work.flows',
    look: inBoth(async ({ db, queues }) => {
      const finish = queues.all.find(({ name }) => name === finishQueue);
      const parents = (await finish?.getWaitingChildren(0, mostLookedAt - 1)) ?? [];
      const jobs = parents.flatMap(({ id = '' }) => readNodeId(id)?.syncJobId ?? []);
      const ended = await endedOf(db, jobs);
      if (ended.length === 0) return ok('No flow waits for steps of a sync that is over.');
      return warning(
        `Flows that wait for ever, of syncs that are over: ${ended.join(', ')}. They do no harm; remove them in Bull Board.`,
      );
    }),
  },
  {
    id: 'work.failed-items',
    look: inPostgres(async (engine, scene) => {
      const { openItems, deadItems, crowded } = await workFactsOf(engine, scene);
      if (crowded.length > 0) {
        return problem(
          `${mostItems} failed items or more, which stops their syncs: ${crowded.join('; ')}. Retry or resolve them.`,
        );
      }
      if (deadItems > 0)
        return warning(`${deadItems} failed items are tried no more (of ${openItems} open): GET /api/v1/failed-items.`);
      return ok(`${openItems} failed items are open, all of them to be tried again.`);
    }),
  },
  {
    id: 'work.dead-letters',
    look: inBoth(async ({ deadLetters }) => {
      const letters = await deadLetters.countFailed();
      return letters === 0
        ? ok('The dead-letter queue is empty.')
        : warning(`${letters} dead letters wait for somebody, in Bull Board.`);
    }),
  },
  {
    id: 'work.schedules',
    look: inPostgres(async (engine, scene) => {
      if (scene.environment.values.ENABLE_SYNC_SCHEDULER === false)
        return warning('ENABLE_SYNC_SCHEDULER is false: no sync starts by itself.');
      const { overdueSchedules } = await workFactsOf(engine, scene);
      if (overdueSchedules === 0) return ok('No schedule is overdue.');
      return problem(
        `${overdueSchedules} schedules are overdue by five minutes: is a worker alive, and is its scheduler switched on?`,
      );
    }),
  },
  {
    id: 'work.history',
    look: inPostgres(async (engine, scene) => {
      const { stuckHistories } = await workFactsOf(engine, scene);
      if (stuckHistories === 0) return ok('No history is stuck.');
      return warning(`${stuckHistories} histories fail again and again: docs/history.md says where to look.`);
    }),
  },
  {
    id: 'alerts.open',
    look: inPostgres(async (engine, scene) => {
      const { alerts } = await workFactsOf(engine, scene);
      const said = Object.entries(alerts).map(([kind, count]) => `${count} ${kind}`);
      return said.length === 0 ? ok('No alert is open.') : warning(`Open: ${said.join(', ')} (docs/alerts.md).`);
    }),
  },
];

async function isQueued({ db, queues }: Engine, jobId: string): Promise<boolean> {
  const job = await readJob(db, jobId);
  if (job === undefined) return true;
  const open = (await readRuns(db, jobId)).filter(({ status }) => status === 'pending' || status === 'running');
  const at = (queue: string, step: string) => ({ queue, id: nodeId(jobId, job.flowRound, step) });
  return queues.holdsAll([
    at(finishQueue, 'finish'),
    ...open.map(({ entity }) => at(entityQueue(job.connector, entity), entity)),
  ]);
}
