import helmet from '@fastify/helmet';
import type { App } from './api-context.js';

/** One policy for API, reference and Bull Board: everything comes from this host, and no script is inline. */
export async function setSecurityHeaders(app: App): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'self'"],
        fontSrc: ["'self'", 'data:'],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        imgSrc: ["'self'", 'data:'],
        objectSrc: ["'none'"],
        scriptSrc: ["'self'"],
        scriptSrcAttr: ["'none'"],
        // Both user interfaces set styles on elements.
        styleSrc: ["'self'", "'unsafe-inline'"],
        // No upgrade-insecure-requests: this server speaks http, and the proxy before it may do so too.
      },
    },
    // With no-referrer (the default) browsers send `Origin: null` with forms, and the origin check needs it.
    referrerPolicy: { policy: 'same-origin' },
    // A promise about the whole host, which is not ours to give: whoever terminates TLS does.
    strictTransportSecurity: false,
    // Only warnings come of it where there is no https.
    originAgentCluster: false,
    xFrameOptions: { action: 'deny' },
  });
}
