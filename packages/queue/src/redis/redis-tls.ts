import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { RedisSetupError } from './redis-address.js';

/** What a `rediss` address goes with, where the machine's own authorities are not enough. Files are PEM. */
export interface RedisTls {
  /** Authorities that have signed the servers' certificates, instead of those that the system knows. */
  readonly caFile?: string | undefined;
  /** Our own certificate, for servers that ask for one, and its key. */
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
  /** The name that servers have to have in their certificates, where they are reached by another one. */
  readonly servername?: string | undefined;
}

export interface TlsMaterial {
  ca?: Buffer;
  cert?: Buffer;
  key?: Buffer;
  servername?: string;
}

/** Reads the files. Throws RedisSetupError for one that cannot be read or is no certificate or key. */
export function readTls(given: RedisTls): TlsMaterial {
  const { caFile, certFile, keyFile, servername } = given;
  if ((certFile === undefined) !== (keyFile === undefined)) {
    throw new RedisSetupError('REDIS_TLS_CERT_FILE and REDIS_TLS_KEY_FILE belong together: set both, or neither');
  }
  const material: TlsMaterial = {
    ...(caFile !== undefined && { ca: read('REDIS_TLS_CA_FILE', caFile) }),
    ...(certFile !== undefined && { cert: read('REDIS_TLS_CERT_FILE', certFile) }),
    ...(keyFile !== undefined && { key: read('REDIS_TLS_KEY_FILE', keyFile) }),
    ...(servername !== undefined && { servername }),
  };
  try {
    createSecureContext(material);
  } catch (error) {
    throw new RedisSetupError(
      `REDIS_TLS_…_FILE: ${messageOf(error)}; the files have to be PEM, the key that of the certificate`,
    );
  }
  // A file without a certificate in it is no error to Node: it would just trust nobody.
  if (material.ca !== undefined && !material.ca.includes('-----BEGIN CERTIFICATE-----')) {
    throw new RedisSetupError('REDIS_TLS_CA_FILE holds no certificate in PEM');
  }
  return material;
}

function read(variable: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new RedisSetupError(`${variable} cannot be read: ${messageOf(error)}`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
