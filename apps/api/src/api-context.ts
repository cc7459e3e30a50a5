import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EngineContext } from '@syncline/engine';
import type { openRedis } from '@syncline/queue';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';

/** What the routes are given. */
export interface ApiContext extends EngineContext {
  readonly redis: ReturnType<typeof openRedis>;
  /** Every store call takes it: until there are several, the default organization's. */
  readonly organizationId: string;
  readonly adminKey: string;
}

/** A Fastify instance whose routes are typed by their zod schemas. */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse<IncomingMessage>,
  FastifyBaseLogger,
  ZodTypeProvider
>;
