import type { Access } from '../src/access/role.js';
import type { RunningApi } from './running-api.js';

/** What an operation is sent, as far as these tests look into it. */
interface Media {
  readonly schema: { readonly properties?: Readonly<Record<string, unknown>> };
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

/** An operation of the API, from its own OpenAPI document: so one that is added tomorrow is among them. */
export interface Operation {
  readonly id: string;
  readonly method: string;
  /** With its parameters in braces. */
  readonly path: string;
  readonly access: Access;
  readonly queryNames: readonly string[];
  readonly requiredQuery: Readonly<Record<string, string>>;
  /** The example of the documentation; undefined where nothing is sent. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
  readonly bodyNames: readonly string[];
}

interface Told {
  readonly operationId: string;
  readonly 'x-syncline-role'?: Access;
  readonly parameters?: readonly { name: string; in: string; required?: boolean; schema: { enum?: string[] } }[];
  readonly requestBody?: { readonly content: { readonly 'application/json': Media } };
}

export async function readOperations(api: RunningApi): Promise<Operation[]> {
  const { body } = await api.get('/openapi.json');
  const paths: Record<string, Record<string, Told>> = body.paths;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, told]) => {
      const sent = told.requestBody?.content['application/json'];
      const example = sent?.example ?? Object.values(sent?.examples ?? {})[0]?.value ?? {};
      const query = (told.parameters ?? []).filter((parameter) => parameter.in === 'query');
      return {
        ...{ id: told.operationId, method: method.toUpperCase(), path },
        access: told['x-syncline-role'] ?? 'public',
        queryNames: query.map(({ name }) => name),
        requiredQuery: Object.fromEntries(
          query.filter(({ required }) => required).map(({ name, schema: { enum: [word] = [] } }) => [name, word ?? '']),
        ),
        body: sent === undefined ? undefined : (example as Record<string, unknown>),
        bodyNames: Object.keys(sent?.schema.properties ?? {}),
      };
    }),
  );
}
