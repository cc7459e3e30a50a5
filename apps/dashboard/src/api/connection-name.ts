import { useQuery } from '@tanstack/react-query';
import { nameOfConnector } from '../format/words.js';
import { connectionsQuery } from './connections.js';

/** Finds how a connection is called, with its vendor: several may have the same name. Undefined while nobody knows. */
export function useConnectionName(): (id: string) => string | undefined {
  const { data = [] } = useQuery(connectionsQuery);
  return (id) => {
    const found = data.find((connection) => connection.id === id);
    return found && `${found.name} · ${nameOfConnector(found.connector)}`;
  };
}
