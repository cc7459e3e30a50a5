import cliProgress from 'cli-progress';
import type { EntityView, JobView } from './api-client.js';

/** Shows a job while it runs. */
export interface ProgressView {
  show(job: JobView): void;
  end(): void;
}

/** Bars where somebody watches a terminal, a line for each change of state where output goes to a file. */
export function progressView(): ProgressView {
  return process.stdout.isTTY ? bars() : lines();
}

const started = (run: EntityView) => run.status !== 'pending';
const ended = (run: EntityView) => started(run) && run.status !== 'running';

function bars(): ProgressView {
  const multi = new cliProgress.MultiBar(
    {
      format: '  {entity} {bar} {read} {text}',
      barsize: 28,
      hideCursor: true,
      clearOnComplete: false,
      emptyOnZero: true,
    },
    cliProgress.Presets.shades_classic,
  );
  const shown = new Map<string, cliProgress.SingleBar>();
  return {
    show: (job) => {
      for (const run of job.entities) {
        const bar = shown.get(run.entity) ?? multi.create(1, 0, labels(run));
        shown.set(run.entity, bar);
        // Vendors rarely tell a total: the bar of an unknown one fills half-way and on, and is full at the end.
        const total = run.recordsExpected ?? run.recordsRead * 2;
        bar.setTotal(Math.max(1, ended(run) ? run.recordsRead : total));
        bar.update(ended(run) && run.recordsRead === 0 ? 1 : run.recordsRead, labels(run));
      }
    },
    end: () => multi.stop(),
  };
}

function labels(run: EntityView) {
  return { entity: run.entity.padEnd(18), read: String(run.recordsRead).padStart(8), text: describe(run) };
}

function lines(): ProgressView {
  const last = new Map<string, string>();
  return {
    show: (job) => {
      for (const run of job.entities.filter(started)) {
        const state = `${run.status} ${run.waitingFor ?? ''}`;
        if (last.get(run.entity) === state) continue;
        last.set(run.entity, state);
        process.stdout.write(`  ${run.entity.padEnd(18)} ${String(run.recordsRead).padStart(8)} ${describe(run)}\n`);
      }
    },
    end: () => undefined,
  };
}

function describe(run: EntityView): string {
  if (run.waitingFor !== null) return `waits: ${run.waitingFor}${run.waitingUntil ? ` until ${run.waitingUntil}` : ''}`;
  if (!ended(run)) return run.status === 'pending' ? '' : `${run.mode} sync …`;
  const counts = [
    [run.recordsCreated, 'created'],
    [run.recordsUpdated, 'updated'],
    [run.recordsUnchanged, 'unchanged'],
    [run.recordsFailed, 'failed'],
  ].filter(([count]) => count !== 0);
  const outcome = counts.map(([count, word]) => `${count} ${word}`).join(', ') || 'nothing new';
  return run.errorMessage === null ? outcome : `${run.status}: ${run.errorMessage}`;
}
