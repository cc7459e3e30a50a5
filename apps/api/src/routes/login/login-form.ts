import type { FailureThrottle } from '../../access/failure-throttle.js';
import type { Sessions } from '../../access/session.js';
import type { ApiContext } from '../../api-context.js';

/** The form for browsers without scripts, and what it needs. */
export interface LoginForm {
  readonly ctx: Pick<ApiContext, 'adminKey' | 'dashboardFolder'>;
  readonly sessions: Sessions;
  readonly throttle: FailureThrottle;
}
