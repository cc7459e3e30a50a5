import { LosslessNumber, parse, stringify } from 'lossless-json';
import { holdsUnstorable, storable } from './storable.js';

/**
 * A number token that might change on its way through a double: sixteen or more digits, or an exponent. Such tokens
 * are rare, so this scan of the text buys the native parser for nearly every page. A false hit inside a string only
 * costs speed.
 */
const riskyNumber = /(?:^|[:[,])\s*-?\d(?:[\d.]{15,}|[\d.]*[eE])/;

export interface ParsedJson {
  readonly value: unknown;
  /** Numbers that a double cannot carry are LosslessNumber objects: stringify with `stringifyJson`. */
  readonly lossless: boolean;
  /** Text that Postgres cannot store was replaced (by U+FFFD, as decoders do). */
  readonly cleaned: boolean;
}

/**
 * Parses JSON without losing a digit. Plain numbers stay numbers; those that a double would change become
 * LosslessNumber. Text that Postgres cannot store is replaced in values and keys; `replacedIn` says where.
 *
 * Throws SyntaxError when the text is not JSON.
 */
export function parseJson(text: string): ParsedJson {
  const lossless = riskyNumber.test(text);
  const value: unknown = lossless ? parse(text, null, { parseNumber, onDuplicateKey: lastOne }) : JSON.parse(text);
  if (!holdsUnstorable(text)) return { value, lossless, cleaned: false };
  return { value: storable(value), lossless, cleaned: true };
}

/** JSON text of a value that may hold LosslessNumber objects. */
export function stringifyJson(value: unknown, lossless: boolean): string {
  return (lossless ? stringify(value) : JSON.stringify(value)) ?? 'null';
}

function parseNumber(token: string): number | LosslessNumber {
  // Only a token that comes back as the very same text is sure to be carried whole.
  const number = Number(token);
  return String(number) === token ? number : new LosslessNumber(token);
}

/** As JSON.parse has it. */
function lastOne({ newValue }: { newValue: unknown }): unknown {
  return newValue;
}
