import { Field, Input, Select, Textarea } from '../../../ui/field.js';
import { keyOf } from './draft.js';
import type { FormField } from './fields.js';

interface FieldControlProps {
  readonly field: FormField;
  readonly text: string;
  readonly error: string | undefined;
  /** Where most have to be filled in, those that need not are marked. */
  readonly marksOptional: boolean;
  readonly onChange: (text: string) => void;
}

/** The control for one field: whoever fills it in sees what it is for, what counts if it stays empty, and what is wrong. */
export function FieldControl({ field, text, error, marksOptional, onChange }: FieldControlProps) {
  const { label, hint, isRequired } = field;
  return (
    <Field label={isRequired || !marksOptional ? label : `${label} (optional)`} hint={hint} error={error}>
      <Control field={field} text={text} onChange={onChange} />
    </Field>
  );
}

function Control({ field, text, onChange }: Omit<FieldControlProps, 'error' | 'marksOptional'>) {
  const { kind, isRequired, standard, format, isWhole } = field;
  const shared = {
    name: keyOf(field),
    value: text,
    'aria-required': isRequired || undefined,
    spellCheck: false,
    onChange: ({ target }: { readonly target: { readonly value: string } }) => onChange(target.value),
  };
  switch (kind) {
    case 'secret':
      // Some browsers offer their own passwords unless the field is said to be a new one.
      return <Input {...shared} type="password" autoComplete="new-password" className="font-mono" />;
    case 'number':
      return (
        <Input
          {...shared}
          inputMode={isWhole ? 'numeric' : 'decimal'}
          autoComplete="off"
          placeholder={inWords(standard)}
        />
      );
    case 'yes-no':
      return <Choices {...shared} choices={['true', 'false']} standard={standard} isRequired={isRequired} />;
    case 'choice':
      return <Choices {...shared} choices={field.choices} standard={standard} isRequired={isRequired} />;
    case 'words':
      return <Textarea {...shared} rows={3} autoComplete="off" placeholder="One a line" />;
    case 'json':
      return <Textarea {...shared} rows={4} autoComplete="off" placeholder="JSON" />;
    default:
      return <Input {...shared} inputMode={format ?? 'text'} autoComplete="off" placeholder={inWords(standard)} />;
  }
}

interface ChoicesProps {
  readonly name: string;
  readonly value: string;
  readonly choices: readonly (string | number)[];
  readonly standard: unknown;
  readonly isRequired: boolean;
  readonly onChange: (event: { readonly target: { readonly value: string } }) => void;
}

function Choices({ choices, standard, isRequired, ...rest }: ChoicesProps) {
  return (
    <Select {...rest} aria-required={isRequired || undefined}>
      <option value="">{standard === undefined ? 'not set' : `${inWords(standard)} (unless set)`}</option>
      {choices.map((choice) => (
        <option key={choice} value={String(choice)}>
          {inWords(choice)}
        </option>
      ))}
    </Select>
  );
}

function inWords(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (value === true || value === 'true') return 'yes';
  if (value === false || value === 'false') return 'no';
  return String(value);
}
