import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { EnvironmentError } from '@syncline/config';
import { readEnvironment } from '../environment.js';

/** Where the API is, and with what it is asked. */
export interface ApiAddress {
  readonly url: string;
  readonly key: string;
}

/** The file in which `npm start` keeps the address of its API, beside the keys that it made. */
export function urlFile(home: string): string {
  return join(home, 'api.url');
}

/** The file in which it keeps which hosts of its simulators may be reached. */
export function egressFile(home: string): string {
  return join(home, 'egress.allow');
}

/**
 * The API that was named, or the one of this machine's `npm start`. The key that this one keeps is for it alone: an
 * address that somebody named does not get it.
 *
 * Throws EnvironmentError when there is no key.
 */
export function findApi(named: string | undefined): ApiAddress {
  const environment = readEnvironment();
  const home = resolve(environment.SYNCLINE_HOME);
  const elsewhere = named ?? environment.SYNCLINE_API_URL;
  const own = elsewhere === undefined ? kept(join(home, 'admin.key')) : undefined;
  const key = environment.SYNCLINE_API_KEY ?? environment.SYNCLINE_ADMIN_KEY ?? own;
  if (key === undefined) {
    throw new EnvironmentError('SYNCLINE_API_KEY must be set: an API key with the role operator, or the admin key.');
  }
  const url = elsewhere ?? kept(urlFile(home)) ?? `http://127.0.0.1:${environment.PORT}`;
  return { url: url.replace(/\/+$/, ''), key };
}

function kept(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}
