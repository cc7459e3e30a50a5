import type { Fault } from '@syncline/connectors/practicepanther/simulator';
import { localTime } from './local-time.js';

const hour = 3_600_000;

/** What goes wrong, and from when on. */
export type Trouble = { readonly fromMs: number } & (
  | { readonly kind: 'vendor out of order'; readonly fault: Fault }
  /** No process of the fleet is there until then; Redis may be emptied meanwhile. */
  | { readonly kind: 'fleet away'; readonly untilMs: number; readonly emptied: boolean }
  /** A job takes longer than until the next slot. */
  | { readonly kind: 'job overruns' }
  | { readonly kind: 'vendor clock lags'; readonly untilMs: number; readonly lagMs: number }
  | { readonly kind: 'process clock wrong'; readonly untilMs: number; readonly aheadSeconds: number }
);

const faults: readonly Fault['action'][] = [
  { status: 503 },
  { status: 429, headers: { 'retry-after': '30' } },
  { body: 'truncated' },
  { body: 'html' },
  { body: 'null' },
  { resetAfterBytes: 20 },
  { status: 400, body: '{"Message":"The date is not valid."}' },
  { status: 403 },
];
/** Asked for every hour at the latest. */
const paths = ['/accounts', '/matters', '/tasks', '/notes', '/emails', '/events'];
/** Of a try, of a turn, of all turns of a run. */
const times = [1, 3, 40];

/** Troubles over some days from a midnight on, in their order; none on days off. */
export function planTroubles(
  midnightMs: number,
  days: number,
  daysOff: readonly string[],
  fraction: () => number,
): Trouble[] {
  const oneOf = <T>(all: readonly T[]) => all[Math.floor(fraction() * all.length)] as T;
  const troubles: Trouble[] = [];
  for (let day = 0; day < days; day += 1) {
    if (daysOff.includes(localTime(midnightMs + (day * 24 + 12) * hour).weekday)) continue;
    const at = (localHour: number, span: number) => midnightMs + (day * 24 + localHour + fraction() * span) * hour;
    for (const action of faults.filter(() => fraction() < 0.6)) {
      const match = { path: oneOf(paths), times: oneOf(times) };
      troubles.push({ kind: 'vendor out of order', fromMs: at(8, 11), fault: { match, action } });
    }
    troubles.push({ kind: 'job overruns', fromMs: at(9, 8) });
    const lagMs = Math.floor(fraction() * 5 * 60_000);
    const lagFrom = at(8, 4);
    troubles.push({ kind: 'vendor clock lags', fromMs: lagFrom, untilMs: lagFrom + 5 * hour, lagMs });
    const wrongFrom = at(6, 8);
    const aheadSeconds = Math.floor((fraction() - 0.5) * 20 * 60);
    troubles.push({ kind: 'process clock wrong', fromMs: wrongFrom, untilMs: wrongFrom + 6 * hour, aheadSeconds });
    const awayFrom = at(12, 2);
    const awayUntil = awayFrom + (1 + 3 * fraction()) * hour;
    troubles.push({ kind: 'fleet away', fromMs: awayFrom, untilMs: awayUntil, emptied: fraction() < 0.5 });
    // Only the full sync asks for that list: nothing of it may be taken for deleted.
    if (day < days - 1) {
      const match = { path: '/contacts', times: 40 };
      troubles.push({ kind: 'vendor out of order', fromMs: at(20, 2), fault: { match, action: oneOf(faults) } });
    }
    // Over two in the night, when the full sync is due.
    if (day % 2 === 0) {
      const nightFrom = at(25, 0.9);
      troubles.push({ kind: 'fleet away', fromMs: nightFrom, untilMs: nightFrom + 2 * hour, emptied: true });
    }
  }
  return troubles.sort((a, b) => a.fromMs - b.fromMs);
}
