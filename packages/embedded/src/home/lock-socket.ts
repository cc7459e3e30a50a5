import { randomBytes } from 'node:crypto';
import { chmod, readdir, stat, unlink } from 'node:fs/promises';
import { createConnection, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { homeHash } from './layout.js';

/** What somebody who listens for a home says of himself. */
export interface Holder {
  /** The process that asked for the services; undefined when it could not be learned. */
  parent?: number | undefined;
  /** It is about to be gone. */
  stopping: boolean;
  /** It does not hold the home yet: it still looks whether others listen. */
  trying?: boolean;
}

/**
 * A socket for a home, under a name that nobody has had before: once nobody listens on it, nobody ever will, and anyone
 * may remove it. Short, as the system allows some 100 bytes; one per user, as others may not remove it.
 */
export function newLockSocket(home: string): string {
  return join(tmpdir(), `${family(home)}${randomBytes(4).toString('hex')}.sock`);
}

/** How the names of all sockets of a home begin. */
function family(home: string): string {
  return `syncline-${process.getuid?.() ?? 0}-${homeHash(home)}-`;
}

/** Younger ones may be about to listen: the name is there a moment before. */
const surelyDeadMs = 2_000;

/** Everybody who listens for a home, but for `own`. Sockets that nobody listens on are removed. */
export async function listeners(home: string, own?: string): Promise<Holder[]> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(family(home)));
  const sockets = names.map((name) => join(tmpdir(), name)).filter((socket) => socket !== own);
  const answers = await Promise.all(
    sockets.map(async (socket) => {
      const holder = await askHolder(socket);
      if (holder === undefined) await removeDead(socket);
      return holder;
    }),
  );
  return answers.filter((holder) => holder !== undefined);
}

async function removeDead(socket: string): Promise<void> {
  try {
    if (Date.now() - (await stat(socket)).mtimeMs > surelyDeadMs) await unlink(socket);
  } catch {
    // Somebody else has removed it.
  }
}

/** Who listens on the socket; undefined when nobody does. */
export function askHolder(socket: string): Promise<Holder | undefined> {
  return new Promise((resolve) => {
    let answer = '';
    const connection = createConnection(socket);
    const finish = (holder: Holder): void => {
      connection.destroy();
      resolve(holder);
    };
    // It is there, even if it is too busy (or suspended) to say so.
    connection.setTimeout(1_000, () => finish({ stopping: false }));
    connection.on('data', (chunk) => {
      answer += chunk.toString();
    });
    connection.on('end', () => finish(parseHolder(answer)));
    connection.on('error', (error: NodeJS.ErrnoException) => {
      const isDead = error.code === 'ECONNREFUSED' || error.code === 'ENOENT';
      resolve(isDead ? undefined : parseHolder(answer));
    });
  });
}

/** Listens on the socket and answers whoever asks. */
export function listenOn(socket: string, holder: () => Holder): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((connection) => {
      connection.on('error', () => {});
      // Not left half open: a visitor who stays would keep us from closing.
      connection.end(JSON.stringify(holder()), () => connection.destroy());
    });
    server.once('error', reject);
    server.listen(socket, () => {
      chmod(socket, 0o600).then(() => resolve(server), reject);
    });
  });
}

function parseHolder(answer: string): Holder {
  try {
    const { parent, stopping, trying } = JSON.parse(answer) as Record<keyof Holder, unknown>;
    const isNumber = typeof parent === 'number';
    return { parent: isNumber ? parent : undefined, stopping: stopping === true, trying: trying === true };
  } catch {
    // It hung up without a word: it withdraws, or is about to be gone. Asking again will tell.
    return { stopping: false, trying: true };
  }
}
