import { chmod, link, rename, unlink } from 'node:fs/promises';
import { createConnection, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { homeHash } from './layout.js';

/** What the keeper that holds a home says of itself. */
export interface Holder {
  /** The process that asked for the services; undefined when it could not be learned. */
  parent?: number | undefined;
  /** It is about to be gone. */
  stopping: boolean;
}

/** The socket of a home. Short, as the system allows some 100 bytes; one per user, as others may not remove it. */
export function lockSocketPath(home: string): string {
  return join(tmpdir(), `syncline-${process.getuid?.() ?? 0}-${homeHash(home)}.sock`);
}

/** Who listens on the socket; undefined when nobody does. */
export function askHolder(socket: string): Promise<Holder | undefined> {
  return new Promise((resolve) => {
    let answer = '';
    const connection = createConnection(socket);
    const finish = (): void => {
      connection.destroy();
      resolve(parseHolder(answer));
    };
    connection.setTimeout(1_000, finish);
    connection.on('data', (chunk) => {
      answer += chunk.toString();
    });
    connection.on('end', finish);
    connection.on('error', () => resolve(undefined));
  });
}

/** Listens on the socket and answers whoever asks; undefined when the name is taken. */
export function listenOn(socket: string, holder: () => Holder): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((connection) => {
      connection.on('error', () => {});
      // Not left half open: a visitor who stays would keep us from closing.
      connection.end(JSON.stringify(holder()), () => connection.destroy());
    });
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(socket, () => {
      chmod(socket, 0o600).then(() => resolve(server), reject);
    });
  });
}

/**
 * Removes a socket that nobody listens on. Two starts may do this at once, so the name is moved aside
 * first and what was moved is asked again: a socket that came to life in between is put back.
 */
export async function discardStaleSocket(socket: string, suffix: string): Promise<void> {
  const aside = `${socket}.${suffix}`;
  try {
    await rename(socket, aside);
  } catch {
    return;
  }
  if (await askHolder(aside)) await link(aside, socket).catch(() => {});
  await unlink(aside).catch(() => {});
}

function parseHolder(answer: string): Holder {
  try {
    const { parent, stopping } = JSON.parse(answer) as { parent?: unknown; stopping?: unknown };
    return { parent: typeof parent === 'number' ? parent : undefined, stopping: stopping === true };
  } catch {
    // It accepted the connection, so it is there, even if it is too busy (or suspended) to say more.
    return { stopping: false };
  }
}
