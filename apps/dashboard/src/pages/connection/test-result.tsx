import { CircleCheck } from 'lucide-react';
import type { useTest } from '../../api/connections.js';
import { Note } from '../../ui/note.js';
import { wordsFor } from '../../ui/states.js';

interface TestResultProps {
  readonly of: ReturnType<typeof useTest>;
  /** As people call the vendor. */
  readonly vendor: string;
}

/** What came of asking the vendor, in words: whose account it is, or why it refuses and what to do about that. */
export function TestResult({ of: { data, error, isPending }, vendor }: TestResultProps) {
  if (isPending) return <p className="text-sm text-ink-soft">Asking {vendor}…</p>;
  if (error) {
    const { title, hint } = wordsFor(error);
    return (
      <Note tone="bad">
        The test could not be made: {title} {hint}
      </Note>
    );
  }
  if (data === undefined) return null;
  if (!data.success) {
    return (
      <Note tone="bad">
        <span className="font-medium">
          {data.code === 'UPSTREAM_AUTH' ? `${vendor} refuses the credentials.` : `${vendor} could not be asked.`}
        </span>{' '}
        {data.message}
        <span className="mt-1 block text-ink-soft">{data.hint}</span>
      </Note>
    );
  }
  const found = linesOf(data.sample);
  return (
    <div className="flex gap-2.5 rounded-xl border border-good bg-good-soft px-4 py-3 text-sm">
      <CircleCheck size={16} aria-hidden="true" className="mt-0.5 shrink-0 text-good" />
      <div className="min-w-0">
        <p>
          <span className="font-medium">{vendor} accepts the credentials.</span> It answered in{' '}
          {data.roundTripMs.toLocaleString('en')} ms.
        </p>
        {found.length > 0 && (
          <dl className="mt-1.5 grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5">
            {found.map(([label, value]) => (
              <div key={label} className="contents">
                <dt className="text-ink-soft">{label}</dt>
                <dd className="min-w-0 break-words">{value}</dd>
              </div>
            ))}
          </dl>
        )}
      </div>
    </div>
  );
}

/** What the vendor said, a line for each thing: {"user": {"name": "Ann"}} is ["User name", "Ann"]. */
function linesOf(sample: Readonly<Record<string, unknown>>, before = ''): [string, string][] {
  return Object.entries(sample).flatMap(([key, value]): [string, string][] => {
    const label = `${before} ${key.replaceAll(/([a-z])([A-Z])/g, '$1 $2').replaceAll('_', ' ')}`.trim().toLowerCase();
    if (value === null || value === undefined || value === '') return [];
    if (typeof value === 'object') return linesOf({ ...value }, label);
    return [[label.charAt(0).toUpperCase() + label.slice(1), String(value)]];
  });
}
