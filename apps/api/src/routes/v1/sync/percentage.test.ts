import type { JobProgress, JobStatus, RunProgress, RunStatus } from '@syncline/store';
import { describe, expect, it } from 'vitest';
import { progressAnswer, progressSchema } from './progress-answer.js';

const at = new Date('2026-01-01T12:00:00Z');

const run = (entity: string, over: Partial<RunProgress> = {}): RunProgress => ({
  ...{ entity, status: 'pending', mode: 'full', recordsExpected: null, recordsRead: 0, recordsFailed: 0 },
  ...{ waitingFor: null, waitingUntil: null, errorCode: null, errorMessage: null },
  ...over,
});

const job = (status: JobStatus, runs: readonly RunProgress[], over: Partial<JobProgress> = {}): JobProgress => ({
  ...{ id: 'a6c5b38e-0f3f-4f0e-9f5e-1c2d3e4f5a6b', organizationId: 'org', connectionId: 'c', syncType: 'full', status },
  ...{ errorCode: null, errorMessage: null, createdAt: at, startedAt: at, endedAt: null },
  ...{ asOf: new Date(at.getTime() + 60_000), runs },
  ...over,
});

const tell = (...args: Parameters<typeof job>) => progressSchema.parse(progressAnswer(job(...args), 'org'));

describe('the percentage', () => {
  it.each<[string, Partial<RunProgress>, number, number | null]>([
    ['nothing yet', { recordsExpected: 650 }, 0, 650],
    ['some of what was expected', { recordsExpected: 650, recordsRead: 325 }, 50, 650],
    ['all of it, and the run goes on', { recordsExpected: 650, recordsRead: 650 }, 99, 650],
    ['651 of 650', { recordsExpected: 650, recordsRead: 651 }, 99, 651],
    ['much, of nobody knows what', { recordsRead: 5_000 }, 0, null],
    ['some, where none was expected', { recordsExpected: 0, recordsRead: 7 }, 0, 7],
    [
      'less than expected, and the run has ended',
      { recordsExpected: 650, recordsRead: 9, status: 'succeeded' },
      99.9,
      9,
    ],
  ])('of %s', (_what, over, percent, total) => {
    const answer = tell('running', [run('patients', { status: 'running', ...over })]);
    expect([answer.progress_percentage, answer.records_total]).toEqual([percent, total]);
    expect(answer.records_total ?? Infinity).toBeGreaterThanOrEqual(answer.records_processed);
  });

  it('counts every entity alike, and is 100 only when the sync is completed', () => {
    const runs = [
      run('a', { status: 'succeeded' }),
      run('b', { status: 'partial' }),
      run('c', { status: 'succeeded' }),
    ];
    expect(tell('running', runs.with(2, run('c'))).progress_percentage).toBe(66.6);
    expect(tell('running', runs).progress_percentage).toBe(99.9);
    expect(tell('succeeded', runs)).toMatchObject({
      status: 'completed',
      progress_percentage: 100,
      completed_steps: 3,
    });
    expect(tell('partial', runs)).toMatchObject({ status: 'completed', progress_percentage: 100 });
    const failed = runs.with(2, run('c', { status: 'failed', recordsExpected: 10, recordsRead: 5 }));
    expect(tell('partial', failed)).toMatchObject({ status: 'failed', progress_percentage: 83.3, completed_steps: 2 });
    expect(tell('cancelled', failed)).toMatchObject({ status: 'cancelled', progress_percentage: 83.3 });
  });

  it('never goes back, whatever a sync goes through, being taken up again included', () => {
    const random = seeded(20_260_101);
    for (let life = 0; life < 100; life += 1) {
      let runs = Array.from({ length: 1 + Math.floor(random() * 5) }, (_, i) =>
        run(`e${i}`, { recordsExpected: random() < 0.3 ? null : Math.floor(random() * 60) }),
      );
      let [percent, processed] = [0, 0];
      const see = (status: JobStatus) => {
        const answer = progressAnswer(job(status, runs), 'org');
        const seen = JSON.stringify(runs);
        expect(answer.progress_percentage, seen).toBeGreaterThanOrEqual(percent);
        expect(answer.records_processed, seen).toBeGreaterThanOrEqual(processed);
        expect(answer.progress_percentage, seen).toBeLessThanOrEqual(answer.status === 'completed' ? 100 : 99.9);
        [percent, processed] = [answer.progress_percentage, answer.records_processed];
        return answer.status;
      };
      see('queued');
      for (let index = 0; index < runs.length; index += 1) {
        const advance = (over: Partial<RunProgress>) => {
          runs = runs.with(index, { ...(runs[index] ?? run('?')), ...over });
        };
        for (let page = random() * 4; page > 0; page -= 1) {
          advance({ status: 'running', recordsRead: (runs[index]?.recordsRead ?? 0) + Math.floor(random() * 30) });
          see('running');
        }
        advance({ status: pick(random, ['succeeded', 'succeeded', 'partial', 'failed', 'skipped']) });
        see('running');
      }
      // Ended; what failed is retried by itself, and takes the job up again where it stopped.
      if (see('partial') === 'completed') continue;
      runs = runs.map((one) =>
        one.status === 'failed' || one.status === 'skipped' ? { ...one, status: 'pending' } : one,
      );
      see('running');
      runs = runs.map((one) => ({ ...one, status: 'succeeded' }));
      see('succeeded');
    }
  });
});

