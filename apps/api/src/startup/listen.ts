import type { AddressInfo } from 'node:net';
import { StartError } from '@syncline/service';
import type { App } from '../api-context.js';

/** Starts listening; the URL to reach the server at. Throws StartError when the address cannot be had. */
export async function listen(app: App, host: string, port: number): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    switch ((error as NodeJS.ErrnoException).code) {
      case 'EADDRINUSE':
        throw new StartError(`Port ${port} is taken by another program: set PORT to a free one.`, { cause: error });
      case 'EACCES':
        throw new StartError(`Port ${port} may not be used by this user: set PORT to one above 1023.`, {
          cause: error,
        });
      case 'EADDRNOTAVAIL':
      case 'ENOTFOUND':
        throw new StartError(`HOST ${host} is not an address of this machine.`, { cause: error });
      default:
        throw error;
    }
  }
  const { address, family, port: taken } = app.server.address() as AddressInfo;
  const everywhere = address === '0.0.0.0' || address === '::';
  const reachable = everywhere ? '127.0.0.1' : family === 'IPv6' ? `[${address}]` : address;
  return `http://${reachable}:${taken}`;
}
