/** A JSON Schema as the API tells it: an object, of which we look at a part. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** `json` is what the form has no control for: it is written as JSON. */
type Kind = 'text' | 'secret' | 'number' | 'yes-no' | 'choice' | 'words' | 'group' | 'json';

/** One control of the form, as a schema describes it. */
export interface FormField {
  /** From the form's top: ['columns', 'name']. */
  readonly path: readonly string[];
  readonly label: string;
  readonly hint: string | undefined;
  readonly kind: Kind;
  readonly isRequired: boolean;
  /** Under which heading it stands; undefined for those that come first. */
  readonly heading: string | undefined;
  /** What counts where nothing is written. */
  readonly standard: unknown;
  /** Of a text: what the keyboard of a phone should be made for. */
  readonly format: 'url' | 'email' | undefined;
  readonly choices: readonly (string | number)[];
  readonly isWhole: boolean;
  readonly min: number | undefined;
  readonly max: number | undefined;
  /** Of a group. */
  readonly fields: readonly FormField[];
}

/** Bounds beyond these only say that a number is one. */
const boundless = 1_000_000_000;

/** The controls for an object's properties, required ones first, in the order of the schema otherwise. */
export function fieldsOf(schema: JsonSchema, path: readonly string[] = []): FormField[] {
  const required = listOf(schema['required']);
  const fields = Object.entries(objectOf(schema['properties'])).map(([key, value]) =>
    fieldOf(objectOf(value), [...path, key], required.includes(key)),
  );
  return fields.toSorted((one, other) => Number(other.isRequired) - Number(one.isRequired));
}

function fieldOf(schema: JsonSchema, path: readonly string[], isRequired: boolean): FormField {
  const kind = kindOf(schema);
  const key = path.at(-1) ?? '';
  return {
    ...{ path, kind, isRequired, standard: schema['default'] },
    label: textOf(schema['title']) ?? inWords(key),
    hint: textOf(schema['description']),
    heading: textOf(schema['x-syncline-group']),
    format: schema['format'] === 'uri' ? 'url' : schema['format'] === 'email' ? 'email' : undefined,
    choices: choicesOf(schema),
    isWhole: schema['type'] === 'integer',
    min: boundOf(schema['minimum']),
    max: boundOf(schema['maximum']),
    fields: kind === 'group' ? partsOf(schema, path) : [],
  };
}

function kindOf(schema: JsonSchema): Kind {
  if (choicesOf(schema).length > 0) return 'choice';
  switch (schema['type']) {
    case 'string':
      return schema['format'] === 'password' ? 'secret' : 'text';
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
      return 'yes-no';
    case 'array':
      return objectOf(schema['items'])['type'] === 'string' ? 'words' : 'json';
    case 'object':
      return partsOf(schema, []).length > 0 ? 'group' : 'json';
    default:
      return 'json';
  }
}

/** Properties, or the keys that a record may have. */
function partsOf(schema: JsonSchema, path: readonly string[]): FormField[] {
  if (schema['properties'] !== undefined) return fieldsOf(schema, path);
  const keys = listOf(objectOf(schema['propertyNames'])['enum']);
  const value = objectOf(schema['additionalProperties']);
  return keys.filter(isText).map((key) => fieldOf(value, [...path, key], false));
}

function choicesOf(schema: JsonSchema): (string | number)[] {
  return listOf(schema['enum']).filter((one) => isText(one) || typeof one === 'number');
}

/** "historyFrom" as "History from". */
function inWords(key: string): string {
  const words = key
    .replaceAll(/[_-]+/g, ' ')
    .replaceAll(/([a-z\d])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function boundOf(value: unknown): number | undefined {
  return typeof value === 'number' && Math.abs(value) < boundless ? value : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function textOf(value: unknown): string | undefined {
  return isText(value) ? value : undefined;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function objectOf(value: unknown): JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
