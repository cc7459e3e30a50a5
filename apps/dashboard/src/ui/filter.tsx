interface FilterProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly choices: readonly string[];
  readonly onChoose: (value: string | undefined) => void;
}

/** One of a few, or all of them. */
export function Filter({ label, value, choices, onChoose }: FilterProps) {
  return (
    <select
      aria-label={label}
      value={value ?? ''}
      onChange={({ target }) => onChoose(target.value || undefined)}
      className="min-h-9 rounded-lg border border-line-strong bg-surface px-2 text-sm"
    >
      <option value="">{label}: all</option>
      {choices.map((choice) => (
        <option key={choice} value={choice}>
          {choice.replaceAll('_', ' ')}
        </option>
      ))}
    </select>
  );
}
