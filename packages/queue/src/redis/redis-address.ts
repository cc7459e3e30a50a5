/** Where Redis is, as REDIS_URL says it. */
export interface RedisAddress {
  readonly kind: 'single' | 'sentinel' | 'cluster';
  readonly tls: boolean;
  /** The server, the Sentinels, or nodes of the Cluster: all that is known of them is asked for the rest. */
  readonly hosts: readonly RedisHost[];
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly db: number;
  /** What the Sentinels call the master. */
  readonly masterName: string | undefined;
  readonly sentinelUsername: string | undefined;
  readonly sentinelPassword: string | undefined;
  /** 4 or 6 where names are to be resolved to such addresses only; 0: to either. */
  readonly family: number;
}

interface RedisHost {
  readonly host: string;
  readonly port: number;
}

/** An address, a certificate or a setting of Redis that cannot work; the message says what to change. */
export class RedisSetupError extends Error {
  override readonly name = 'RedisSetupError';
}

const form = /^redis(s?)(?:\+(sentinel|cluster))?:\/\/(?:([^/?]*)@)?([^@/?]*)(?:\/([^?]*))?(?:\?(.*))?$/;
const forms = 'redis://, rediss://, redis+sentinel://, rediss+sentinel://, redis+cluster:// or rediss+cluster://';
const defaultPort = { single: 6379, cluster: 6379, sentinel: 26_379 };
const options = ['family', 'sentinel_username', 'sentinel_password'];

/**
 * Reads an address: `redis://user:password@host:6379/0`, `redis+sentinel://…@host:26379,host:26379/master/0` or
 * `redis+cluster://…@host:6379,host:6379`; with `rediss` all of it goes over TLS. Ports may be left out. What is no
 * letter or digit in a name or password is written with a percent sign. Of several @ the last one ends the password: the rest
 * of it would be looked up as a host, and logged.
 *
 * Throws RedisSetupError with what to change; it repeats no part of the address, which holds a password.
 */
export function parseRedisAddress(text: string): RedisAddress {
  const [, secure, special, login = '', authority = '', path = '', query = ''] = form.exec(text) ?? refuseForm();
  const kind = (special ?? 'single') as RedisAddress['kind'];
  const hosts = authority.split(',').map((one) => readHost(one, defaultPort[kind]));
  if (kind === 'single' && hosts.length > 1) {
    throw new RedisSetupError(
      'has several hosts: write redis+sentinel:// for Sentinels, redis+cluster:// for a Cluster',
    );
  }
  const params = new URLSearchParams(query);
  for (const name of params.keys()) {
    if (!options.includes(name))
      throw new RedisSetupError(`has an option that is not known; known are ${options.join(', ')}`);
  }
  const family = params.get('family') ?? '0';
  if (!['0', '4', '6'].includes(family)) throw new RedisSetupError('has a family that is not 0, 4 or 6');
  const [first = '', second = '', ...more] = path.split('/').map(decoded);
  const [masterName, db] = kind === 'sentinel' ? [first, second] : [undefined, first];
  if (masterName === '') {
    throw new RedisSetupError('has to name the master after the Sentinels: redis+sentinel://host:26379/mymaster');
  }
  if (!/^\d*$/.test(db) || more.length > 0 || (kind !== 'sentinel' && second !== '')) {
    throw new RedisSetupError('has to end with the number of a database, or with nothing');
  }
  if (kind === 'cluster' && Number(db) !== 0) {
    throw new RedisSetupError('names a database: a Redis Cluster has only number 0');
  }
  const colon = login.indexOf(':');
  const [username, password] = colon < 0 ? [login, ''] : [login.slice(0, colon), login.slice(colon + 1)];
  return {
    ...{ kind, tls: secure === 's', hosts, db: Number(db), masterName, family: Number(family) },
    username: decoded(username) || undefined,
    password: decoded(password) || undefined,
    sentinelUsername: params.get('sentinel_username') ?? undefined,
    sentinelPassword: params.get('sentinel_password') ?? undefined,
  };
}

/** Hosts and ports without what may be secret. */
export function hostsOf({ hosts }: RedisAddress): string {
  return hosts.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`).join(',');
}

function readHost(text: string, defaultTo: number): RedisHost {
  const [, inBrackets, plain = '', port] = /^(?:\[([0-9a-f:.]+)\]|([^:[\]\s]+))(?::(\d{1,5}))?$/i.exec(text) ?? [];
  const host = inBrackets ?? plain;
  if (host === '' || Number(port ?? defaultTo) > 65_535) {
    throw new RedisSetupError('has to list hosts as host or host:port, with commas; an IPv6 address in brackets');
  }
  return { host, port: Number(port ?? defaultTo) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new RedisSetupError('has a percent sign that begins no %xx: write %25 for the sign itself');
  }
}

function refuseForm(): never {
  throw new RedisSetupError(`has to be a URL that starts with ${forms}`);
}
