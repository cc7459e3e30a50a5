import { z } from 'zod';
import type { ControlRoute } from '../../../simulation/control/control-route.js';
import { json, Refusal, type Reply, rendered } from '../../../simulation/http/reply.js';
import { ENTITIES, type Entity, isEntity } from '../data/entities.js';
import type { Simulator } from '../simulator.js';
import { mutationRequestSchema } from '../store/mutation-plan.js';
import type { SimulatorStore } from '../store/simulator-store.js';

const fieldsSchema = z.record(z.string(), z.unknown());
const changeSchema = z.strictObject({
  fields: fieldsSchema.default({}),
  remove: z.array(z.string()).default([]),
  touch: z.boolean().optional(),
});
const additionSchema = z
  .strictObject({ fields: fieldsSchema.default({}), parent: z.string().optional() })
  .default({ fields: {} });
const editSchema = z.strictObject({ seed: z.int().default(1) }).default({ seed: 1 });
const sharedTimeSchema = z.strictObject({
  entity: z.enum(ENTITIES),
  count: z.int().min(1),
  at: z.iso.datetime({ offset: true }).optional(),
  from: z.int().min(0).optional(),
});
const ACTIONS = '(edit|complete|archive|restore)';

/** The records: reading the truth, and changing it. */
export const recordRoutes: readonly ControlRoute<Simulator>[] = [
  {
    method: 'POST',
    pattern: /^mutate$/,
    handle: ({ simulator, body }) => json(simulator.store.mutate(mutationRequestSchema.parse(body))),
  },
  {
    method: 'POST',
    pattern: /^share-timestamp$/,
    handle: ({ simulator, body }) => {
      const { entity, count, at, from } = sharedTimeSchema.parse(body);
      const options = { ...(at === undefined ? {} : { at: new Date(at) }), ...(from === undefined ? {} : { from }) };
      return json({ ids: simulator.store.shareTimestamp(entity, count, options) });
    },
  },
  {
    method: 'GET',
    pattern: /^records\/(\w+)$/,
    handle: ({ simulator, params }) => truth(simulator.store, entityOf(params)),
  },
  {
    method: 'POST',
    pattern: /^records\/(\w+)$/,
    handle: ({ simulator, params, body }) => {
      const { fields, parent } = additionSchema.parse(body);
      return json({ id: simulator.store.add(entityOf(params), fields, parent) }, 201);
    },
  },
  {
    method: 'GET',
    pattern: /^records\/(\w+)\/([\w-]+)$/,
    handle: ({ simulator, params }) => current(simulator.store, params),
  },
  {
    method: 'PATCH',
    pattern: /^records\/(\w+)\/([\w-]+)$/,
    handle: ({ simulator, params, body }) => {
      const { touch, ...change } = changeSchema.parse(body);
      const [, id = ''] = params;
      simulator.store.set(entityOf(params), id, touch === undefined ? change : { ...change, touch });
      return current(simulator.store, params);
    },
  },
  {
    method: 'DELETE',
    pattern: /^records\/(\w+)\/([\w-]+)$/,
    handle: ({ simulator, params }) => {
      simulator.store.delete(entityOf(params), params[1] ?? '');
      return json({ deleted: params[1] });
    },
  },
  {
    method: 'POST',
    pattern: new RegExp(`^records/(\\w+)/([\\w-]+)/${ACTIONS}$`),
    handle: ({ simulator: { store }, params, body }) => {
      const [, id = '', action] = params;
      const entity = entityOf(params);
      if (action === 'edit') store.edit(entity, id, editSchema.parse(body).seed);
      if (action === 'complete') store.complete(id);
      if (action === 'archive') store.archive(entity, id);
      if (action === 'restore') store.restore(entity, id);
      return current(store, params);
    },
  },
  {
    method: 'GET',
    pattern: /^deleted\/(\w+)$/,
    handle: ({ simulator, params }) => json(simulator.store.deletedIds(entityOf(params))),
  },
];

function entityOf([name = '']: readonly string[]): Entity {
  if (!isEntity(name)) throw new Refusal(404, { error: `No entity named ${name}.` });
  return name;
}

function current(store: SimulatorStore, params: readonly string[]): Reply {
  const text = store.text(entityOf(params), params[1] ?? '');
  if (text === undefined) throw new Refusal(404, { error: `No record ${params[1]}.` });
  return rendered(Buffer.from(text));
}

/** All records of an entity, one JSON text a line. */
function truth(store: SimulatorStore, entity: Entity): Reply {
  const lines = function* (): Generator<Buffer> {
    let block: string[] = [];
    for (const text of store.texts(entity)) {
      block.push(text.toString());
      if (block.length < 500) continue;
      yield Buffer.from(`${block.join('\n')}\n`);
      block = [];
    }
    if (block.length > 0) yield Buffer.from(`${block.join('\n')}\n`);
  };
  return { status: 200, headers: { 'content-type': 'application/x-ndjson; charset=utf-8' }, body: lines() };
}
