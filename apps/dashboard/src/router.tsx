import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import type { AuditFilter } from './api/administration.js';
import { type AlertFilter, alertKinds, alertStates } from './api/alerts.js';
import { type About, type Span, spans } from './api/analytics.js';
import { isShutOut, isUnauthenticated } from './api/client.js';
import type { ItemFilter } from './api/failed-items.js';
import { connectionStates, type OverviewFilter } from './api/overview.js';
import { whoAsks } from './api/session.js';
import type { SyncFilter } from './api/syncs.js';
import { type FindingFilter, findingKinds } from './api/verifications.js';
import { type DeliveryOutcome, deliveryOutcomes } from './api/webhooks.js';
import { Shell } from './layout/shell.js';
import { SignIn } from './pages/sign-in/sign-in.js';
import { Empty, Failure, Loading, WayHome } from './ui/states.js';

const root = createRootRouteWithContext<{ readonly queries: QueryClient }>()({});

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  component: SignIn,
  validateSearch: ({ next, stay, out }: Record<string, unknown>): { next?: string; stay?: true; out?: true } => ({
    // A place of this page, and no other site.
    ...(typeof next === 'string' && /^\/(?![/\\])/.test(next) && { next }),
    ...(stay === true && { stay }),
    // An admin has shut out whoever comes from inside.
    ...(out === true && { out }),
  }),
});

/** Everything but signing in needs somebody who is. */
const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  component: Shell,
  beforeLoad: async ({ context, location }) => {
    try {
      await whoAsks(context.queries);
    } catch (error) {
      if (isShutOut(error)) throw redirect({ to: '/sign-in', search: { stay: true, out: true } });
      if (!isUnauthenticated(error)) throw error;
      throw redirect({ to: '/sign-in', search: { next: location.href } });
    }
  },
});

