import { useQuery } from '@tanstack/react-query';
import { connectionsQuery } from '../../api/connections.js';
import { Filter } from '../../ui/filter.js';

interface ConnectionFilterProps {
  readonly value: string | undefined;
  readonly onChoose: (connectionId: string | undefined) => void;
}

/** One of the organization's connections, or all of them. */
export function ConnectionFilter(props: ConnectionFilterProps) {
  const { data: connections = [] } = useQuery(connectionsQuery);
  return (
    <Filter label="Connection" choices={connections.map(({ id, name }) => ({ value: id, label: name }))} {...props} />
  );
}
