import clsx from 'clsx';
import { useEffect, useState } from 'react';

interface SearchProps {
  readonly label: string;
  readonly placeholder?: string;
  readonly value: string;
  /** Told when somebody has stopped typing for a moment. */
  readonly onSearch: (text: string) => void;
  readonly className?: string;
}

const pauseMs = 250;

/** A word to look for, which the server is asked for and not the page. */
export function Search({ label, placeholder = 'Search', value, onSearch, className }: SearchProps) {
  const [typed, setTyped] = useState(value);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is typed starts the pause anew.
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => onSearch(typed.trim()), pauseMs);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <input
      type="search"
      aria-label={label}
      placeholder={placeholder}
      value={typed}
      onChange={({ target }) => setTyped(target.value)}
      className={clsx(
        'min-h-9 rounded-lg border border-line-strong bg-surface px-3 text-sm placeholder:text-ink-soft',
        className ?? 'w-full sm:w-56',
      )}
    />
  );
}