/** Each page is loaded when somebody goes there, or points at the way to it. */
const overview = createRoute({
  getParentRoute: () => inside,
  path: '/',
  validateSearch: ({ search, state }: Record<string, unknown>): OverviewFilter => ({
    search: word(search),
    state: oneOf(connectionStates, state),
  }),
  component: lazyRouteComponent(() => import('./pages/overview/overview.js'), 'Overview'),
});
const newConnection = createRoute({
  getParentRoute: () => inside,
  path: '/connections/new',
  validateSearch: ({
    vendor,
    made,
  }: Record<string, unknown>): { vendor?: string | undefined; made?: string | undefined } => ({
    ...{ vendor: word(vendor), made: word(made) },
  }),
  component: lazyRouteComponent(() => import('./pages/new-connection/new-connection.js'), 'NewConnection'),
});
const connection = createRoute({
  getParentRoute: () => inside,
  path: '/connections/$id',
  validateSearch: ({ tab, verification, entity, kind }: Record<string, unknown>): ConnectionSearch => ({
    ...{ tab: word(tab), verification: word(verification), entity: word(entity) },
    kind: oneOf(findingKinds, kind),
  }),
  component: lazyRouteComponent(() => import('./pages/connection/connection.js'), 'Connection'),
});
const syncs = createRoute({
  getParentRoute: () => inside,
  path: '/syncs',
  validateSearch: ({ connectionId, status, trigger, mode }: Record<string, unknown>): SyncFilter => ({
    ...{ connectionId: word(connectionId), status: word(status), trigger: word(trigger), mode: word(mode) },
  }),
  component: lazyRouteComponent(() => import('./pages/syncs/syncs.js'), 'Syncs'),
});
const sync = createRoute({
  getParentRoute: () => inside,
  path: '/syncs/$id',
  component: lazyRouteComponent(() => import('./pages/sync/sync.js'), 'Sync'),
});
const failedItems = createRoute({
  getParentRoute: () => inside,
  path: '/failed-items',
  validateSearch: ({
    connectionId,
    entity,
    kind,
    status,
    code,
    field,
    withoutField,
    vendorId,
    item,
  }: Record<string, unknown>): ItemFilter & { item?: string | undefined } => ({
    ...{ connectionId: word(connectionId), entity: word(entity), code: word(code) },
    ...{ field: word(field), withoutField: oneOf(['true'], withoutField), vendorId: word(vendorId), item: word(item) },
    kind: oneOf(['record', 'entity_run', 'job', 'sweep'], kind),
    status: oneOf(['open', 'pending', 'retrying', 'dead', 'resolved'], status),
  }),
  component: lazyRouteComponent(() => import('./pages/failed-items/failed-items.js'), 'FailedItems'),
});
const analytics = createRoute({
  getParentRoute: () => inside,
  path: '/analytics',
  validateSearch: ({ span, connectionId }: Record<string, unknown>): Partial<About> => ({
    connectionId: word(connectionId),
    span: oneOf(Object.keys(spans) as Span[], span),
  }),
  component: lazyRouteComponent(() => import('./pages/analytics/analytics.js'), 'Analytics'),
});
const webhooks = createRoute({
  getParentRoute: () => inside,
  path: '/webhooks',
  component: lazyRouteComponent(() => import('./pages/webhooks/webhooks.js'), 'Webhooks'),
});
const webhook = createRoute({
  getParentRoute: () => inside,
  path: '/webhooks/$id',
  validateSearch: ({ outcome }: Record<string, unknown>): { outcome?: DeliveryOutcome | undefined } => ({
    outcome: oneOf(deliveryOutcomes, outcome),
  }),
  component: lazyRouteComponent(() => import('./pages/webhooks/webhook.js'), 'Webhook'),
});
const alerts = createRoute({
  getParentRoute: () => inside,
  path: '/alerts',
  validateSearch: ({ state, kind, connectionId }: Record<string, unknown>): AlertFilter => ({
    ...{ state: oneOf(alertStates, state), kind: oneOf(alertKinds, kind), connectionId: word(connectionId) },
  }),
  component: lazyRouteComponent(() => import('./pages/alerts/alerts.js'), 'Alerts'),
});
const audit = createRoute({
  getParentRoute: () => inside,
  path: '/audit',
  validateSearch: ({ action, who, from, to }: Record<string, unknown>): AuditFilter => ({
    ...{ action: word(action), who: word(who), from: day(from), to: day(to) },
  }),
  component: lazyRouteComponent(() => import('./pages/audit/audit.js'), 'Audit'),
});
const access = createRoute({
  getParentRoute: () => inside,
  path: '/access',
  component: lazyRouteComponent(() => import('./pages/access/access.js'), 'Access'),
});
const queues = createRoute({
  getParentRoute: () => inside,
  path: '/queues',
  validateSearch: ({ queue }: Record<string, unknown>): { queue?: string | undefined } => ({ queue: word(queue) }),
  component: lazyRouteComponent(() => import('./pages/queues/queues.js'), 'Queues'),
});
const organizations = createRoute({
  getParentRoute: () => inside,
  path: '/organizations',
  component: lazyRouteComponent(() => import('./pages/organizations/organizations.js'), 'Organizations'),
});
const settings = createRoute({
  getParentRoute: () => inside,
  path: '/settings',
  component: lazyRouteComponent(() => import('./pages/settings/settings.js'), 'Settings'),
});

const pages = [
  overview,
  newConnection,
  alerts,
  connection,
  syncs,
  sync,
  failedItems,
  analytics,
  webhooks,
  webhook,
  audit,
  access,
  organizations,
  queues,
  settings,
] as const;
const routes = root.addChildren([signIn, inside.addChildren(pages)]);

/** What is open of a connection; the rest is of its verifications. */
interface ConnectionSearch extends FindingFilter {
  readonly tab?: string | undefined;
  readonly verification?: string | undefined;
}

/** What a link says may be anything. */
function word(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** 2026-01-31, as fields for days give and take them. */
function day(value: unknown): string | undefined {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) ? value : undefined;
}

function oneOf<Choice extends string>(choices: readonly Choice[], value: unknown): Choice | undefined {
  return choices.find((choice) => choice === value);
}

export function makeRouter(queries: QueryClient) {
  return createRouter({
    routeTree: routes,
    basepath: '/app',
    context: { queries },
    defaultPreload: 'intent',
    scrollRestoration: true,
    defaultPendingComponent: Loading,
    defaultErrorComponent: ({ error, reset }) => <Failure error={error} onRetry={reset} />,
    defaultNotFoundComponent: () => (
      <Empty title="There is no such page">
        <WayHome />
      </Empty>
    ),
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
