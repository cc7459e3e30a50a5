import type { IncomingMessage, ServerResponse } from 'node:http';
import type { WorkContext } from '@syncline/engine';
import type { openRedis } from '@syncline/queue';
import type { MetricsDoor } from '@syncline/service';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { TokenCheck } from './access/token-check.js';
import type { CountRequest } from './limits/request-counter.js';

/** What the routes are given. */
export interface ApiContext extends WorkContext {
  readonly redis: ReturnType<typeof openRedis>;
  /** The organization of the environment's connections, and of whoever brings the admin key. */
  readonly defaultOrganizationId: string;
  /** The database can keep tenants apart as well; where it cannot, queries alone do. */
  readonly rowSecurity: boolean;
  readonly adminKey: string;
  /** Checks tokens of the identity provider; undefined where none is configured. */
  readonly tokens: TokenCheck | undefined;
  readonly countRequest: CountRequest;
  /** For one API key, or the subject of a token. */
  readonly requestsAMinute: number;
  /** Proxies whose word for a client's address is taken. */
  readonly trustedProxies: readonly string[];
  /** Whose pages may call, with a key or a token. */
  readonly corsOrigins: readonly string[];
  /** Whether a request may bring credentials, or an address, that are good for one sync only. */
  readonly adhocCredentials: boolean;
  /** Whether a browser of this machine is signed in without a key. Missing: not. */
  readonly localSignIn?: boolean;
  /** Where the built dashboard lies. Missing: there is none. */
  readonly dashboardFolder?: string | undefined;
  /** Missing where nothing is measured. */
  readonly metricsDoor?: MetricsDoor | undefined;
  /** How many series of freshness there may be. */
  readonly freshnessSeries?: number;
}

/** A Fastify instance whose routes are typed by their zod schemas. */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse<IncomingMessage>,
  FastifyBaseLogger,
  ZodTypeProvider
>;
