import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import clsx from 'clsx';
import { itemHistoryQuery } from '../../api/failed-items.js';
import type { ItemEvent, ItemHistory } from '../../api/types.js';
import { Answer } from '../../ui/answer.js';
import { Moment } from '../../ui/moment.js';
import { Status } from '../../ui/status.js';

interface TimelineProps {
  readonly id: string;
  readonly onOpen: (id: string) => void;
}

/** What happened to an item, the latest first, and to those of the same record before it. */
export function Timeline({ id, onOpen }: TimelineProps) {
  const history = useQuery(itemHistoryQuery(id));
  return (
    <section aria-labelledby="what-happened" className="flex min-w-0 flex-col gap-3">
      <h3 id="what-happened" className="text-sm font-medium">
        What happened
      </h3>
      <Answer to={history} rows={3}>
        {({ data, earlier }) => (
          <>
            <ol className="flex flex-col">
              {data
                .map((event, i) => <Event key={`${event.at} ${event.kind}`} of={event} isFirst={i === 0} />)
                .reverse()}
            </ol>
            {earlier.length > 0 && <Earlier items={earlier} onOpen={onOpen} />}
          </>
        )}
      </Answer>
    </section>
  );
}

const tones: Readonly<Record<ItemEvent['kind'], string>> = {
  failed: 'bg-bad',
  dead: 'bg-bad',
  started: 'bg-info',
  resolved: 'bg-good',
  edited: 'bg-info',
  retried: 'bg-info',
};

function Event({ of: event, isFirst }: { readonly of: ItemEvent; readonly isFirst: boolean }) {
  const { at, kind, code, field, message, syncJobId } = event;
  return (
    <li className="relative border-l border-line pb-3.5 pl-4 text-xs last:border-transparent last:pb-0">
      <span
        aria-hidden="true"
        className={clsx('absolute top-1 -left-1 size-2 rounded-full ring-3 ring-surface', tones[kind])}
      />
      <p className="font-medium">{titleOf(event, isFirst)}</p>
      {code && (
        <p className="break-words text-ink-soft">
          <code>{code}</code>
          {field && message === null && <> in {field}</>}
          {message && <>: {message}</>}
        </p>
      )}
      {!code && message && <p className="break-words text-ink-soft">“{message}”</p>}
      <p className="text-ink-soft">
        <Moment at={at} />
        {syncJobId && (
          <>
            , in{' '}
            <Link to="/syncs/$id" params={{ id: syncJobId }} className="underline">
              this sync
            </Link>
          </>
        )}
      </p>
    </li>
  );
}

function titleOf({ kind, attempt, actor }: ItemEvent, isFirst: boolean): string {
  switch (kind) {
    case 'failed':
      if (isFirst) return 'Failed';
      // They are counted anew after a retry by hand.
      return attempt === null || attempt <= 1 ? 'Failed again' : `Failed again, try ${attempt}`;
    case 'dead':
      return 'Given up: it waits for somebody';
    case 'started':
      return 'Taken up again by a sync';
    case 'edited':
      return `Record changed by ${actor ?? 'somebody'}`;
    case 'retried':
      return `Retry asked for by ${actor ?? 'somebody'}`;
    case 'resolved':
      if (actor === 'sync') return 'Settled: a sync brought the record';
      return actor === 'recovery' ? 'Settled: the retry went through' : `Resolved by ${actor ?? 'itself'}`;
  }
}

interface EarlierProps {
  readonly items: ItemHistory['earlier'];
  readonly onOpen: (id: string) => void;
}

function Earlier({ items, onOpen }: EarlierProps) {
  return (
    <>
      <h4 className="text-xs font-medium text-ink-soft">It had failed before</h4>
      <ul className="flex flex-col gap-2">
        {items.map((item) => (
          <li key={item.id} className="text-xs">
            <button type="button" onClick={() => onOpen(item.id)} className="text-left hover:underline">
              <code className="font-medium">{item.code}</code>
              {item.field && <span className="text-ink-soft"> in {item.field}</span>}
            </button>
            <p className="flex items-center gap-1.5 text-ink-soft">
              <Status of={item.status} /> <Moment at={item.resolvedAt} />
              {item.note && <span className="truncate">“{item.note}”</span>}
            </p>
          </li>
        ))}
      </ul>
    </>
  );
}
