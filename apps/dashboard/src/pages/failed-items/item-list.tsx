import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useConnectionName } from '../../api/connection-name.js';
import { failedItemsQuery, type ItemFilter } from '../../api/failed-items.js';
import { useMay } from '../../api/session.js';
import type { FailedItem } from '../../api/types.js';
import { count, countOf } from '../../format/number.js';
import { Answer, More } from '../../ui/answer.js';
import { Moment } from '../../ui/moment.js';
import { Empty } from '../../ui/states.js';
import { Status } from '../../ui/status.js';
import { Cell, Row, Table } from '../../ui/table.js';
import { ManyActions } from './many-actions.js';

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
          <Items
            filter={filter}
            items={pages.flatMap(({ data }) => data)}
            total={pages[0]?.pagination.total ?? 0}
            onOpen={onOpen}
          />
        )}
      </Answer>
      <More of={found}>More items</More>
    </>
  );
}

/** As many as the API takes at once. */
const mostChosen = 500;

interface ItemsProps {
  readonly filter: ItemFilter;
  readonly items: readonly FailedItem[];
  /** How many there are, also on the pages that are not shown. */
  readonly total: number;
  readonly onOpen: (id: string) => void;
}

function Items({ filter, items, total, onOpen }: ItemsProps) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [told, setTold] = useState('');
  const mayRepair = useMay('operator');
  const nameOfConnection = useConnectionName();
  // One that is gone meanwhile is not meant any more.
  const ids = items.map(({ id }) => id).filter((id) => chosen.has(id));
  if (items.length === 0) return <Nothing filter={filter} />;
  const toggle = (id: string) =>
    setChosen((now) => new Set(now.has(id) ? [...now].filter((one) => one !== id) : [...now, id]));
  return (
    <>
      <div className="flex min-h-13 flex-wrap items-center justify-between gap-x-3 gap-y-2 border-b border-line px-4 py-2 text-sm">
        <p role="status" className="text-ink-soft">
          {ids.length > 0 ? `${count(ids.length)} of ${count(total)} chosen` : countOf(total, 'item')}
          {told && `. ${told}`}
        </p>
        {ids.length > 0 ? (
          <ManyActions
            what={{ ids }}
            total={ids.length}
            name="chosen"
            look="primary"
            onDone={(words) => {
              setTold(words);
              setChosen(new Set());
            }}
          />
        ) : (
          filter.status !== 'resolved' && (
            <ManyActions what={{ filter }} total={total} name="of this list" look="quiet" onDone={setTold} />
          )
        )}
      </div>
      <Table
        label="Failed items"
        columns={['Choose', 'Record', 'What is wrong', 'Status', { number: 'Tries' }, 'Since']}
      >
        {items.map((item) => (
          <Row key={item.id}>
            <Cell label="Choose" className="md:w-10">
              <input
                type="checkbox"
                aria-label={`Choose ${nameOf(item)}`}
                checked={chosen.has(item.id)}
                disabled={
                  item.status === 'resolved' || !mayRepair || (ids.length >= mostChosen && !chosen.has(item.id))
                }
                onChange={() => toggle(item.id)}
                className="size-4 accent-accent"
              />
            </Cell>
            <Cell label="Record" isTitle>
              <div className="min-w-0">
                <button type="button" onClick={() => onOpen(item.id)} className="text-left hover:underline">
                  <span className="font-medium">{item.entity ?? item.kind}</span>
                  {item.vendorId && (
                    <p className="max-w-72 truncate font-mono text-xs text-ink-soft md:max-w-44">{item.vendorId}</p>
                  )}
                </button>
                {filter.connectionId === undefined && (
                  <p className="text-xs text-ink-soft">{nameOfConnection(item.connectionId)}</p>
                )}
              </div>
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
            <Cell label="Tries" isNumber isMinor>
              {item.attempts}
            </Cell>
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

function Nothing({ filter: { status, ...rest } }: { readonly filter: ItemFilter }) {
  const isNarrowed = status !== 'open' || Object.values(rest).some((value) => value !== undefined);
  return isNarrowed ? (
    <Empty title="No item fits">Choose less in the filters above.</Empty>
  ) : (
    <Empty title="Nothing has failed">Everything that was read is in your tables.</Empty>
  );
}
