import { useQuery } from '@tanstack/react-query';
import { RotateCw } from 'lucide-react';
import { type ItemFilter, itemGroupsQuery, useRetryItems } from '../../api/failed-items.js';
import { useMay } from '../../api/session.js';
import { count } from '../../format/number.js';
import { Button } from '../../ui/button.js';
import { Card } from '../../ui/card.js';
import { Moment } from '../../ui/moment.js';
import { wordsFor } from '../../ui/states.js';
import { Cell, Row, Table } from '../../ui/table.js';

interface GroupsProps {
  readonly filter: ItemFilter;
  readonly onChoose: (filter: ItemFilter) => void;
}

const shown = 8;

/** What is wrong, the most frequent first: one cause is often behind hundreds of items. */
export function Groups({ filter, onChoose }: GroupsProps) {
  const { data: groups = [] } = useQuery(itemGroupsQuery(filter));
  const retry = useRetryItems();
  const mayRetry = useMay('operator');
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
                {mayRetry && (
                  <Button
                    look="quiet"
                    icon={<RotateCw size={14} aria-hidden="true" />}
                    isBusy={retry.isPending}
                    aria-label={`Retry all ${group.reasonCode} of ${group.entity}`}
                    onClick={() => retry.mutate({ filter: narrowed })}
                  >
                    Retry all
                  </Button>
                )}
              </Cell>
            </Row>
          );
        })}
      </Table>
      <p role="status" className="px-4 py-2 text-xs text-ink-soft">
        {retry.isSuccess && `${count(retry.data.retried)} are being tried again.`}
        {retry.error && <span className="text-bad">{wordsFor(retry.error).title}</span>}
      </p>
    </Card>
  );
}
