import { readFile } from 'node:fs/promises';
import { catalogue, type ErrorCode } from '@syncline/connector-kit';
import { describe, expect, it } from 'vitest';
import { failureOf, failureSchema } from './failure.js';
import { failureTypeOf, failureTypes } from './failure-types.js';
import { problemOf } from './problem.js';

const row = /^\| `([a-z_]+)` \| (.+) \| (.+) \|$/;

describe('an error_type', () => {
  it('is explained with its cause and its cure, and none is that does not exist', async () => {
    const page = await readFile(new URL('../../../../docs/api-sync-management.md', import.meta.url), 'utf8');
    const [, errors = ''] = page.split('\n## Errors\n');
    const explained = errors.split('\n').flatMap((line) => row.exec(line)?.[1] ?? []);
    expect(explained.sort()).toEqual([...failureTypes].sort());
  });

  it('of the guide is one of ours', () => {
    const ofGuide = ['credentials_not_found', 'api_connection_failed', 'rate_limit_exceeded'];
    expect(failureTypes).toEqual(expect.arrayContaining([...ofGuide, 'invalid_data_format', 'database_error']));
  });

  it('is there for every code, and for one of another release', () => {
    for (const code of Object.keys(catalogue)) expect(failureTypes, code).toContain(failureTypeOf(code));
    expect(failureTypeOf('OF_ANOTHER_RELEASE')).toBe('internal_error');
    expect(failureTypeOf('toString')).toBe('internal_error');
  });
});

describe('a problem in the shape of the guide', () => {
  it.each(Object.keys(catalogue) as ErrorCode[])('says all that the problem does: %s', (code) => {
    const problem = problemOf(code, 'request', { detail: 'It went wrong.' });
    const failure = failureSchema.strict().parse(failureOf(problem, 300, new Date(0)));
    expect(failure).toEqual({
      ...{ success: false, error: catalogue[code].title, timestamp: '1970-01-01T00:00:00.000Z' },
      details: {
        error_type: failureTypeOf(code),
        message: `It went wrong. ${catalogue[code].hint}`,
        retry_after: 300,
        error_code: code,
      },
    });
  });
});
