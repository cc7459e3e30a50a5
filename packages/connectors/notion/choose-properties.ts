import type { ChosenProperty, PropertyColumn, SurveyedDatabase } from './settings.js';
import { propertyColumns } from './settings.js';

/** A property, by its name in the schema or in a page. */
export type Properties = Readonly<Record<string, { readonly id: string; readonly type: string }>>;
export type Choice = SurveyedDatabase['properties'];

/** What a column may be taken from: by name first, whatever order; else the first of the types in `otherwise`. */
interface Wish {
  readonly names: readonly string[];
  readonly types: readonly string[];
  readonly otherwise: readonly string[];
}

const wishes: Readonly<Record<PropertyColumn, Wish>> = {
  name: { names: [], types: ['title'], otherwise: ['title'] },
  contact_email: {
    names: ['contact email', 'email', 'e-mail', 'client email', 'primary email'],
    types: ['email', 'rich_text'],
    otherwise: ['email'],
  },
  products_services: {
    names: ['products/services', 'products & services', 'products and services', 'products', 'services'],
    types: ['multi_select', 'select', 'rich_text', 'relation'],
    otherwise: ['multi_select'],
  },
  status: { names: ['status', 'client status'], types: ['status', 'select'], otherwise: ['status'] },
};

/**
 * The property for each column; null where none fits. What was chosen before stays, by its id, whatever has become of
 * it, unless an operator asks for another one.
 *
 * Throws RangeError, naming the column, when there is nothing of the name that an operator has asked for.
 */
export function chooseProperties(
  properties: Properties,
  asked: Partial<Readonly<Record<PropertyColumn, string>>> = {},
  before: Partial<Choice> = {},
): Choice {
  const choose = (column: PropertyColumn): ChosenProperty | null => {
    const [was, wanted] = [before[column], asked[column]];
    if (was && was.asked === wanted) return was;
    if (wanted === undefined) return findFitting(properties, wishes[column]);
    const found = Object.entries(properties).find(([name, { id }]) => isCalled(name, wanted) || isSameId(id, wanted));
    if (found === undefined) throw new RangeError(`columns.${column}: the database has no property "${wanted}"`);
    return { id: found[1].id, name: found[0], type: found[1].type, asked: wanted };
  };
  return Object.fromEntries(propertyColumns.map((column) => [column, choose(column)])) as Choice;
}

function findFitting(properties: Properties, { names, types, otherwise }: Wish): ChosenProperty | null {
  const all = Object.entries(properties).map(([name, { id, type }]) => ({ id, name, type }));
  for (const wanted of names) {
    const named = all.find(({ name, type }) => isCalled(name, wanted) && types.includes(type));
    if (named) return named;
  }
  return all.find(({ type }) => otherwise.includes(type)) ?? null;
}

/** What is different from when the properties were chosen, in words: nothing of it is a reason to stop. */
export function driftOf(choice: Choice, properties: Properties): string[] {
  return propertyColumns.flatMap((column) => {
    const chosen = choice[column];
    if (chosen === null) return [];
    const now = Object.entries(properties).find(([, { id }]) => isSameId(id, chosen.id));
    const what = `the property "${chosen.name}" for ${column}`;
    if (now === undefined) return [`${what} was removed; the column keeps what it had`];
    const [name, { type }] = now;
    return [
      ...(name === chosen.name ? [] : [`${what} is called "${name}" now`]),
      ...(type === chosen.type ? [] : [`${what} was of type ${chosen.type} and is of type ${type} now`]),
    ];
  });
}

/** Ids of properties come encoded as in an address, or not. */
export function isSameId(one: string, other: string): boolean {
  return one === other || decoded(one) === decoded(other);
}

function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

function isCalled(name: string, wanted: string): boolean {
  return name.trim().toLowerCase() === wanted.trim().toLowerCase();
}
