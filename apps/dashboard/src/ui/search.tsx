import clsx from 'clsx';
import { useEffect, useRef, useState } from 'react';
import { box } from './field.js';

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
  const told = useRef(value);
  useEffect(() => {
    // What comes back of one's own word is older than what has been typed since.
    if (value === told.current) return;
    told.current = value;
    setTyped(value);
  }, [value]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is typed starts the pause anew.
  useEffect(() => {
    if (typed.trim() === value) return;
    const timer = setTimeout(() => {
      told.current = typed.trim();
      onSearch(told.current);
    }, pauseMs);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <input
      type="search"
      aria-label={label}
      placeholder={placeholder}
      value={typed}
      onChange={({ target }) => setTyped(target.value)}
      className={clsx(box, 'min-h-9', className ?? 'w-full sm:w-56')}
    />
  );
}
