import { box } from './field.js';
import { wordsForState } from './status.js';

interface FilterProps {
  readonly label: string;
  readonly value: string | undefined;
  /** Words that speak for themselves, states among them, or values with what they are called. */
  readonly choices: readonly (string | { readonly value: string; readonly label: string })[];
  readonly onChoose: (value: string | undefined) => void;
  /** One of them holds always: there is no "all". */
  readonly isOne?: boolean;
}

/** One of a few, or all of them. */
export function Filter({ label, value, choices, onChoose, isOne = false }: FilterProps) {
  const options = choices.map((choice) =>
    typeof choice === 'string' ? { value: choice, label: wordsForState(choice) } : choice,
  );
  return (
    <select
      aria-label={label}
      value={value ?? ''}
      onChange={({ target }) => onChoose(target.value || undefined)}
      className={`${box} min-h-9 max-w-full`}
    >
      {!isOne && <option value="">{label}: all</option>}
      {value !== undefined && options.every((option) => option.value !== value) && (
        <option value={value}>{value}</option>
      )}
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}
