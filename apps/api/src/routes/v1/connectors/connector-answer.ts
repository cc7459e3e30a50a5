import type { Connector } from '@syncline/connector-kit';
import { z } from 'zod';

const jsonSchema = z.record(z.string(), z.unknown());

export const connectorSchema = z
  .object({
    id: z.string(),
    name: z.string().describe('As people call the vendor'),
    guideUrl: z.string().nullable().describe('Where the vendor says how to get access'),
    entities: z
      .array(
        z.object({
          name: z.string(),
          dependsOn: z.array(z.string()).describe('Entities that are synced before it, and with it'),
          readsById: z.boolean().describe('Whether single records can be asked for by their ids'),
        }),
      )
      .describe('In the order they are synced'),
    credentials: jsonSchema.describe(
      'JSON Schema (2020-12) of what a connection is given. `format: password` marks what is secret',
    ),
    settings: jsonSchema.describe(
      'The same of its settings, with their defaults. `x-syncline-group` is the heading under which a form puts one; those without it come first',
    ),
    hasWebhooks: z.boolean().describe('The vendor tells of changes'),
    hasHistory: z.boolean().describe('What was before the first sync is read in windows of a month'),
  })
  .meta({ id: 'Connector', description: 'A vendor that there is code for, and what a connection to it needs' });
type Answer = z.infer<typeof connectorSchema>;

/**
 * A connector as it is told. Throws Error (a bug of the connector) when its schemas cannot be said in JSON Schema, which
 * is what forms are made of.
 */
export function connectorAnswer(connector: Connector): Answer {
  const { id, displayName: name, guideUrl = null, findings = [] } = connector;
  return {
    ...{ id, name, guideUrl },
    entities: connector.entities.map((entity) => ({
      name: entity.name,
      dependsOn: [...entity.dependsOn],
      readsById: entity.fetchOne !== undefined,
    })),
    credentials: inputOf(connector.credentials),
    settings: without(inputOf(connector.settings), findings),
    hasWebhooks: connector.webhooks !== undefined,
    hasHistory: connector.history !== undefined,
  };
}

/** What may be given, before anything is filled in or translated. */
function inputOf(schema: z.ZodType): Record<string, unknown> {
  return { ...z.toJSONSchema(schema, { io: 'input', unrepresentable: 'throw' }) };
}

/** What a sync finds out by itself is not for anybody to set. */
function without(schema: Record<string, unknown>, keys: readonly string[]): Record<string, unknown> {
  const properties = Object.entries((schema['properties'] ?? {}) as object).filter(([key]) => !keys.includes(key));
  return { ...schema, properties: Object.fromEntries(properties) };
}
