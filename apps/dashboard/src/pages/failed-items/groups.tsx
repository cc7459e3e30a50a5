import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type ItemFilter, itemGroupsQuery } from '../../api/failed-items.js';
import { count, countOf } from '../../format/number.js';
import { Button } from '../../ui/button.js';
import { Card } from '../../ui/card.js';
import { Moment } from '../../ui/moment.js';
import { Cell, Row, Table } from '../../ui/table.js';
import { ManyActions } from './many-actions.js';

interface GroupsProps {
  readonly filter: ItemFilter;
  readonly onChoose: (filter: ItemFilter) => void;
}

/** They stand above the items themselves. */
const few = 8;

/** What is wrong, the most frequent first: one cause is often behind hundreds of items. */
export function Groups({ filter, onChoose }: GroupsProps) {
  const { data: groups = [] } = useQuery(itemGroupsQuery(filter));
  const [told, setTold] = useState('');
  const [showsAll, setShowsAll] = useState(false);
  if (groups.length < 2) return null;
  return (
    <Card title="By reason">
      <Table label="Failed items by reason" columns={['Reason', 'Entity', { number: 'Items' }, 'Last', 'Actions']}>
        {groups.slice(0, showsAll ? undefined : few).map((group) => {
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
              <Cell label="Reason" isTitle>
                <button type="button" onClick={() => onChoose(narrowed)} className="text-left hover:underline">
                  <code className="text-xs font-medium">{group.reasonCode}</code>
                  {group.field && <span className="text-xs text-ink-soft"> in {group.field}</span>}
                  <p className="line-clamp-1 text-xs text-ink-soft">{group.message}</p>
                </button>
              </Cell>
              <Cell label="Entity">{group.entity ?? '–'}</Cell>
              <Cell label="Items" isNumber>
                {count(group.count)}
              </Cell>
              <Cell label="Last" isMinor>
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
      {groups.length > few && (
        <div className="border-t border-line p-2 text-center">
          <Button look="quiet" aria-expanded={showsAll} onClick={() => setShowsAll(!showsAll)}>
            {showsAll ? 'The most frequent only' : `${countOf(groups.length - few, 'more reason')}`}
          </Button>
        </div>
      )}
      <p role="status" className="border-t border-line px-4 py-2 text-xs text-ink-soft empty:hidden">
        {told}
      </p>
    </Card>
  );
}
