import { useQuery } from '@tanstack/react-query';
import { connectionsQuery } from '../api/connections.js';
import { nameOfConnector } from '../format/words.js';
import { Filter } from '../ui/filter.js';

interface ConnectionFilterProps {
  readonly value: string | undefined;
  readonly onChoose: (connectionId: string | undefined) => void;
}

/** Of one connection, or of all. Connections of several vendors may have the same name. */
export function ConnectionFilter({ value, onChoose }: ConnectionFilterProps) {
  const { data: connections = [] } = useQuery(connectionsQuery);
  return (
    <Filter
      label="Connection"
      value={value}
      choices={connections.map(({ id, name, connector }) => ({
        value: id,
        label: `${name} · ${nameOfConnector(connector)}`,
      }))}
      onChoose={onChoose}
    />
  );
}
