import { type FormEvent, useState } from 'react';
import { useMakeConnection } from '../../api/connections.js';
import type { Connector } from '../../api/types.js';
import { Button } from '../../ui/button.js';
import { Card } from '../../ui/card.js';
import { Field, Input } from '../../ui/field.js';
import { Note } from '../../ui/note.js';
import { wordsFor } from '../../ui/states.js';
import { Guide } from '../connection/credentials.js';
import { isSaidBeside, problemOf, problemsUnder } from '../connection/schema-form/api-problems.js';
import { SchemaForm } from '../connection/schema-form/schema-form.js';
import { useSchemaForm } from '../connection/schema-form/use-schema-form.js';

interface ConnectionFormProps {
  readonly connector: Connector;
  readonly onMade: (connectionId: string) => void;
}

/** A name, what opens the account, and what is to be otherwise than usual. */
export function ConnectionForm({ connector, onMade }: ConnectionFormProps) {
  const [name, setName] = useState('');
  const [missing, setMissing] = useState<string | undefined>();
  const credentials = useSchemaForm({ schema: connector.credentials });
  const settings = useSchemaForm({ schema: connector.settings });
  const make = useMakeConnection();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = { credentials: credentials.read(), settings: settings.read() };
    setMissing(name.trim() === '' ? 'Is needed' : undefined);
    if (name.trim() === '' || given.credentials === undefined || given.settings === undefined) return;
    make.mutate(
      { connector: connector.id, name: name.trim(), credentials: given.credentials, settings: given.settings },
      { onSuccess: ({ id }) => onMade(id) },
    );
  };
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-5">
      {make.error && !isSaidBeside(['name', 'credentials', 'settings'], make.error) && (
        <Note tone="bad">
          {wordsFor(make.error).title} {wordsFor(make.error).hint}
        </Note>
      )}
      <Card
        title={connector.name}
        actions={
          <span className="text-sm">
            <Guide connector={connector} />
          </span>
        }
      >
        <div className="flex flex-col gap-4 p-4">
          <Field
            label="Name"
            hint={`Whatever tells it from other accounts at ${connector.name}: head office, say.`}
            error={missing ?? problemOf('name', make.error)}
          >
            <Input
              name="name"
              value={name}
              maxLength={60}
              autoComplete="off"
              aria-required
              onChange={({ target }) => {
                setName(target.value);
                setMissing(undefined);
              }}
            />
          </Field>
          <p className="border-t border-line pt-4 text-sm text-ink-soft">
            Credentials are kept encrypted. They can be replaced, and are shown to nobody.
          </p>
          <SchemaForm
            marksOptional
            label="Credentials"
            form={credentials}
            errors={problemsUnder('credentials', make.error)}
          />
        </div>
      </Card>
      <Card title="Settings">
        <div className="flex flex-col gap-4 p-4">
          <p className="text-sm text-ink-soft">
            What stays empty is as the vendor is known to need it. All of it can be changed later.
          </p>
          <SchemaForm label="Settings" form={settings} errors={problemsUnder('settings', make.error)} />
        </div>
      </Card>
      <div>
        <Button type="submit" look="primary" isBusy={make.isPending}>
          Connect and test
        </Button>
      </div>
    </form>
  );
}
