import type { Recorder } from '@syncline/metrics';
import type { CommitOutcome } from '@syncline/store';

const outcomes = ['created', 'updated', 'unchanged', 'failed'] as const;

/** Tells of pages that were committed: as many as they count for in `sync_progress`, each record in its own entity. */
export function measureCommit(
  recorder: Recorder,
  connector: string,
  entity: string,
  pages: number,
  outcome: CommitOutcome,
): void {
  recorder.count('syncline_pages_total', { connector, entity }, pages);
  for (const one of [{ ...outcome, entity }, ...outcome.along]) {
    for (const name of outcomes) {
      if (one[name] === 0) continue;
      recorder.count('syncline_records_total', { connector, entity: one.entity, outcome: name }, one[name]);
    }
  }
}
