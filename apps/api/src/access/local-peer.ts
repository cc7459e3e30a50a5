import type { Socket } from 'node:net';
import { isLoopback } from './local-browser.js';
import { isOwnPeer } from './peer-user.js';

/** The other end of a connection stays whose it is, so that it is looked up once. */
const known = new WeakMap<Socket, Promise<boolean>>();

/** Whether the other end of a connection is on this machine and, as far as that can be told, not another user's. */
export function isLocalPeer(socket: Socket): Promise<boolean> {
  const found = known.get(socket) ?? lookUp(socket);
  known.set(socket, found);
  return found;
}

async function lookUp(socket: Socket): Promise<boolean> {
  return isLoopback(socket.remoteAddress) && (await isOwnPeer(socket)) !== false;
}
