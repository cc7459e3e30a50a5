import type { KnownEntity } from '@syncline/store';
import type { EngineContext } from '../context.js';
import { selectEntities } from '../plan/select-entities.js';

/** Every entity of every connector, with those whose sync brings it along: itself, and all that depend on it. */
export function knownEntities({ connectors }: Pick<EngineContext, 'connectors'>): KnownEntity[] {
  return connectors.flatMap((connector) => {
    const brings = connector.entities.map(({ name }) => ({ name, all: selectEntities(connector, [name]) }));
    return connector.entities.map(({ name: entity }) => ({
      connector: connector.id,
      entity,
      broughtBy: brings.filter(({ all }) => all.includes(entity)).map(({ name }) => name),
    }));
  });
}
