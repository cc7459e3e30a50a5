import clsx from 'clsx';
import { ChevronRight } from 'lucide-react';
import type { EntityRun } from '../../api/types.js';

const looks: Readonly<Record<string, string>> = {
  running: 'border-info bg-info-soft text-info',
  succeeded: 'border-good bg-good-soft text-good',
  partial: 'border-warn bg-warn-soft text-warn',
  failed: 'border-bad bg-bad-soft text-bad',
};

/** The way that a sync takes, entity by entity: what others refer to comes first. */
export function Flow({ entities }: { readonly entities: readonly EntityRun[] }) {
  return (
    <ol aria-label="The flow" className="flex flex-wrap items-center gap-y-2 text-xs">
      {entities.map(({ entity, status }, at) => (
        <li key={entity} className="flex items-center">
          {at > 0 && <ChevronRight size={14} aria-hidden="true" className="mx-0.5 text-ink-soft" />}
          <span
            className={clsx(
              'rounded-full border px-2.5 py-1 font-medium',
              looks[status] ?? 'border-line bg-surface text-ink-soft',
            )}
          >
            {entity}
            <span className="sr-only">: {status}</span>
          </span>
        </li>
      ))}
    </ol>
  );
}
