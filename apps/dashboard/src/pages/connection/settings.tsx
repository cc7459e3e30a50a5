import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useChangeConnection } from '../../api/connections.js';
import { connectorsQuery } from '../../api/connectors.js';
import { useMay } from '../../api/session.js';
import type { Connection, Connector } from '../../api/types.js';
import { nameOfConnector } from '../../format/words.js';
import { Answer } from '../../ui/answer.js';
import { Button } from '../../ui/button.js';
import { Card } from '../../ui/card.js';
import { Field, Input } from '../../ui/field.js';
import { Note } from '../../ui/note.js';
import { wordsFor } from '../../ui/states.js';
import { CircuitCard } from './circuit.js';
import { DeleteConnection } from './delete-connection.js';
import { isSaidBeside, problemOf, problemsUnder } from './schema-form/api-problems.js';
import { changesOf } from './schema-form/draft.js';
import { SchemaForm } from './schema-form/schema-form.js';
import { useSchemaForm } from './schema-form/use-schema-form.js';

/** Its name, how its vendor is dealt with, whether requests go out at all, and its end. */
export function ConnectionSettings({ connection }: { readonly connection: Connection }) {
  const mayAdminister = useMay('admin');
  const connectors = useQuery(connectorsQuery);
  return (
    <div className="flex flex-col gap-5">
      {mayAdminister && (
        <Card title="Settings">
          <Answer to={connectors}>
            {(all) => {
              const connector = all.find(({ id }) => id === connection.connector);
              return connector && <SettingsForm connection={connection} connector={connector} />;
            }}
          </Answer>
        </Card>
      )}
      <CircuitCard connectionId={connection.id} vendor={nameOfConnector(connection.connector)} />
      {mayAdminister && <DeleteConnection connection={connection} />}
    </div>
  );
}

interface SettingsFormProps {
  readonly connection: Connection;
  readonly connector: Connector;
}

function SettingsForm({ connection, connector }: SettingsFormProps) {
  const { id, settings, fromEnvironment } = connection;
  const [name, setName] = useState(connection.name);
  const form = useSchemaForm({ schema: connector.settings, stored: settings });
  const credentials = useSchemaForm({ schema: connector.credentials });
  const change = useChangeConnection(id);
  // Asked for when the API says so: for another host they have to be given anew.
  const leadsElsewhere = form.raw !== undefined || (form.draft['baseUrl'] ?? '') !== (settings['baseUrl'] ?? '');
  const isAsked = change.error?.fields.some(({ field }) => field.split('.')[0] === 'credentials') === true;
  const needsCredentials = leadsElsewhere && (isAsked || Object.values(credentials.draft).some(Boolean));
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const wanted = form.read();
    const access = needsCredentials ? credentials.read() : {};
    if (wanted === undefined || access === undefined) return;
    const changes = changesOf(settings, wanted);
    const all = {
      ...(name !== connection.name && { name }),
      ...(Object.keys(changes).length > 0 && { settings: changes }),
      ...(needsCredentials && { credentials: access }),
    };
    if (Object.keys(all).length === 0) return change.reset();
    change.mutate(all, {
      onSuccess: () => {
        form.clear();
        credentials.clear();
      },
    });
  };
  const places = needsCredentials ? ['name', 'settings', 'credentials'] : ['name', 'settings'];
  return (
    <form noValidate onSubmit={submit} className="flex max-w-xl flex-col gap-4 p-4">
      {fromEnvironment && (
        <Note tone="warn">
          Variables of the environment describe this connection: each start brings back what they say. Its name stays as
          it is written here.
        </Note>
      )}
      {change.error && !isSaidBeside(places, change.error) && <Note tone="bad">{wordsFor(change.error).title}</Note>}
      <Field label="Name" error={problemOf('name', change.error)}>
        <Input
          name="name"
          value={name}
          maxLength={60}
          autoComplete="off"
          onChange={({ target }) => setName(target.value)}
        />
      </Field>
      <SchemaForm label="Settings" form={form} errors={problemsUnder('settings', change.error)} />
      {needsCredentials && (
        <>
          <Note tone="warn">Another host needs the credentials anew: nobody is to read them by sending them home.</Note>
          <SchemaForm
            marksOptional
            label="Credentials"
            form={credentials}
            errors={problemsUnder('credentials', change.error)}
          />
        </>
      )}
      <div className="flex items-center gap-3">
        <Button type="submit" look="primary" isBusy={change.isPending}>
          Save
        </Button>
        <span role="status" className="text-sm text-good">
          {change.isSuccess && 'Saved. Syncs that run go on with what they began with.'}
        </span>
      </div>
    </form>
  );
}
