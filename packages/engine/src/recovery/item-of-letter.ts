import { type DeadLetter, readNodeId } from '@syncline/queue';
import { type ItemHead, readItemHead, readJob, readRunItemHead } from '@syncline/store';
import type { EngineContext } from '../context.js';

/** The failed item that a letter is about; undefined when it is gone. A run's or a job's only as long as it is open. */
export async function itemOfLetter(ctx: Pick<EngineContext, 'db'>, letter: DeadLetter): Promise<ItemHead | undefined> {
  if (letter.kind === 'item') return readItemHead(ctx.db, letter.itemId);
  const place = placeOf(letter);
  const job = place === undefined ? undefined : await readJob(ctx.db, place.syncJobId);
  if (place === undefined || job === undefined) return undefined;
  const kind = place.entity === '' ? 'job' : 'entity_run';
  return readRunItemHead(ctx.db, job.id, kind, place.entity);
}

function placeOf(letter: Exclude<DeadLetter, { kind: 'item' }>): { syncJobId: string; entity: string } | undefined {
  if (letter.kind === 'entity_run') return letter;
  if (letter.kind === 'job') return { syncJobId: letter.syncJobId, entity: '' };
  const node = readNodeId(letter.stepId);
  return node && { syncJobId: node.syncJobId, entity: node.step === 'finish' ? '' : node.step };
}
