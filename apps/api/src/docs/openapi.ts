import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { OpenAPIV3_1 } from 'openapi-types';
import { type Access, declareAccess } from '../access/role.js';
import type { App } from '../api-context.js';

const description = `
Keeps the records of a company's SaaS tools in its own Postgres. Syncs run in workers; this API starts them and says
how far they are.

Every request brings a key or a token: \`Authorization: Bearer <key>\`. An API key belongs to one organization and has
a role; the platform key and tokens may act for several, and \`X-Organization-ID\` says for which. Whatever belongs to
another organization is answered as if it were not there.

Errors are problem details (RFC 9457) with a stable \`code\`; [all codes](/docs/errors).

Paths below \`/api/sync\` are those of the system that Syncline replaces, with its words (\`success\`, \`error\`).
Paths below \`/api/v1\` use Syncline's own.
`.trim();

type Document = Partial<OpenAPIV3_1.Document>;

/** Collects the routes that are registered after it. */
export async function collectOpenapi(app: App, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Syncline', version, description, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
      tags: [
        { name: 'sync', description: 'Starting and following syncs' },
        {
          name: 'sync management',
          description: 'Starting and following syncs in the words of the sync management guide',
        },
        { name: 'cliniko', description: 'The same for Cliniko alone' },
        { name: 'connections', description: 'What is set up at which vendor' },
        { name: 'failed items', description: 'What could not be synced, and how to repair it' },
        { name: 'schedules', description: 'When syncs start by themselves' },
        {
          name: 'verifications',
          description: "Holding the vendor's records against the rows, and repairing what differs",
        },
        { name: 'webhooks', description: 'What vendors tell of changes, and how that is doing' },
        { name: 'session', description: 'Who asks; signing browsers in and out' },
        { name: 'organizations', description: 'Tenants and their API keys' },
        { name: 'alerts', description: 'What is wrong with connections, and what was' },
        { name: 'analytics', description: 'Numbers about syncing, as series that a chart can draw' },
        { name: 'maintenance', description: 'Who did what by hand, and clearing old history away' },
        { name: 'health', description: 'For load balancers and supervisors; no key needed' },
      ],
      components: {
        securitySchemes: {
          bearer: {
            type: 'http',
            scheme: 'bearer',
            description:
              'An API key, a token of the identity provider, or the platform key; for /metrics its own token',
          },
        },
      },
      security: [{ bearer: [] }],
    },
    transform: (route) =>
      withRole(route.route.config?.access, jsonSchemaTransform(route as Parameters<typeof jsonSchemaTransform>[0])),
    transformObject: (document) => withOrganization(onlyAnswers(jsonSchemaTransformObject(document) as Document)),
  });
}

const sentences = {
  platform: 'For the platform key.',
  metrics: 'For the token of SYNCLINE_METRICS_TOKEN, and no other.',
};

/** Each operation says who may call it, for readers and for programs. */
function withRole<T extends { readonly schema: object }>(access: Access | undefined, route: T): T {
  if (access === undefined || access === 'public') return route;
  const { description } = route.schema as { description?: string };
  const sentence = sentences[access as keyof typeof sentences] ?? `Needs the role ${access}.`;
  const told = [description, sentence].filter((text) => text !== undefined).join(' ');
  return { ...route, schema: { ...route.schema, description: told, 'x-syncline-role': access } };
}

const organizationHeader = {
  name: 'X-Organization-ID',
  in: 'header',
  description: 'The organization that the request is about: its id, slug or external id',
  schema: { type: 'string' },
} as const;

/** The header is read before any route is asked, so that no route declares it. */
function withOrganization(document: Document): Document {
  const operations = Object.values(document.paths ?? {}).flatMap((path) => Object.values(path ?? {}));
  for (const operation of operations as (OpenAPIV3_1.OperationObject & { 'x-syncline-role'?: Access })[]) {
    const role = operation['x-syncline-role'];
    if (role === undefined || role in sentences) continue;
    operation.parameters = [...(operation.parameters ?? []), organizationHeader];
  }
  return document;
}

/** Named schemas are answers; the transform makes a second one of each, for bodies, which nothing refers to. */
function onlyAnswers(document: Document): Document {
  const schemas = Object.entries(document.components?.schemas ?? {}).filter(([name]) => !name.endsWith('Input'));
  return { ...document, components: { ...document.components, schemas: Object.fromEntries(schemas) } };
}

/** The readable reference. Nothing in it comes from another host. */
export async function serveReference(app: App): Promise<void> {
  await app.register(async (scope: App) => {
    declareAccess(scope, 'viewer');
    await scope.register(swaggerUi, {
      routePrefix: '/docs',
      theme: {
        title: 'Syncline API',
        css: [{ filename: 'syncline.css', content: '.swagger-ui .topbar { display: none }' }],
      },
      uiConfig: {
        docExpansion: 'list',
        tryItOutEnabled: true,
        persistAuthorization: false,
        displayRequestDuration: true,
        validatorUrl: null,
      },
    });
  });
}
