import { stat } from 'node:fs/promises';
import { EmbeddedError } from '../embedded-error.js';
import { runTool } from './run-tool.js';

/** The user a service runs as when we are root. */
export interface Identity {
  name: string;
  uid: number;
  gid: number;
}

/**
 * Postgres refuses to run as root, so root lends it another user: the owner of the data if there
 * is some, else `postgres`, else `nobody`. Undefined when we are not root and run it as ourselves.
 * Throws an EmbeddedError when root finds no such user.
 */
export async function serviceIdentity(dataFolder: string): Promise<Identity | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(dataFolder).catch(() => undefined);
  if (owner && owner.uid !== 0) return { name: `user ${owner.uid}`, uid: owner.uid, gid: owner.gid };
  for (const name of ['postgres', 'nobody']) {
    const found = await lookUp(name);
    if (found) return found;
  }
  throw new EmbeddedError(
    'Postgres refuses to run as root, and there is neither a user "postgres" nor a user "nobody" to run it as.',
    'Start Syncline as an ordinary user, or set DATABASE_URL to a Postgres of yours.',
  );
}

async function lookUp(name: string): Promise<Identity | undefined> {
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (flag) => {
      const shown = await runTool({ command: 'id', args: [flag, name] });
      return shown.ok ? Number(shown.output.trim()) : Number.NaN;
    }),
  );
  if (uid === undefined || gid === undefined || !(uid > 0) || !(gid >= 0)) return undefined;
  return { name, uid, gid };
}
