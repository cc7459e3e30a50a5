import type { FastifySchemaValidationError } from 'fastify';

interface InvalidField {
  readonly field: string;
  readonly message: string;
}

/** What zod found wrong, a line for each field; an unknown property is a field of its own. */
export function invalidFields(issues: readonly FastifySchemaValidationError[], place: string): InvalidField[] {
  return issues.flatMap((issue): InvalidField[] => {
    const field = issue.instancePath.split('/').filter(Boolean).join('.');
    const keys = issue.params.keys;
    if (issue.keyword === 'unrecognized_keys' && Array.isArray(keys)) {
      return keys.map((key) => ({ field: [field, key].filter(Boolean).join('.'), message: 'is not known here' }));
    }
    return [{ field: field || place, message: issue.message ?? 'is not valid' }];
  });
}
