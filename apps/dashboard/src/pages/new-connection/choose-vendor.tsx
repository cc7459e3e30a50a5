import clsx from 'clsx';
import type { Connector } from '../../api/types.js';

interface ChooseVendorProps {
  readonly connectors: readonly Connector[];
  readonly chosen: Connector | undefined;
  readonly onChoose: (id: string) => void;
}

/** The vendors that there is code for, with what each would bring. */
export function ChooseVendor({ connectors, chosen, onChoose }: ChooseVendorProps) {
  return (
    <fieldset className="min-w-0">
      <legend className="mb-2 text-sm font-semibold">Vendor</legend>
      <div className="grid gap-2 sm:grid-cols-2">
        {connectors.map(({ id, name, entities, hasWebhooks }) => (
          <label
            key={id}
            className={clsx(
              'flex gap-3 rounded-xl border bg-surface p-3.5 text-sm has-focus-visible:outline-2 has-focus-visible:outline-accent',
              id === chosen?.id ? 'border-accent bg-accent-soft' : 'border-line hover:bg-sunken',
            )}
          >
            <input
              type="radio"
              name="vendor"
              checked={id === chosen?.id}
              onChange={() => onChoose(id)}
              className="mt-1 size-4 shrink-0 accent-accent"
            />
            <span className="min-w-0">
              <span className="font-medium">{name}</span>
              <span className="mt-0.5 block text-xs text-ink-soft">
                {entities.map((entity) => entity.name.replaceAll('_', ' ')).join(', ')}
                {hasWebhooks && '; tells of changes by webhooks'}
              </span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
