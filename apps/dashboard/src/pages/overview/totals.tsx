import { Link } from '@tanstack/react-router';
import type { ConnectionState } from '../../api/overview.js';
import type { Overview } from '../../api/types.js';
import { compact } from '../../format/number.js';

interface TotalsProps {
  readonly totals: Overview['totals'] | undefined;
  readonly chosen: ConnectionState | undefined;
}

const tiles: readonly {
  readonly label: string;
  readonly of: 'connections' | 'problem' | 'running' | 'paused';
  readonly state?: ConnectionState;
}[] = [
  { label: 'Connections', of: 'connections' },
  { label: 'With a problem', of: 'problem', state: 'problem' },
  { label: 'Syncing now', of: 'running', state: 'running' },
  { label: 'Paused', of: 'paused', state: 'paused' },
];

/** How many of which kind; each is a filter of the list below. */
export function Totals({ totals, chosen }: TotalsProps) {
  return (
    <ul className="grid grid-cols-2 gap-3 md:grid-cols-5">
      {tiles.map(({ label, of, state }) => (
        <li key={of}>
          <Link
            to="/"
            search={(now) => ({ ...now, state: chosen === state ? undefined : state })}
            aria-current={state !== undefined && chosen === state ? 'true' : undefined}
            className="block rounded-xl border border-line bg-surface px-4 py-3 shadow-xs hover:border-line-strong aria-[current=true]:border-accent"
          >
            <Tile label={label} value={totals?.[of]} isBad={of === 'problem'} />
          </Link>
        </li>
      ))}
      <li className="max-md:col-span-2">
        <Link
          to="/failed-items"
          className="block rounded-xl border border-line bg-surface px-4 py-3 shadow-xs hover:border-line-strong"
        >
          <Tile label="Failed items" value={totals?.openFailedItems} isBad />
        </Link>
      </li>
    </ul>
  );
}

function Tile({
  label,
  value,
  isBad,
}: {
  readonly label: string;
  readonly value: number | undefined;
  readonly isBad: boolean;
}) {
  return (
    <>
      <span className="block text-xs text-ink-soft">{label}</span>
      <span className={`tabular text-2xl font-semibold tracking-tight ${isBad && value ? 'text-bad' : ''}`}>
        {value === undefined ? '–' : compact(value)}
      </span>
    </>
  );
}
