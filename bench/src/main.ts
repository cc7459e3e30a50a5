import { budgetUse } from './budget-use.js';
import { capacity } from './capacity.js';
import { fairness } from './fairness.js';
import { idleFleet } from './idle-fleet.js';
import { incrementalNothingNew } from './incremental-nothing-new.js';
import { irelandPay } from './irelandpay/irelandpay.js';
import { loadSpeed } from './load-speed.js';
import { memory } from './memory.js';
import { metrics } from './metrics.js';
import { pages } from './pages.js';
import { recoveryTimes } from './recovery-times.js';
import { report } from './report.js';
import { statistics } from './statistics.js';
import { verify } from './verify.js';
import { webhooks } from './webhooks/webhooks.js';

const measurements = {
  'budget-use': budgetUse,
  capacity,
  fairness,
  'idle-fleet': idleFleet,
  'incremental-nothing-new': incrementalNothingNew,
  irelandpay: irelandPay,
  'load-speed': loadSpeed,
  memory,
  metrics,
  pages,
  'recovery-times': recoveryTimes,
  statistics,
  verify,
  webhooks,
};

/** `npm run bench` measures everything, `npm run bench -- load-speed` what is named. */
const asked = process.argv.slice(2);
for (const [name, measure] of Object.entries(measurements)) {
  if (asked.length === 0 || asked.includes(name)) report(await measure());
}
