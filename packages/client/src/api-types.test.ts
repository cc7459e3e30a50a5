import openapiTS, { astToString } from 'openapi-typescript';
import { expect, test } from 'vitest';
import { openapiDocument } from '../../../apps/api/testing/openapi-document.js';

const header = `/**
 * Every path of the API with what it takes and answers, made of its OpenAPI document. Not to be edited: after a change of
 * the API, \`npm run client:types\` writes it anew.
 */
`;

test('the types are those of the API as it is; `npm run client:types` writes them anew', async () => {
  const document = await openapiDocument();
  // Without what nothing here asks for: the same types once more, by the operations' names.
  const types = await openapiTS(JSON.stringify(document), { alphabetize: true, rootTypes: false });
  await expect(header + astToString(types)).toMatchFileSnapshot('api-types.ts');
});
