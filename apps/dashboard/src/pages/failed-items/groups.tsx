import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type ItemFilter, itemGroupsQuery } from '../../api/failed-items.js';
import { count } from '../../format/number.js';
import { Card } from '../../ui/card.js';
import { Moment } from '../../ui/moment.js';
import { Cell, Row, Table } from '../../ui/table.js';
import { ManyActions } from './many-actions.js';

interface GroupsProps {
  readonly filter: ItemFilter;
  readonly onChoose: (filter: ItemFilter) => void;
}

const shown = 8;

/** What is wrong, the most frequent first: one cause is often behind hundreds of items. */
export function Groups({ filter, onChoose }: GroupsProps) {
  const { data: groups = [] } = useQuery(itemGroupsQuery(filter));
  const [told, setTold] = useState('');
  if (groups.length < 2) return null;
  return (
    <Card title="By reason">
      <Table label="Failed items by reason" columns={['Reason', 'Entity', 'Items', 'Last', 'Actions']}>
        {groups.slice(0, shown).map((group) => {
          const narrowed: ItemFilter = {
            ...filter,
            code: group.reasonCode,
            entity: group.entity ?? undefined,
            kind: group.kind,
            field: group.field ?? undefined,
            withoutField: group.field === null ? 'true' : undefined,
          };
          return (
            <Row key={`${group.entity} ${group.kind} ${group.reasonCode} ${group.field}`}>
              <Cell label="Reason">
                <button type="button" onClick={() => onChoose(narrowed)} className="text-left hover:underline">
                  <code className="text-xs font-medium">{group.reasonCode}</code>
                  {group.field && <span className="text-xs text-ink-soft"> in {group.field}</span>}
                  <p className="line-clamp-1 text-xs text-ink-soft">{group.message}</p>
                </button>
              </Cell>
              <Cell label="Entity">{group.entity ?? '–'}</Cell>
              <Cell label="Items">{count(group.count)}</Cell>
              <Cell label="Last">
                <Moment at={group.lastAt} />
              </Cell>
              <Cell label="" className="text-right">
                {filter.status !== 'resolved' && (
                  <ManyActions
                    what={{ filter: narrowed }}
                    total={group.count}
                    name={`${group.reasonCode} of ${group.entity ?? group.kind}`}
                    look="quiet"
                    onDone={setTold}
                  />
                )}
              </Cell>
            </Row>
          );
        })}
      </Table>
      <p role="status" className="px-4 py-2 text-xs text-ink-soft">
        {told}
      </p>
    </Card>
  );
}
