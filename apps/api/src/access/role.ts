import type { KeyRole } from '@syncline/store';
import type { FastifyInstance } from 'fastify';

/**
 * What a caller may do, each also what those before it may.
 *
 * viewer    read
 * operator  start, cancel, schedule, pause, retry and repair syncs
 * admin     set up: connections and their credentials, API keys, clearing away, the emergency stop
 * platform  manage organizations, and look into the queues, which hold those of all tenants
 */
export type Role = KeyRole | 'platform';

/**
 * What a route asks of its caller. `public`: nothing, not even a key. `metrics`: the token that Prometheus has, which is
 * good for nothing else, and no other.
 */
export type Access = Role | 'public' | 'metrics';

const order: readonly Access[] = ['public', 'viewer', 'operator', 'admin', 'platform'];

export const keyRoles = ['viewer', 'operator', 'admin'] as const satisfies readonly KeyRole[];

export function isKeyRole(text: unknown): text is KeyRole {
  return keyRoles.some((role) => role === text);
}

/** Whether somebody with that role may do what asks for `needed`. No role, however high, is Prometheus' token. */
export function reaches(role: Role, needed: Access): boolean {
  if (needed === 'metrics') return false;
  return order.indexOf(role) >= order.indexOf(needed);
}

/** Declares the access of every route that is registered in the scope from here on: for plugins that bring their own. */
export function declareAccess(scope: FastifyInstance, access: Access): void {
  scope.addHook('onRoute', (route) => {
    route.config = { ...route.config, access };
  });
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call the route. One that does not say is for the platform only. */
    access?: Access;
  }
}
