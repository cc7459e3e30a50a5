import { useMemo, useState } from 'react';
import { type Draft, draftOf, objectIn, type Problems, readDraft, type Values } from './draft.js';
import { type FormField, fieldsOf, type JsonSchema } from './fields.js';

/** What a form holds between the person and the API. */
export interface SchemaFormState {
  readonly fields: readonly FormField[];
  readonly draft: Draft;
  readonly problems: Problems;
  /** As JSON instead of controls: for what these cannot say. */
  readonly raw: string | undefined;
  change(key: string, text: string): void;
  changeRaw(text: string): void;
  /** From controls to JSON and back; JSON that is none stays. */
  toggleRaw(): void;
  /** What is written; undefined where something of it cannot be right, and the form says what. */
  read(): Values | undefined;
  clear(): void;
}

interface Given {
  /** As the API tells it. Undefined while it is not known. */
  readonly schema: JsonSchema | undefined;
  /** What is there already, as far as anybody may know it. */
  readonly stored?: Values;
}

/**
 * A form over a JSON Schema. Small and our own: a library that draws forms from any schema weighs more than the whole page
 * may, and the schemas come from our connectors, which keep to a few kinds of fields.
 */
export function useSchemaForm({ schema, stored = {} }: Given): SchemaFormState {
  const fields = useMemo(() => (schema === undefined ? [] : fieldsOf(schema)), [schema]);
  const begin = () => draftOf(fields, stored);
  const [changed, setChanged] = useState<Draft>({});
  const [problems, setProblems] = useState<Problems>({});
  const [raw, setRaw] = useState<string | undefined>();
  const draft = { ...begin(), ...changed };
  // What no control shows stays as it is.
  const unseen = Object.fromEntries(
    Object.entries(stored).filter(([key]) => fields.every(({ path }) => path[0] !== key)),
  );
  return {
    ...{ fields, draft, problems, raw },
    change: (key, text) => {
      setChanged((now) => ({ ...now, [key]: text }));
      setProblems(({ [key]: _, ...others }) => others);
    },
    changeRaw: (text) => {
      setRaw(text);
      setProblems({});
    },
    toggleRaw: () => {
      if (raw === undefined) {
        setRaw(JSON.stringify({ ...unseen, ...readDraft(fields, draft).values }, undefined, 2));
        setProblems({});
        return;
      }
      const values = objectIn(raw);
      if (values === undefined) return setProblems({ '': notAnObject });
      // A control that the JSON says nothing of is empty, also where something is stored.
      const emptied = Object.fromEntries(Object.keys(begin()).map((key) => [key, '']));
      setChanged({ ...emptied, ...draftOf(fields, values) });
      setRaw(undefined);
      setProblems({});
    },
    read: () => {
      if (raw !== undefined) {
        const values = objectIn(raw);
        setProblems(values === undefined ? { '': notAnObject } : {});
        return values;
      }
      const { values, problems: found } = readDraft(fields, draft);
      setProblems(found);
      return Object.keys(found).length > 0 ? undefined : { ...unseen, ...values };
    },
    clear: () => {
      setChanged({});
      setRaw(undefined);
      setProblems({});
    },
  };
}

const notAnObject = 'This is not a JSON object, such as {"pageSize": 50}';
