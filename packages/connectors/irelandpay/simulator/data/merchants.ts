import { type Die, die, oneIn, oneOf } from '../../../simulation/dice.js';
import { type Day, startOf } from './calendar.js';
import { GROUPS, NAMES, PLACES } from './words.js';

export interface Processor {
  readonly id: number;
  readonly name: string;
  readonly datasources: readonly { readonly id: number; readonly name: string }[];
}

export const PROCESSORS: readonly Processor[] = [
  { id: 12, name: 'Northbank', datasources: [{ id: 1, name: 'Northbank FTP' }] },
  {
    id: 15,
    name: 'Harbor',
    datasources: [
      { id: 2, name: 'Harbor FTP' },
      { id: 3, name: 'Harbor API' },
    ],
  },
  { id: 19, name: 'Tidewater', datasources: [{ id: 4, name: 'Tidewater FTP' }] },
];

/** A merchant, as the vendor keeps it. */
export interface Merchant {
  readonly at: number;
  readonly mid: string;
  name: string;
  readonly opened: Day;
  closed: Day | null;
  /** Days with batches: from here, up to, not including, there. The same for one that never had any. */
  readonly from: Day;
  readonly until: Day;
  readonly createdMs: number;
  modifiedMs: number;
  group: string;
  readonly processor: Processor;
  readonly datasource: string;
  readonly sicCode: string;
  readonly leads: readonly number[];
  readonly dbaName: string;
  /** The key's user may see it. */
  visible: boolean;
  /** Put into what is sent, whatever it does there. */
  poison: Readonly<Record<string, unknown>>;
}

export interface Span {
  readonly from: Day;
  readonly until: Day;
}

/** The merchant of that number: most are in business all the time; some have closed, and some never had a batch. */
export function makeMerchant(seed: number, at: number, { from, until }: Span): Merchant {
  const roll: Die = die(seed, 'merchants');
  const isClosed = at % 12 === 7;
  const isNew = at % 20 === 3;
  const middle = from + Math.floor((until - from) / 2);
  const end = isClosed ? middle : until;
  const name = `${oneOf(PLACES, roll(at))} ${oneOf(NAMES, roll(at + 1_000_000))} ${at}`;
  const processor = oneOf(PROCESSORS, at);
  const opened = from - 1 - (roll(at) % 900);
  return {
    at,
    mid: midOf(seed, at),
    name,
    opened,
    closed: isClosed ? end + 10 : null,
    from: isNew ? end : from,
    until: end,
    createdMs: startOf(opened) + (roll(at) % 80_000) * 1_000,
    modifiedMs: startOf(from) + (roll(at + 2_000_000) % 80_000) * 1_000,
    group: oneOf(GROUPS, roll(at + 3_000_000)),
    processor,
    datasource: oneOf(processor.datasources, roll(at + 4_000_000)).name,
    sicCode: oneOf(['5812', '5411', '7230'], roll(at + 5_000_000)),
    leads: oneIn(3, roll(at)) ? [] : [1_000 + at],
    dbaName: name.toUpperCase(),
    visible: true,
    poison: {},
  };
}

/** Most have sixteen digits; some are beyond what a double can count, and some begin with zeros. */
function midOf(seed: number, at: number): string {
  const tail = String((die(seed, 'mid')(at) % 1_000) * 1_000_000 + at).padStart(9, '0');
  if (at % 5 === 1) return `9876543${tail}1`.padEnd(17, '3');
  if (at % 9 === 4) return `0042${tail}`;
  return `5200001${tail}`;
}
