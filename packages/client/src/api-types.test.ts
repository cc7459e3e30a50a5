import openapiTS, { astToString } from 'openapi-typescript';
import { expect, test } from 'vitest';
import { openapiDocument } from '../../../apps/api/testing/openapi-document.js';

const header = `/**
 * Every path of the API with what it takes and answers, made of its OpenAPI document. Not to be edited: after a change of
 * the API, \`npm run client:types\` writes it anew.
 */
`;

type Operation = { responses: Record<string, unknown> };

/** The client throws them all as one class; said again for every path they would be three quarters of the file. */
function withoutErrors(document: { paths: Record<string, Record<string, Operation>> }): object {
  for (const operation of Object.values(document.paths).flatMap((path) => Object.values(path))) {
    const good = Object.entries(operation.responses).filter(([status]) => Number(status) < 400);
    operation.responses = Object.fromEntries(good);
  }
  return document;
}

test('the types are those of the API as it is; `npm run client:types` writes them anew', async () => {
  const document = withoutErrors(await openapiDocument());
  // A default is what the server takes where nothing is said, so nobody has to say it.
  const types = await openapiTS(JSON.stringify(document), { alphabetize: true, defaultNonNullable: false });
  // Not for anybody outside: what is in it is found by its path.
  const text = astToString(types)
    .replace(/^export (?=interface operations )/m, '')
    .replace(/^export type (webhooks|\$defs) = .*\n/gm, '');
  await expect(header + text).toMatchFileSnapshot('api-types.ts');
});
