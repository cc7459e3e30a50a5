import { isIP } from 'node:net';
import { z } from 'zod';

/** A variable of the environment. Connectors add theirs in the same form. */
export interface Variable {
  readonly schema: z.ZodType;
  readonly doc: string;
  /** Never shown, not even in error messages. */
  readonly secret?: boolean;
}

/** A URL like postgres://…; one clear sentence when it is not. */
const urlOf = (...protocols: string[]) =>
  z.url({
    protocol: new RegExp(`^(${protocols.join('|')})$`),
    error: `has to be a URL that starts with ${protocols.map((p) => `${p}://`).join(' or ')}`,
  });

/** A whole number within bounds, said in one sentence when it is not. */
const wholeNumber = (least: number, most: number) => {
  const error = `has to be a whole number from ${least} to ${most}`;
  return z.coerce.number({ error }).int(error).min(least, error).max(most, error);
};

const keyText = z
  .string()
  .refine((text) => text.split(',').every(isKey), 'has to be 32 bytes in base64 or hex: openssl rand -base64 32');

function isKey(text: string): boolean {
  const key = text.trim();
  return /^[0-9a-f]{64}$/i.test(key) || (/^[A-Za-z0-9+/_-]+=*$/.test(key) && Buffer.from(key, 'base64').length === 32);
}

/** What stands between commas. */
function listOf(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);
}

type Role = 'viewer' | 'operator' | 'admin';
const roles: ReadonlySet<string> = new Set<Role>(['viewer', 'operator', 'admin']);

/** As browsers send it: no path, no default port, no wildcard. */
function isOrigin(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

/** An address, or one with the length of its network's prefix. */
function isNetwork(text: string): boolean {
  const [address = '', length, ...rest] = text.split('/');
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  const fits = length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= bits);
  return bits > 0 && fits && rest.length === 0;
}

/** Whoever can change what comes over the line could sign tokens. */
function isSafelyReached(text: string): boolean {
  // Another check says so of what is no URL at all.
  if (!URL.canParse(text)) return true;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || ['127.0.0.1', '[::1]', 'localhost'].includes(hostname);
}
const isSigningKey = (text: string) => {
  const [, key] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
  const { length } = Buffer.from(key ?? '', 'base64');
  return length >= 24 && length <= 64;
};

