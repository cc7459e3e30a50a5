import { exampleDay, specification } from './specification.js';

type Json = Readonly<Record<string, unknown>>;

const whole = { type: 'integer' };
const yesOrNo = { type: 'boolean' };
const number = (name: string) => ({ in: 'path', name, required: true, schema: whole });
const query = (schemas: Json) => Object.entries(schemas).map(([name, schema]) => ({ in: 'query', name, schema }));
const sizes = (...values: readonly number[]) => ({ page: whole, per_page: { type: 'integer', enum: values } });
const oneOf = (...words: readonly string[]) => ({ type: 'string', enum: words });
const days = { type: 'string', format: 'date' };
const moments = { type: 'string', format: 'date-time' };

/** What is asked, with which parameters, and what the vendor says is answered. */
const operations: readonly (readonly [path: string, answer: keyof typeof specification, query: Json])[] = [
  [
    '/merchants',
    'merchants',
    {
      ...sizes(10, 25, 50, 100, 500, 1_000),
      sort_by: oneOf('mid', 'name', 'created', 'modified', 'first_batch', 'last_batch', 'status'),
      sort_dir: oneOf('asc', 'desc'),
      date_filter: oneOf('opened', 'closed', 'created', 'modified', 'first_batch', 'last_batch', 'deactivated'),
      ...{ start_date: moments, end_date: moments },
    },
  ],
  ['/merchants/{merchant}', 'merchant', {}],
  [
    '/merchants/{merchant}/transactions',
    'transactions',
    // The vendor declares date-time, and describes and exemplifies Y-m-d.
    { ...sizes(10, 25, 50, 100), start_date: days, end_date: days },
  ],
  ['/processors', 'processors', {}],
  [
    '/residuals/reports/summary/{year}/{month}',
    'residualSummary',
    { ...sizes(10, 25, 50, 100), hide_null_merchants: yesOrNo },
  ],
  [
    '/residuals/reports/summary/rows/{processor}/{year}/{month}',
    'residualRows',
    { ...sizes(10, 25, 50, 100, 500, 1_000), hide_null_merchants: yesOrNo, template: yesOrNo },
  ],
  ['/residuals/lineitems/{year}/{month}', 'lineItems', sizes(10, 25, 50, 100)],
];

/**
 * The excerpt that we have of the vendor's specification, as an OpenAPI document for tools that read one. The vendor's own
 * is theirs, under no licence.
 */
export function openApi(): string {
  const paths = operations.map(([path, answer, schemas]) => {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => number(name));
    const content = { 'application/json': { schema: specification[answer] } };
    const responses = { 200: { description: answer, content } };
    return [path, { get: { parameters: [...inPath, ...query(schemas)], responses } }];
  });
  return JSON.stringify({
    openapi: '3.0.3',
    info: { title: 'What a sync reads of Ireland Pay CRM', version: '1.23.0' },
    security: [{ key: [] }],
    components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-API-KEY' } } },
    paths: Object.fromEntries(paths),
  });
}

/** The same, or the vendor's own, with examples of days that are as recent as this one (MM/DD/YYYY). */
export function withRecentDays(document: string, day: string): string {
  return document.replaceAll(exampleDay, day);
}

/** What text looks like that is a number, for answers that are made up at random. */
const numbersAsText: Json = { mid: '^[1-9][0-9]{14}$', amount: '^[0-9]{1,4}\\.[0-9]{2}$', count: '^[1-9]$' };

/**
 * The excerpt for answers that are made up at random, which would contradict themselves: lists are so many rows long, and
 * say so, merchants have batches to this day, and text that is to be a number is one.
 */
export function openApiOfLists(rows: number): string {
  const document: unknown = JSON.parse(openApi(), (name, value: unknown) => {
    if (name === 'data') return { ...(value as Json), minItems: rows, maxItems: rows };
    if (name === 'total') return { ...(value as Json), enum: [rows] };
    if (name === 'last_batch') return { ...(value as Json), enum: ['2099-12-31'] };
    const isText = name in numbersAsText && (value as Json)['type'] === 'string';
    return isText ? { ...(value as Json), pattern: numbersAsText[name] } : value;
  });
  return JSON.stringify(document);
}

/**
 * The vendor's own document (YAML) as a server can obey it: batches are asked for by days, as it describes and exemplifies
 * them while it declares moments; and text without an example that has to be a number, of merchants or of dollars, is one.
 */
export function mendVendorsDocument(yaml: string): string {
  return yaml
    .replace(/^( +)(mid:\n +type: string\n)/gm, '$1$2$1  example: "520000012345678"\n')
    .replace(/^( +)((?:amount|count):\n +type: string\n)(?! +example)/gm, '$1$2$1  example: "1"\n')
    .replace(/format: date-time(\n +example: \d{4}-\d\d-\d\d\n)/g, 'format: date$1');
}
