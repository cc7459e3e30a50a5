import type { Connector } from '@syncline/connector-kit';

/**
 * The entities of a sync in the order of their dependencies: those asked for and everything they depend on, because a
 * contact without its account has no company. No names: all of them.
 *
 * Throws RangeError for a name that the connector does not have.
 */
export function selectEntities(connector: Connector, names: readonly string[] = []): string[] {
  const byName = new Map(connector.entities.map((entity) => [entity.name, entity]));
  const wanted = new Set<string>();
  const want = (name: string) => {
    const entity = byName.get(name);
    if (entity === undefined) throw new RangeError(`${connector.id} has no entity ${name}`);
    entity.dependsOn.forEach(want);
    wanted.add(name);
  };
  (names.length === 0 ? [...byName.keys()] : names).forEach(want);
  // defineConnector has seen to it that parents are declared first.
  return [...byName.keys()].filter((name) => wanted.has(name));
}
