import { type Finding, ok, warning } from './check.js';

/** More is not explained by the network. */
const mostSeconds = 5;

/**
 * How far a service's clock is from this machine's. Leases and lives of tokens go by Postgres' clock and budgets by that of
 * Redis; what is only shown, or compared with what a vendor says, goes by a machine's.
 */
export async function skew(service: string, clock: () => Date, ask: () => Promise<Date>): Promise<Finding> {
  const before = clock().getTime();
  const theirs = (await ask()).getTime();
  const after = clock().getTime();
  const off = (theirs - (before + after) / 2) / 1_000;
  // What the answer took says nothing about the clock.
  const certain = Math.abs(off) - (after - before) / 2_000;
  if (certain <= mostSeconds) return ok(`The clocks of ${service} and this machine agree within ${mostSeconds} s.`);
  const way = off > 0 ? 'ahead of' : 'behind';
  return warning(
    `The clock of ${service} is ${Math.abs(Math.round(off))} s ${way} this machine's: ` +
      'have both follow a time server. Delays of jobs and lives of tokens would be off by as much.',
  );
}
