import type { App } from '../api-context.js';

/** The machine-readable description, made from the routes' schemas. */
export function getOpenapi(app: App): void {
  app.get('/openapi.json', { config: { access: 'viewer' }, schema: { hide: true } }, async () => app.swagger());
}
