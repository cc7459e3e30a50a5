import { useQuery } from '@tanstack/react-query';
import { type ItemFilter, itemGroupsQuery } from '../../api/failed-items.js';
import { ConnectionFilter } from '../../layout/connection-filter.js';
import { Filter } from '../../ui/filter.js';

const kinds = ['record', 'entity_run', 'job', 'sweep'];
const statuses = [{ value: 'open', label: 'all that are open' }, 'pending', 'retrying', 'dead', 'resolved'];

interface ItemFiltersProps {
  readonly filter: ItemFilter;
  readonly onChoose: (chosen: ItemFilter) => void;
}

/** Everything by which failed items can be narrowed down. Entities and codes are those that there are. */
export function ItemFilters({ filter, onChoose }: ItemFiltersProps) {
  const { connectionId, entity, code, kind, status } = filter;
  const { data: groups = [] } = useQuery(itemGroupsQuery({ connectionId, status }));
  const entities = distinct(groups.flatMap((group) => group.entity ?? []));
  const codes = distinct(
    groups.filter((group) => entity === undefined || group.entity === entity).map(({ reasonCode }) => reasonCode),
  );
  const [noReason, noPlace] = [
    { code: undefined, field: undefined, withoutField: undefined, vendorId: undefined },
    { entity: undefined },
  ];
  return (
    <>
      <ConnectionFilter
        value={connectionId}
        onChoose={(chosen) => onChoose({ connectionId: chosen, ...noPlace, ...noReason })}
      />
      <Filter
        label="Entity"
        value={entity}
        choices={entities}
        onChoose={(chosen) => onChoose({ entity: chosen, ...noReason })}
      />
      <Filter
        label="Reason"
        value={code}
        choices={codes.map((one) => ({ value: one, label: one }))}
        onChoose={(chosen) => onChoose({ ...noReason, code: chosen })}
      />
      <Filter
        label="Kind"
        value={kind}
        choices={kinds}
        onChoose={(chosen) => onChoose({ kind: chosen as ItemFilter['kind'] })}
      />
      <Filter
        isOne
        label="Status"
        value={status}
        choices={statuses}
        onChoose={(chosen) => onChoose({ status: chosen as ItemFilter['status'] })}
      />
    </>
  );
}

function distinct(words: readonly string[]): string[] {
  return [...new Set(words)].sort();
}
