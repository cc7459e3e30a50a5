interface FilterProps {
  readonly label: string;
  readonly value: string | undefined;
  /** Words that speak for themselves, or values with what they are called. */
  readonly choices: readonly (string | { readonly value: string; readonly label: string })[];
  readonly onChoose: (value: string | undefined) => void;
}

/** One of a few, or all of them. */
export function Filter({ label, value, choices, onChoose }: FilterProps) {
  const options = choices.map((choice) =>
    typeof choice === 'string' ? { value: choice, label: choice.replaceAll('_', ' ') } : choice,
  );
  return (
    <select
      aria-label={label}
      value={value ?? ''}
      onChange={({ target }) => onChoose(target.value || undefined)}
      className="min-h-9 max-w-full rounded-lg border border-line-strong bg-surface px-2 text-sm"
    >
      <option value="">{label}: all</option>
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
