import { variables } from '@syncline/config';
import { parseRedisAddress } from '@syncline/queue';
import { type Check, ok, problem, warning } from '../check.js';
import { distance } from '../distance.js';

const needed = ['DATABASE_URL', 'REDIS_URL', 'SYNCLINE_ADMIN_KEY', 'SYNCLINE_ENCRYPTION_KEY'] as const;
const oldestNode = [20, 20] as const;

export const environmentChecks: readonly Check[] = [
  {
    id: 'environment.required',
    look: ({ env }) => {
      const missing = needed.filter((name) => !env[name]);
      if (missing.length === 0) return ok('All that API and workers need is set.');
      return problem(`Not set: ${missing.join(', ')}. API and workers need them (docs/configuration.md).`);
    },
  },
  {
    id: 'environment.valid',
    look: ({ environment: { invalid } }) =>
      invalid.length === 0 ? ok('All values can be read.') : problem(`Put right: ${invalid.join('; ')}.`),
  },
  {
    id: 'environment.unknown',
    look: ({ environment: { unknown }, env }) => {
      const strange = [...unknown, ...misspelt(env)];
      if (strange.length === 0) return ok('No variable looks misspelt.');
      const said = strange.map((name) => {
        const [near] = nearest(name);
        return near === undefined ? `${name} is not known` : `${name} is not known; ${near} is`;
      });
      // API and workers refuse to start with the first kind.
      return (unknown.length > 0 ? problem : warning)(`${said.join('; ')}.`);
    },
  },
  {
    id: 'environment.safe',
    look: ({ env }) => {
      const weak = [
        ...(isFar(hostOf(env['DATABASE_URL'])) && !/sslmode=(require|verify)/.test(env['DATABASE_URL'] ?? '')
          ? ['DATABASE_URL leads to another network without sslmode=verify-full']
          : []),
        ...(goesPlainlyFar(env['REDIS_URL']) ? ['REDIS_URL leads to another network without TLS (rediss)'] : []),
        ...(isEasy(env['SYNCLINE_ADMIN_KEY']) ? ['SYNCLINE_ADMIN_KEY can be guessed: openssl rand -hex 24'] : []),
        ...(env['SYNCLINE_ADMIN_KEY'] && env['SYNCLINE_ADMIN_KEY'] === env['SYNCLINE_API_KEY']
          ? ['SYNCLINE_API_KEY is the admin key: make a key for one organization']
          : []),
        ...(env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0'
          ? ['NODE_TLS_REJECT_UNAUTHORIZED=0 takes every certificate']
          : []),
      ];
      return weak.length === 0 ? ok('No value looks careless.') : warning(`${weak.join('; ')}.`);
    },
  },
  {
    id: 'egress.allowed',
    look: ({ environment: { values } }) => {
      const allowed = values.SYNCLINE_EGRESS_ALLOW ?? [];
      if (allowed.length === 0) return ok('Only public https addresses may be reached.');
      return warning(
        `May be reached although private or without TLS: ${allowed.join(', ')}. Take out of SYNCLINE_EGRESS_ALLOW what is no vendor of yours.`,
      );
    },
  },
  {
    id: 'node.version',
    look: () => {
      const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
      const fits = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
      const version = `Node ${process.versions.node}`;
      return fits ? ok(`${version}.`) : problem(`${version}; ${oldestNode.join('.')} or later is needed.`);
    },
  },
];

/** Names without our prefix that are nearly one of ours, such as DATABSE_URL. */
function misspelt(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.keys(env).filter(
    (name) => name.length >= 6 && !name.startsWith('SYNCLINE_') && !(name in variables) && nearest(name, 1).length > 0,
  );
}

function nearest(name: string, most = 4): string[] {
  return Object.keys(variables)
    .map((known) => ({ known, off: distance(name, known) }))
    .filter(({ off }) => off > 0 && off <= most)
    .sort((one, two) => one.off - two.off)
    .map(({ known }) => known);
}

function goesPlainlyFar(redisUrl: string | undefined): boolean {
  try {
    const { tls, hosts } = parseRedisAddress(redisUrl ?? '');
    return !tls && hosts.some(({ host }) => isFar(host));
  } catch {
    // What cannot be read is said by another check.
    return false;
  }
}

function hostOf(url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(url).hostname : undefined;
}

/** Beyond this machine, a private network and the names of containers. */
function isFar(host: string | undefined): boolean {
  return (
    host?.includes('.') === true &&
    !/^(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)|\.(local|internal|svc)$/.test(host)
  );
}

/** Few different characters, or words that come from examples. */
function isEasy(key: string | undefined): boolean {
  return (
    key !== undefined && key !== '' && (new Set(key).size < 8 || /change.?me|secret|password|example|admin/i.test(key))
  );
}
