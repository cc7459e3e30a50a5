import { z } from 'zod';
import type { ControlRoute } from '../../../simulation/control/control-route.js';
import { json, Refusal } from '../../../simulation/http/reply.js';
import { ENTITIES, type Entity, isEntity } from '../data/entities.js';
import type { Simulator } from '../simulator.js';

const fields = z.record(z.string(), z.unknown()).default({});
const changeSchema = z.strictObject({ fields, touch: z.boolean().optional() });
const additionSchema = z.strictObject({ fields }).default({ fields: {} });
const amounts = z.partialRecord(z.enum(ENTITIES), z.int().min(0)).optional();
const mutationSchema = z.strictObject({ seed: z.int().optional(), edits: amounts, adds: amounts, archives: amounts });
const sharedTimeSchema = z.strictObject({
  entity: z.enum(ENTITIES),
  count: z.int().min(1),
  at: z.iso.datetime({ offset: true }).optional(),
});
const ACTIONS = '(edit|archive|unarchive|cancel|restore)';

/** The records: reading the truth, and changing it. */
export const recordRoutes: readonly ControlRoute<Simulator>[] = [
  {
    method: 'POST',
    pattern: /^mutate$/,
    handle: ({ simulator, body }) => json(simulator.store.mutate(mutationSchema.parse(body))),
  },
  {
    method: 'POST',
    pattern: /^share-timestamp$/,
    handle: ({ simulator, body }) => {
      const { entity, count, at } = sharedTimeSchema.parse(body);
      return json({ ids: simulator.store.shareTimestamp(entity, count, { at: at ? new Date(at) : undefined }) });
    },
  },
  {
    method: 'POST',
    pattern: /^merge\/(\d+)\/into\/(\d+)$/,
    handle: ({ simulator, params: [loser = '', winner = ''] }) => {
      simulator.store.merge(loser, winner);
      return current(simulator, ['patients', loser]);
    },
  },
  {
    method: 'POST',
    pattern: /^key\/(revoke|restore)$/,
    handle: ({ simulator, params: [what] }) => {
      simulator.revokeKey(what === 'revoke');
      return json({ revoked: what === 'revoke' });
    },
  },
  {
    method: 'GET',
    pattern: /^records\/(\w+)$/,
    handle: ({ simulator, params }) => json(simulator.store.records(entityOf(params))),
  },
  {
    method: 'POST',
    pattern: /^records\/(\w+)$/,
    handle: ({ simulator, params, body }) =>
      json({ id: simulator.store.add(entityOf(params), additionSchema.parse(body).fields) }, 201),
  },
  {
    method: 'GET',
    pattern: /^records\/(\w+)\/(\d+)$/,
    handle: ({ simulator, params }) => current(simulator, params),
  },
  {
    method: 'PATCH',
    pattern: /^records\/(\w+)\/(\d+)$/,
    handle: ({ simulator, params, body }) => {
      simulator.store.set(entityOf(params), params[1] ?? '', changeSchema.parse(body));
      return current(simulator, params);
    },
  },
  {
    method: 'DELETE',
    pattern: /^records\/(\w+)\/(\d+)$/,
    handle: ({ simulator, params }) => {
      simulator.store.remove(entityOf(params), params[1] ?? '');
      return json({ removed: params[1] });
    },
  },
  {
    method: 'POST',
    pattern: new RegExp(`^records/(\\w+)/(\\d+)/${ACTIONS}$`),
    handle: ({ simulator, params }) => {
      const [, id = '', action] = params;
      const { store } = simulator;
      const entity = entityOf(params);
      if (action === 'edit') store.edit(entity, id);
      if (action === 'archive') store.archive(entity, id);
      if (action === 'unarchive') store.unarchive(entity, id);
      if (action === 'restore') store.restore(entity, id);
      if (action === 'cancel') store.cancel(entity === 'attendees' ? entity : 'appointments', id);
      return current(simulator, params);
    },
  },
  {
    method: 'GET',
    pattern: /^removed\/(\w+)$/,
    handle: ({ simulator, params }) => json(simulator.store.removedIds(entityOf(params))),
  },
];

function entityOf([name = '']: readonly string[]): Entity {
  if (!isEntity(name)) throw new Refusal(404, { error: `No entity named ${name}.` });
  return name;
}

function current({ store }: Simulator, params: readonly string[]) {
  const record = store.record(entityOf(params), params[1] ?? '');
  if (record === undefined) throw new Refusal(404, { error: `No record ${params[1]}.` });
  return json(record);
}
