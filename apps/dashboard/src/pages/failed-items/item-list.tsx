import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { failedItemsQuery, type ItemFilter, useRetryItems } from '../../api/failed-items.js';
import { useMay } from '../../api/session.js';
import type { FailedItem } from '../../api/types.js';
import { count } from '../../format/number.js';
import { Answer, More } from '../../ui/answer.js';
import { Button } from '../../ui/button.js';
import { Moment } from '../../ui/moment.js';
import { Empty, wordsFor } from '../../ui/states.js';
import { Status } from '../../ui/status.js';
import { Cell, Row, Table } from '../../ui/table.js';

interface ItemListProps {
  readonly filter: ItemFilter;
  readonly onOpen: (id: string) => void;
}

/** The items that a filter leaves; several can be chosen and tried again together. */
export function ItemList({ filter, onOpen }: ItemListProps) {
  const found = useInfiniteQuery(failedItemsQuery(filter));
  return (
    <>
      <Answer to={found} rows={8}>
        {({ pages }) => (
          <Items items={pages.flatMap(({ data }) => data)} total={pages[0]?.pagination.total ?? 0} onOpen={onOpen} />
        )}
      </Answer>
      <More of={found}>More items</More>
    </>
  );
}

interface ItemsProps {
  readonly items: readonly FailedItem[];
  /** How many there are, also on the pages that are not shown. */
  readonly total: number;
  readonly onOpen: (id: string) => void;
}

function Items({ items, total, onOpen }: ItemsProps) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const retry = useRetryItems();
  const mayRetry = useMay('operator');
  if (items.length === 0) return <Empty title="Nothing has failed">Everything that was read is in your tables.</Empty>;
  const toggle = (id: string) =>
    setChosen((now) => new Set(now.has(id) ? [...now].filter((one) => one !== id) : [...now, id]));
  return (
    <>
      <div className="flex min-h-13 items-center justify-between gap-3 border-b border-line px-4 py-2 text-sm">
        <p role="status" className="text-ink-soft">
          {chosen.size > 0 ? `${count(chosen.size)} chosen` : `${count(total)} items`}
          {retry.error && <span className="text-bad"> {wordsFor(retry.error).title}</span>}
        </p>
        {mayRetry && chosen.size > 0 && (
          <Button
            look="primary"
            isBusy={retry.isPending}
            onClick={() => retry.mutate({ ids: [...chosen] }, { onSuccess: () => setChosen(new Set()) })}
          >
            Retry {count(chosen.size)}
          </Button>
        )}
      </div>
      <Table label="Failed items" columns={['Choose', 'Record', 'What is wrong', 'Status', 'Tries', 'Since']}>
        {items.map((item) => (
          <Row key={item.id}>
            <Cell label="Choose" className="md:w-10">
              <input
                type="checkbox"
                aria-label={`Choose ${nameOf(item)}`}
                checked={chosen.has(item.id)}
                disabled={item.status === 'resolved'}
                onChange={() => toggle(item.id)}
                className="size-4 accent-accent"
              />
            </Cell>
            <Cell label="Record">
              <button type="button" onClick={() => onOpen(item.id)} className="text-left hover:underline">
                <span className="font-medium">{item.entity ?? item.kind}</span>
                {item.vendorId && <p className="max-w-44 truncate font-mono text-xs text-ink-soft">{item.vendorId}</p>}
              </button>
            </Cell>
            <Cell label="What is wrong">
              <div className="max-w-md">
                <code className="text-xs font-medium">{item.code}</code>
                {item.field && <span className="text-xs text-ink-soft"> in {item.field}</span>}
                <p className="line-clamp-2 text-xs text-ink-soft">{item.message}</p>
              </div>
            </Cell>
            <Cell label="Status">
              <Status of={item.status} />
            </Cell>
            <Cell label="Tries">{item.attempts}</Cell>
            <Cell label="Since">
              <Moment at={item.createdAt} />
            </Cell>
          </Row>
        ))}
      </Table>
    </>
  );
}

function nameOf({ entity, kind, vendorId }: FailedItem): string {
  return [entity ?? kind, vendorId].filter(Boolean).join(' ');
}