/** Every variable that is not a vendor's. `.env.example` and docs/configuration.md are checked against it by a test. */
export const variables = {
  DATABASE_URL: {
    schema: urlOf('postgres', 'postgresql').optional(),
    doc: 'Your Postgres (14 or later). Unset: `npm start` and `npm test` bring their own.',
    secret: true,
  },
  SYNCLINE_DATABASE_SCHEMA: {
    schema: z
      .string()
      .regex(
        /^(?!pg_|information_schema$)[a-z_][a-z0-9_]{0,62}$/,
        'has to be a plain name of a schema: small letters, digits and underscores, 63 at most, not beginning with pg_',
      )
      .optional(),
    doc: "Schema of your Postgres that all tables are in; `migrate` makes it. Unset: the role's own, which is `public` unless somebody changed it.",
  },
  SYNCLINE_DATABASE_POOL: {
    schema: wholeNumber(2, 500).optional(),
    doc: 'Most connections to Postgres that a process holds. Unset: 10 for an API, 5 more than SYNCLINE_WORKER_CONCURRENCY for a worker.',
  },
  REDIS_URL: {
    // How hosts, masters and passwords stand in it is read where it is connected to.
    schema: z
      .string()
      .regex(
        /^rediss?(\+(sentinel|cluster))?:\/\/[^/\s]/,
        'has to be a URL that starts with redis:// or rediss://, or with redis+sentinel:// or redis+cluster://',
      )
      .optional(),
    doc: 'Your Redis (6.2 or later) or Valkey, with maxmemory-policy noeviction; also behind Sentinels or as a Cluster (docs/topologies.md). Unset: brought along as well.',
    secret: true,
  },
  REDIS_TLS_CA_FILE: {
    schema: z.string().optional(),
    doc: "PEM file of the authority that signed Redis' certificate, for a REDIS_URL with `rediss`. Unset: those that Node knows.",
  },
  REDIS_TLS_CERT_FILE: {
    schema: z.string().optional(),
    doc: 'PEM file of our own certificate, for a Redis that asks for one.',
  },
  REDIS_TLS_KEY_FILE: {
    schema: z.string().optional(),
    doc: 'PEM file of its key.',
  },
  REDIS_TLS_SERVERNAME: {
    schema: z.string().optional(),
    doc: "The name in Redis' certificate, where REDIS_URL has another one, or an address.",
  },
  PORT: { schema: wholeNumber(0, 65_535).default(3000), doc: 'Port of the API.' },
  SYNCLINE_WORKER_PORT: {
    schema: wholeNumber(0, 65_535).optional(),
    doc: "Port of a worker's status server: /healthz, /readyz and /metrics. Unset: it listens nowhere.",
  },
  HOST: {
    schema: z.string().default('127.0.0.1'),
    doc: "Address that the API and workers' status servers listen on; 0.0.0.0 in a container.",
  },
  SYNCLINE_HOME: {
    schema: z.string().default('.syncline'),
    doc: 'Folder for the embedded services, their data and the generated keys.',
  },
  SYNCLINE_ADMIN_KEY: {
    schema: z.string().min(16, 'has to have at least 16 characters: openssl rand -hex 24').optional(),
    doc: 'The platform key: good for every organization. Generated and kept under SYNCLINE_HOME by `npm start`.',
    secret: true,
  },
  SYNCLINE_LOCAL_SIGN_IN: {
    schema: z
      .enum(['true', 'false'], 'has to be true or false')
      .default('false')
      .transform((text) => text === 'true'),
    doc: 'Whether the browser of whoever runs it on this machine is the platform without a key. `npm start` with its own database sets it.',
  },
  SYNCLINE_TRUSTED_PROXIES: {
    schema: z
      .string()
      .transform(listOf)
      .refine(
        (list) => list.every(isNetwork),
        'has to list addresses or networks such as 10.0.0.0/8, separated by commas',
      )
      .prefault(''),
    doc: 'Addresses or networks of the proxies before the API: what their X-Forwarded-For says is believed, and nobody else’s.',
  },
  SYNCLINE_JWT_JWKS_URL: {
    schema: urlOf('https', 'http')
      .refine(isSafelyReached, 'has to be an https address; http is for this machine only')
      .optional(),
    doc: "Where the identity provider publishes its signing keys. With it, the provider's tokens are accepted.",
  },
  SYNCLINE_JWT_ISSUER: {
    schema: z.string().optional(),
    doc: 'The `iss` that tokens have to have, to the letter. Required with SYNCLINE_JWT_JWKS_URL.',
  },
  SYNCLINE_JWT_AUDIENCE: {
    schema: z.string().optional(),
    doc: 'The `aud` that tokens have to have; the `azp` of tokens that have no `aud`. Required with SYNCLINE_JWT_JWKS_URL.',
  },
  SYNCLINE_JWT_ORGANIZATION_CLAIM: {
    schema: z.string().default('org_id'),
    doc: 'The claim with the external id of the organization, or a list of them; dots lead into objects: `o.id`.',
  },
  SYNCLINE_JWT_ROLE_CLAIM: {
    schema: z.string().default('role'),
    doc: 'The claim with the role, or a list of them; dots lead into objects: `o.rol`.',
  },
  SYNCLINE_JWT_ROLES: {
    schema: z
      .string()
      .transform((text) => listOf(text).map((entry) => entry.split('=').map((part) => part.trim())))
      .refine(
        (pairs) => pairs.every(([word, role, ...rest]) => word && roles.has(role ?? '') && rest.length === 0),
        'has to list word=role, separated by commas, with the roles viewer, operator and admin',
      )
      .transform((pairs) => pairs.map(([word, role]) => [word, role] as [string, Role]))
      .prefault(''),
    doc: 'What the provider calls our roles: `org:admin=admin,org:member=viewer`. A token without a known role is refused.',
  },
  SYNCLINE_API_RATE_LIMIT_PER_MINUTE: {
    schema: wholeNumber(1, 1_000_000).default(600),
    doc: 'Requests that one API key, or the subject of a token, may make in a minute, over all instances of the API.',
  },
  SYNCLINE_CORS_ORIGINS: {
    schema: z
      .string()
      .transform(listOf)
      .refine(
        (list) => list.every(isOrigin),
        'has to list origins such as https://app.example.com, separated by commas',
      )
      .prefault(''),
    doc: 'Origins whose pages may call the API with a key or token, with commas: `https://app.example.com`. Cookies are never taken from them.',
  },
  SYNCLINE_API_URL: {
    schema: urlOf('http', 'https').optional(),
    doc: 'Where `npm run sync` finds the API. Unset: that of `npm start`, else PORT of this machine.',
  },
  SYNCLINE_API_KEY: {
    schema: z.string().min(16, 'has to have at least 16 characters').optional(),
    doc: 'The key that `npm run sync` brings: an API key with the role operator. Unset: SYNCLINE_ADMIN_KEY.',
    secret: true,
  },
  SYNCLINE_ENCRYPTION_KEY: {
    schema: keyText.transform((text) => text.split(',').map((key) => key.trim())).optional(),
    doc: 'Key for stored credentials: 32 bytes in base64 or hex (`openssl rand -base64 32`). Several, newest first, with commas.',
    secret: true,
  },
  SYNCLINE_EGRESS_ALLOW: {
    schema: z
      .string()
      .transform(listOf)
      .refine(
        (list) => list.every((entry) => /^(\[[0-9a-f:]+\]|[^\s:/]+):\d+$/i.test(entry)),
        'has to list host:port, separated by commas',
      )
      .prefault(''),
    doc: 'Hosts, with port, that may be reached although they are private or speak plain http: `127.0.0.1:4701`.',
  },
  SYNCLINE_ADHOC_CREDENTIALS: {
    schema: z
      .enum(['true', 'false'], 'has to be true or false')
      .default('false')
      .transform((text) => text === 'true'),
    doc: 'Whether a request may bring an API key, or a base URL, that is good for one sync only.',
  },
  SYNCLINE_REDIS_PREFIX: {
    schema: z
      .string()
      .regex(/^[^:\s]+$/, 'must not hold a colon or blanks')
      .default('{syncline}'),
    doc: 'In front of every key in Redis. The braces keep all keys in one slot of a cluster.',
  },
  SYNCLINE_WORKER_CONCURRENCY: {
    schema: wholeNumber(1, 100).default(5),
    doc: 'Entity runs of one queue that a worker process handles at once.',
  },
  SYNCLINE_RECONCILE_SECONDS: {
    schema: wholeNumber(1, 60).default(5),
    doc: 'How often a worker looks for work that Postgres knows of and no queue holds; it acts after three times as long.',
  },
  SYNCLINE_LOCK_SECONDS: {
    schema: wholeNumber(1, 60).default(8),
    doc: 'How long a job stays with a worker that shows no sign of life. Looked for every third of it.',
  },
  SYNCLINE_RECOVERY_BASE_SECONDS: {
    schema: wholeNumber(1, 86_400).default(60),
    doc: 'About how long after its failure a record is tried again for the first time; the pauses grow from there.',
  },
  SYNCLINE_RETENTION_DAYS: {
    schema: wholeNumber(1, 3650).default(90),
    doc: 'How many days the history of syncs, and failed items that were resolved, are kept.',
  },
  ENABLE_SYNC_SCHEDULER: {
    schema: z
      .enum(['true', 'false'], 'has to be true or false')
      .default('true')
      .transform((text) => text === 'true'),
    doc: 'Whether syncs start by themselves. false: schedules stay as they are and nothing is started.',
  },
  SYNC_INTERVAL_MINUTES: {
    schema: wholeNumber(1, 44_640).default(60),
    doc: 'How often a new connection is synced by the general schedule of its connector. A schedule that was made stays as it is.',
  },
  SYNCLINE_ALERT_WEBHOOK_URL: {
    schema: urlOf('https', 'http').optional(),
    doc: 'Address that is told of alerts, by signed POSTs (docs/alerts.md). Unset: only the log and the API tell.',
    secret: true,
  },
  SYNCLINE_ALERT_WEBHOOK_SECRET: {
    schema: z
      .string()
      .refine(isSigningKey, 'has to be whsec_ and 24 to 64 bytes in base64: echo whsec_$(openssl rand -base64 32)')
      .optional(),
    doc: 'Key that these are signed with: `whsec_` and 24 to 64 bytes in base64. Required with the address.',
    secret: true,
  },
  SYNCLINE_METRICS_TOKEN: {
    schema: z.string().min(16, 'has to have at least 16 characters: openssl rand -hex 24').optional(),
    doc: 'What Prometheus brings as a bearer token for GET /metrics of API and workers. Unset: nothing is measured.',
    secret: true,
  },
  SYNCLINE_METRICS_FRESHNESS_SERIES: {
    schema: wholeNumber(0, 10_000).default(200),
    doc: 'How many series of syncline_freshness_seconds there may be: those of the stalest; the others are one.',
  },
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    schema: urlOf('http', 'https').optional(),
    doc: 'Where traces are sent: a collector that takes OTLP over HTTP (docs/observability.md). Unset: nothing is traced.',
  },
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: {
    schema: urlOf('http', 'https').optional(),
    doc: 'The same, with its whole path, where traces go elsewhere than other signals.',
  },
  OTEL_EXPORTER_OTLP_HEADERS: {
    schema: z.string().optional(),
    doc: 'Headers that the collector wants: `authorization=Bearer%20…`, with commas.',
    secret: true,
  },
  OTEL_TRACES_EXPORTER: {
    schema: z.enum(['otlp', 'none'], 'has to be otlp or none').optional(),
    doc: 'otlp: traces are sent, to http://localhost:4318 if nothing else is said. none: they are not.',
  },
  OTEL_SDK_DISABLED: {
    schema: z
      .enum(['true', 'false'], 'has to be true or false')
      .default('false')
      .transform((text) => text === 'true'),
    doc: 'true: nothing is traced, whatever else is set.',
  },
  OTEL_SERVICE_NAME: {
    schema: z.string().optional(),
    doc: "The service's name in traces. Unset: syncline-api and syncline-worker.",
  },
  OTEL_RESOURCE_ATTRIBUTES: {
    schema: z.string().optional(),
    doc: 'What else every span says of its process: `deployment.environment.name=production`, with commas.',
  },
  OTEL_TRACES_SAMPLER: {
    schema: z.string().optional(),
    doc: 'Which traces are kept, in the words of OpenTelemetry. Unset: all, and those of callers as they decided.',
  },
  OTEL_TRACES_SAMPLER_ARG: {
    schema: z.string().optional(),
    doc: 'The share of traces that are kept, for samplers by share.',
  },
  LOG_LEVEL: {
    schema: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    doc: 'How much is logged (JSON lines on standard output).',
  },
} as const satisfies Record<string, Variable>;
