import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The environment that `npm start` gives its API and workers: where services or keys are not named, those that it has
 * brought along and keeps in its home, if it was ever started there.
 */
export function withHome(env: Env): Env {
  const home = resolve(env['SYNCLINE_HOME'] || '.syncline');
  const kept = (name: string) => {
    const file = join(home, name);
    return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
  };
  const service = (scheme: string, name: string, user: string, path: string) => {
    const [password, port] = [kept(`${name}.password`), kept(`${name}.port`)];
    return password && port ? `${scheme}://${user}:${password}@127.0.0.1:${port}${path}` : undefined;
  };
  const redis = { REDIS_URL: env['REDIS_URL'] || service('redis', 'redis', '', '') };
  if (env['DATABASE_URL'] || kept('postgres.port') === undefined) return { ...env, ...redis };
  return {
    ...env,
    ...redis,
    DATABASE_URL: service('postgres', 'postgres', 'syncline', '/syncline'),
    SYNCLINE_ADMIN_KEY: env['SYNCLINE_ADMIN_KEY'] || kept('admin.key'),
    SYNCLINE_ENCRYPTION_KEY: env['SYNCLINE_ENCRYPTION_KEY'] || kept('encryption.key'),
    SYNCLINE_EGRESS_ALLOW: env['SYNCLINE_EGRESS_ALLOW'] || kept('egress.allow'),
    SYNCLINE_API_URL: env['SYNCLINE_API_URL'] || kept('api.url'),
  };
}
