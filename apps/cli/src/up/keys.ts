import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EnvironmentError } from '@syncline/config';

export interface Keys {
  readonly adminKey: string;
  readonly encryptionKey: string;
}

/**
 * The keys of the installation: those of the environment, or in embedded mode ones that are made once and kept beside
 * the data they protect.
 *
 * Throws EnvironmentError when the database is the user's own and a key is missing: keys that only lie in a folder here
 * would be lost with it.
 */
export function keysOf(env: Readonly<Record<string, string | undefined>>, home: string, embedded: boolean): Keys {
  if (!embedded) {
    const missing = ['SYNCLINE_ADMIN_KEY', 'SYNCLINE_ENCRYPTION_KEY'].filter((name) => !env[name]);
    if (missing.length > 0) {
      throw new EnvironmentError(
        `${missing.join(' and ')} must be set when DATABASE_URL is. Make them once and keep them:\n` +
          '  SYNCLINE_ADMIN_KEY=$(openssl rand -hex 24)\n  SYNCLINE_ENCRYPTION_KEY=$(openssl rand -base64 32)',
      );
    }
  }
  mkdirSync(home, { recursive: true });
  return {
    adminKey: env['SYNCLINE_ADMIN_KEY'] || kept(join(home, 'admin.key'), () => randomBytes(24).toString('hex')),
    encryptionKey:
      env['SYNCLINE_ENCRYPTION_KEY'] || kept(join(home, 'encryption.key'), () => randomBytes(32).toString('base64')),
  };
}

function kept(file: string, make: () => string): string {
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const key = make();
  writeFileSync(file, `${key}\n`, { mode: 0o600 });
  return key;
}
