import type { FormField } from './fields.js';

/** What stands in the controls, by their paths ("columns.name"): as text, and missing where nothing is written. */
export type Draft = Readonly<Record<string, string>>;
export type Values = Readonly<Record<string, unknown>>;
/** What is wrong, by the paths of the controls. */
export type Problems = Readonly<Record<string, string>>;

export const keyOf = ({ path }: Pick<FormField, 'path'>): string => path.join('.');

/** What is stored, as the controls show it. */
export function draftOf(fields: readonly FormField[], values: Values): Draft {
  const entries = fields.flatMap((field): [string, string][] => {
    const value = values[field.path.at(-1) ?? ''];
    if (value === undefined || value === null) return [];
    if (field.kind === 'group') return Object.entries(draftOf(field.fields, value as Values));
    return [[keyOf(field), textOf(field, value)]];
  });
  return Object.fromEntries(entries);
}

function textOf({ kind }: FormField, value: unknown): string {
  if (kind === 'words' && Array.isArray(value)) return value.join('\n');
  if (kind === 'json') return JSON.stringify(value, undefined, 2);
  return String(value);
}

/** What the controls say, with nothing for those that are empty; and what of it cannot be right. */
export function readDraft(fields: readonly FormField[], draft: Draft): { values: Values; problems: Problems } {
  const values: Record<string, unknown> = {};
  const problems: Record<string, string> = {};
  for (const field of fields) {
    const name = field.path.at(-1) ?? '';
    if (field.kind === 'group') {
      const parts = readDraft(field.fields, draft);
      Object.assign(problems, parts.problems);
      if (Object.keys(parts.values).length > 0) values[name] = parts.values;
      continue;
    }
    const text = draft[keyOf(field)]?.trim() ?? '';
    if (text === '') {
      if (field.isRequired) problems[keyOf(field)] = 'Is needed';
      continue;
    }
    try {
      values[name] = valueIn(field, text);
    } catch (error) {
      problems[keyOf(field)] = (error as Error).message;
    }
  }
  return { values, problems };
}

/** Throws Error, in words for whoever wrote the text. */
function valueIn(field: FormField, text: string): unknown {
  switch (field.kind) {
    case 'number':
      return numberOf(field, text);
    case 'yes-no':
      return text === 'true';
    case 'choice':
      return field.choices.find((choice) => String(choice) === text);
    case 'words':
      return text
        .split(/[\n,]/)
        .map((word) => word.trim())
        .filter(Boolean);
    case 'json':
      return jsonOf(text);
    default:
      return text;
  }
}

function numberOf({ isWhole, min, max }: FormField, text: string): number {
  const number = Number(text);
  const isRight =
    Number.isFinite(number) &&
    (!isWhole || Number.isInteger(number)) &&
    (min === undefined || number >= min) &&
    (max === undefined || number <= max);
  if (isRight) return number;
  const what = isWhole ? 'a whole number' : 'a number';
  if (min !== undefined && max !== undefined) throw new Error(`Has to be ${what} from ${min} to ${max}`);
  throw new Error(
    `Has to be ${what}${min === undefined ? '' : ` from ${min}`}${max === undefined ? '' : ` up to ${max}`}`,
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('This is not JSON');
  }
}

/** The text of an object; undefined for anything else. */
export function objectIn(text: string): Values | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** What has to be sent so that `before` becomes `after`: what is new or different, and null for what is gone. */
export function changesOf(before: Values, after: Values): Values {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = keys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
  return Object.fromEntries(changed.map((key) => [key, after[key] ?? null]));
}
