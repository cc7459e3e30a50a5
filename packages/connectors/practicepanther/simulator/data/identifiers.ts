import { type Die, die } from '../../../simulation/dice.js';

/** The ids of one entity: a UUID for every slot, and the way back without a table of ids in memory. */
export interface IdSpace {
  idOf(slot: number): string;
  /** The slot an id was made for, or undefined where the id is not of this space. */
  slotOf(id: string): number | undefined;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const MULTIPLIER = 0x9e3779b1;
const INVERSE = inverseOf(MULTIPLIER);
/** Four hex digits for every 16-bit number: formatting ids is the hottest part of rendering. */
const HEX = Array.from({ length: 0x10000 }, (_, value) => value.toString(16).padStart(4, '0'));

/** The number that undoes a multiplication modulo 2^32, by Newton's steps. */
function inverseOf(odd: number): number {
  let inverse = odd;
  for (let step = 0; step < 5; step++) inverse = Math.imul(inverse, 2 - Math.imul(odd, inverse));
  return inverse;
}

/** Half words of a 32-bit number as eight hex digits. */
function hex32(value: number): string {
  return (HEX[value >>> 16] as string) + (HEX[value & 0xffff] as string);
}

function scramble(slot: number, key: number): number {
  let bits = Math.imul(slot ^ key, MULTIPLIER);
  bits ^= bits >>> 16;
  return Math.imul(bits, MULTIPLIER) >>> 0;
}

function unscramble(value: number, key: number): number {
  let bits = Math.imul(value, INVERSE);
  bits ^= bits >>> 16;
  return (Math.imul(bits, INVERSE) ^ key) >>> 0;
}

/** Makes the id space of one entity. The first eight digits hide the slot; the rest is drawn from the seed. */
export function idSpace(seed: number, name: string): IdSpace {
  const key = die(seed, `${name} id key`)(0);
  const rest: Die[] = [1, 2, 3].map((part) => die(seed, `${name} id ${part}`));
  const [second, third, fourth] = rest as [Die, Die, Die];

  function idOf(slot: number): string {
    const middle = second(slot);
    const version = HEX[0x4000 | (middle & 0x0fff)];
    const tail = third(slot);
    const variant = HEX[0x8000 | (tail & 0x3fff)];
    return `${hex32(scramble(slot, key))}-${HEX[middle >>> 16]}-${version}-${variant}-${HEX[tail >>> 16]}${hex32(fourth(slot))}`;
  }

  function slotOf(id: string): number | undefined {
    const lower = id.toLowerCase();
    if (!UUID.test(lower)) return undefined;
    const slot = unscramble(Number.parseInt(lower.slice(0, 8), 16), key);
    return idOf(slot) === lower ? slot : undefined;
  }

  return { idOf, slotOf };
}