describe('what is told beside it', () => {
  it('is the step in words, and what it waits for', () => {
    const waits = { waitingFor: 'budget', waitingUntil: new Date('2026-01-01T12:05:00Z') } as const;
    const runs = [run('patients', { status: 'succeeded' }), run('appointment_types', { status: 'running', ...waits })];
    expect(tell('running', runs)).toMatchObject({
      current_step: 'Processing appointment types',
      current_operation: expect.stringContaining('until 2026-01-01T12:05:00.000Z'),
      ...{ total_steps: 2, completed_steps: 1 },
    });
    expect(tell('queued', runs)).toMatchObject({ status: 'starting', current_operation: 'Waiting in its queue' });
  });

  it('is when it ends, as far as anybody can tell', () => {
    const half = run('patients', { status: 'running', recordsExpected: 100, recordsRead: 50 });
    expect(tell('running', [half]).estimated_completion).toBe('2026-01-01T12:02:00.000Z');
    const rests = { ...half, waitingFor: 'budget', waitingUntil: new Date('2026-01-01T13:00:00Z') } as const;
    expect(tell('running', [rests]).estimated_completion).toBe('2026-01-01T13:01:00.000Z');
    expect(tell('running', [half, run('appointments')]).estimated_completion).toBeNull();
    expect(tell('succeeded', [half]).estimated_completion).toBeNull();
  });

  it('is what went wrong: of entities, of their records, and of the sync only if nothing else says it', () => {
    const ended = { status: 'failed', errorCode: 'UPSTREAM_TIMEOUT', errorMessage: 'slow' } as const;
    const runs = [run('a', { status: 'partial', recordsRead: 9, recordsFailed: 2 }), run('b', ended)];
    const told = { errorCode: 'UPSTREAM_TIMEOUT', errorMessage: 'b: slow' };
    expect(tell('partial', runs, told).errors).toEqual([
      {
        error_type: 'invalid_data_format',
        error_code: 'RECORD_INVALID',
        entity: 'a',
        message: expect.stringContaining('2 records'),
      },
      { error_type: 'api_connection_failed', error_code: 'UPSTREAM_TIMEOUT', entity: 'b', message: 'slow' },
    ]);
    const stale = { errorCode: 'JOB_STALE', errorMessage: 'nobody' };
    expect(tell('failed', [run('a')], stale).errors).toMatchObject([{ entity: null, error_type: 'sync_incomplete' }]);
    expect(tell('failed', [run('a')], { errorCode: 'OF_ANOTHER_RELEASE' }).errors).toMatchObject([
      { error_type: 'internal_error' },
    ]);
  });
});

function pick(random: () => number, of: readonly RunStatus[]): RunStatus {
  return of[Math.floor(random() * of.length)] ?? 'succeeded';
}

/** The same numbers every time (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
