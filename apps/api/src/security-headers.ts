import helmet, { type FastifyHelmetOptions } from '@fastify/helmet';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { App } from './api-context.js';

const directives = {
  defaultSrc: ["'self'"],
  baseUri: ["'self'"],
  fontSrc: ["'self'", 'data:'],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
  imgSrc: ["'self'", 'data:'],
  objectSrc: ["'none'"],
  scriptSrc: ["'self'"],
  scriptSrcAttr: ["'none'"],
  // The reference and Bull Board set styles on elements, and our pages without scripts have theirs inline.
  styleSrc: ["'self'", "'unsafe-inline'"],
  // No upgrade-insecure-requests: this server speaks http, and the proxy before it may do so too.
};

/** One policy for API, reference and our pages without scripts: everything comes from this host, and no script is inline. */
export async function setSecurityHeaders(app: App): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives },
    // With no-referrer (the default) browsers send `Origin: null` with forms, and the origin check needs it.
    referrerPolicy: { policy: 'same-origin' },
    // A promise about the whole host, which is not ours to give: whoever terminates TLS does.
    strictTransportSecurity: false,
    // Only warnings come of it where there is no https.
    originAgentCluster: false,
    xFrameOptions: { action: 'deny' },
  });
}

/** For answers that are given before any hook is asked: to an address that cannot be read, for one. */
export function setBareHeaders(reply: FastifyReply): void {
  reply.headers({
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none';frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'x-request-id': reply.request.id,
  });
}

/** Other headers for every route that is registered in the scope from here on, also for those of plugins. */
export function declareHeaders(scope: FastifyInstance, headers: FastifyHelmetOptions): void {
  scope.addHook('onRoute', (route) => {
    // Where the plugin finds them: its own hook, which would bring them there, has seen the route before.
    route.config = { ...route.config, helmet: headers };
  });
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Headers that differ from those of all other routes. */
    helmet?: FastifyHelmetOptions;
  }
}

/** For Bull Board, which the dashboard shows in a frame. Whatever a page may be clicked into doing, only ours may show it. */
export const framedByOurselves = {
  contentSecurityPolicy: { useDefaults: false, directives: { ...directives, frameAncestors: ["'self'"] } },
  xFrameOptions: { action: 'sameorigin' as const },
};

/** For the dashboard: also no style is inline. What its scripts set through the object model needs no leave. */
export const dashboardPolicy = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { ...directives, baseUri: ["'none'"], frameSrc: ["'self'"], styleSrc: ["'self'"] },
  },
};
