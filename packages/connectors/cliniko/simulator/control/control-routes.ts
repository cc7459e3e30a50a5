import type { ControlRoute } from '../../../simulation/control/control-route.js';
import { faultRoutes } from '../../../simulation/control/fault-routes.js';
import { vendorRoutes } from '../../../simulation/control/vendor-routes.js';
import { type Quirks, quirksChangeSchema } from '../quirks.js';
import type { Simulator } from '../simulator.js';
import { recordRoutes } from './record-routes.js';

/** Everything that can be asked of `/__simulator/`. */
export const controlRoutes: readonly ControlRoute<Simulator>[] = [
  ...vendorRoutes<Quirks>(quirksChangeSchema),
  ...faultRoutes,
  ...recordRoutes,
];
