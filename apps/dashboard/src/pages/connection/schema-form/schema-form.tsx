import { Braces, ListChecks } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';
import { Button } from '../../../ui/button.js';
import { Field, Textarea } from '../../../ui/field.js';
import { keyOf, type Problems } from './draft.js';
import { FieldControl } from './field-control.js';
import type { FormField } from './fields.js';
import type { SchemaFormState } from './use-schema-form.js';

interface SchemaFormProps {
  /** What it asks for, for screen readers: "Credentials". */
  readonly label: string;
  readonly form: SchemaFormState;
  /** What the API found wrong, by the fields' paths. */
  readonly errors: Problems;
  /** Fields that may stay empty are marked; where most of them may, that only makes noise. */
  readonly marksOptional?: boolean;
}

/** The controls of a form, and the way to write the same as JSON. To be put into a `<form noValidate>`. */
export function SchemaForm({ label, form, errors, marksOptional = false }: SchemaFormProps) {
  const problems = { ...errors, ...form.problems };
  const isRaw = form.raw !== undefined;
  const place = useFocusOnProblems(problems);
  return (
    <fieldset ref={place} className="flex min-w-0 flex-col gap-4">
      <legend className="sr-only">{label}</legend>
      {isRaw ? (
        <Field label={`${label} as JSON`} error={problems[''] ?? firstOf(problems)}>
          <Textarea
            value={form.raw}
            onChange={({ target }) => form.changeRaw(target.value)}
            rows={8}
            spellCheck={false}
            autoComplete="off"
          />
        </Field>
      ) : (
        <Parts fields={form.fields} form={form} problems={problems} marksOptional={marksOptional} />
      )}
      <div>
        <Button
          look="quiet"
          className="-ml-3 text-xs"
          icon={isRaw ? <ListChecks size={14} aria-hidden="true" /> : <Braces size={14} aria-hidden="true" />}
          onClick={form.toggleRaw}
        >
          {isRaw ? 'Back to fields' : `${label} as JSON`}
        </Button>
      </div>
    </fieldset>
  );
}

interface PartsProps {
  readonly fields: readonly FormField[];
  readonly form: SchemaFormState;
  readonly problems: Problems;
  readonly marksOptional: boolean;
}

/** Fields in their order; those under a heading are folded away until somebody looks for them, or they are wrong. */
function Parts({ fields, ...rest }: PartsProps) {
  const headings = [...new Set(fields.flatMap(({ heading }) => heading ?? []))];
  return (
    <>
      {fields
        .filter(({ heading }) => heading === undefined)
        .map((field) => (
          <Part key={keyOf(field)} field={field} {...rest} />
        ))}
      {headings.map((heading) => (
        <Section
          key={heading}
          heading={heading}
          fields={fields.filter((field) => field.heading === heading)}
          {...rest}
        />
      ))}
    </>
  );
}

function Section({ heading, fields, ...rest }: PartsProps & { readonly heading: string }) {
  const { form, problems } = rest;
  const [isOpen, setOpen] = useState(false);
  if (!isOpen && fields.some((field) => keyOf(field) in problems)) setOpen(true);
  const set = fields.filter((field) => form.draft[keyOf(field)]).length;
  return (
    <details
      open={isOpen}
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
      className="rounded-lg border border-line"
    >
      <summary className="cursor-pointer px-3 py-2 text-sm font-medium">
        {heading} <span className="text-xs font-normal text-ink-soft">{set > 0 && `${set} set`}</span>
      </summary>
      <div className="flex flex-col gap-4 border-t border-line p-3">
        {fields.map((field) => (
          <Part key={keyOf(field)} field={field} {...rest} />
        ))}
      </div>
    </details>
  );
}

interface PartProps extends Omit<PartsProps, 'fields'> {
  readonly field: FormField;
}

function Part({ field, ...rest }: PartProps) {
  const { form, problems, marksOptional } = rest;
  const hintId = useId();
  const key = keyOf(field);
  if (field.kind !== 'group') {
    return (
      <FieldControl
        field={field}
        text={form.draft[key] ?? ''}
        error={problems[key]}
        marksOptional={marksOptional}
        onChange={(text) => form.change(key, text)}
      />
    );
  }
  return (
    <fieldset aria-describedby={hintId} className="flex min-w-0 flex-col gap-3 rounded-lg border border-line p-3">
      <legend className="px-1 text-sm font-medium">{field.label}</legend>
      <p id={hintId} className="text-xs text-ink-soft">
        {field.hint}
      </p>
      {problems[key] && <p className="text-xs text-bad">{problems[key]}</p>}
      {field.fields.map((part) => (
        <Part key={keyOf(part)} field={part} {...rest} />
      ))}
    </fieldset>
  );
}

/** Whoever sends a form that is wrong is led to its first field that is, also where it is made of several of these. */
function useFocusOnProblems(problems: Problems) {
  const place = useRef<HTMLFieldSetElement>(null);
  const keys = Object.keys(problems).join();
  const before = useRef('');
  useEffect(() => {
    const known = before.current.split(',');
    before.current = keys;
    // Problems that go away, because somebody is writing, leave the focus where it is.
    if (keys === '' || keys.split(',').every((key) => known.includes(key))) return;
    place.current?.closest('form')?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [keys]);
  return place;
}

function firstOf(problems: Problems): string | undefined {
  const [first] = Object.entries(problems);
  return first && `${first[0]}: ${first[1]}`;
}
