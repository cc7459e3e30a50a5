import type { AddressInfo, Server } from 'node:net';
import { StartError } from './start-error.js';

/** Where to listen, and the variable that an operator sets to have another port. */
export interface ListenAt {
  readonly host: string;
  readonly port: number;
  readonly portVariable: string;
}

/**
 * Waits until a server listens (`begin` makes it); the URL to reach it at. Throws StartError when the address cannot be had.
 */
export async function listen(server: Server, begin: () => Promise<unknown>, at: ListenAt): Promise<string> {
  const { host, port, portVariable } = at;
  try {
    await begin();
  } catch (error) {
    switch ((error as NodeJS.ErrnoException).code) {
      case 'EADDRINUSE':
        throw new StartError(`Port ${port} is taken by another program: set ${portVariable} to a free one.`, {
          cause: error,
        });
      case 'EACCES':
        throw new StartError(`Port ${port} may not be used by this user: set ${portVariable} to one above 1023.`, {
          cause: error,
        });
      case 'EADDRNOTAVAIL':
      case 'ENOTFOUND':
        throw new StartError(`HOST ${host} is not an address of this machine.`, { cause: error });
      default:
        throw error;
    }
  }
  const { address, family, port: taken } = server.address() as AddressInfo;
  const everywhere = address === '0.0.0.0' || address === '::';
  const reachable = everywhere ? '127.0.0.1' : family === 'IPv6' ? `[${address}]` : address;
  return `http://${reachable}:${taken}`;
}
