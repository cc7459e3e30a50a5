import { type FormEvent, useState } from 'react';
import { useSetCredentials } from '../../api/connections.js';
import type { Connection } from '../../api/types.js';
import { Button } from '../../ui/button.js';
import { Card } from '../../ui/card.js';
import { Field, Textarea } from '../../ui/field.js';
import { Note } from '../../ui/note.js';
import { wordsFor } from '../../ui/states.js';

/** Written, and never read: what is there already is not shown to anybody. */
export function Credentials({ connection }: { readonly connection: Connection }) {
  const set = useSetCredentials(connection.id);
  const [problem, setProblem] = useState<string | undefined>();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const given = parsed(String(new FormData(form).get('credentials')));
    setProblem(given === undefined ? 'This is not a JSON object, such as {"apiKey": "…"}' : undefined);
    if (given !== undefined) set.mutate(given, { onSuccess: () => form.reset() });
  };
  return (
    <Card title="Credentials">
      <form onSubmit={submit} className="flex max-w-xl flex-col gap-4 p-4">
        <p className="text-sm text-ink-soft">
          {connection.hasCredentials
            ? 'Credentials are kept, encrypted. Those that you write here take their place.'
            : 'There are none yet.'}
        </p>
        {set.error && <Note tone="bad">{wordsFor(set.error).title}</Note>}
        {set.isSuccess && (
          <p role="status" className="text-sm text-good">
            Kept. Test the connection to be sure of them.
          </p>
        )}
        <Field label="New credentials" hint="A JSON object; docs/vendors says what the connector needs" error={problem}>
          <Textarea name="credentials" rows={5} required spellCheck={false} autoComplete="off" />
        </Field>
        <div>
          <Button type="submit" look="primary" isBusy={set.isPending}>
            Replace
          </Button>
        </div>
      </form>
    </Card>
  );
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
