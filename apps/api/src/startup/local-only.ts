import type { Environment } from '@syncline/config';

type Names = 'SYNCLINE_LOCAL_SIGN_IN' | 'HOST' | 'SYNCLINE_TRUSTED_PROXIES';

/**
 * Whether browsers of this machine are signed in without a key: where it was asked for, and nobody else can reach us.
 * With another address than loopback, forwarded ports of a container may come from everywhere and look local; and who
 * names proxies has some.
 */
export function isLocalOnly(environment: Pick<Environment, Names>): boolean {
  const { SYNCLINE_LOCAL_SIGN_IN, HOST, SYNCLINE_TRUSTED_PROXIES } = environment;
  return (
    SYNCLINE_LOCAL_SIGN_IN && ['127.0.0.1', '::1', 'localhost'].includes(HOST) && SYNCLINE_TRUSTED_PROXIES.length === 0
  );
}
