import { readInstallation, readSchemaStanding } from '@syncline/store';
import type { WorkContext } from '../context.js';
import { type Footing, judgeFooting } from './judge-footing.js';

/**
 * How Postgres and Redis stand to one another now. Rejects when one of them is away; but that a database is at another
 * place, or of another release, is known without Redis.
 */
export async function readFooting(ctx: Pick<WorkContext, 'db' | 'marks'>): Promise<Footing> {
  // The mark first, see there.
  const mark = await ctx.marks.read().catch((error: unknown) => new Unread(error));
  const { fits } = await readSchemaStanding(ctx.db);
  if (!fits) {
    const message = "The database's schema is newer than this release and does not work with it: start the newer one.";
    return { kind: 'held', reason: 'schema', message };
  }
  const found = await readInstallation(ctx.db);
  if (found === undefined) return { kind: 'free' };
  if (!(mark instanceof Unread)) return judgeFooting(found, mark);
  const footing = judgeFooting(found, undefined);
  if (footing.kind === 'held') return footing;
  throw mark.reason;
}

class Unread {
  readonly reason: unknown;

  constructor(reason: unknown) {
    this.reason = reason;
  }
}
