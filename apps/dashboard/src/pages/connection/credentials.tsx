import { useQuery } from '@tanstack/react-query';
import { Plug } from 'lucide-react';
import type { FormEvent } from 'react';
import { useChangeConnection, useTest } from '../../api/connections.js';
import { connectorsQuery } from '../../api/connectors.js';
import type { Connection, Connector } from '../../api/types.js';
import { Answer } from '../../ui/answer.js';
import { Button } from '../../ui/button.js';
import { Card } from '../../ui/card.js';
import { Note } from '../../ui/note.js';
import { wordsFor } from '../../ui/states.js';
import { isSaidBeside, problemsUnder } from './schema-form/api-problems.js';
import { SchemaForm } from './schema-form/schema-form.js';
import { useSchemaForm } from './schema-form/use-schema-form.js';
import { TestResult } from './test-result.js';

/** Written, and never read: what is there already is not shown to anybody. */
export function Credentials({ connection }: { readonly connection: Connection }) {
  return (
    <Card title="Credentials">
      <Answer to={useQuery(connectorsQuery)}>
        {(connectors) => {
          const connector = connectors.find(({ id }) => id === connection.connector);
          return connector && <CredentialsForm connection={connection} connector={connector} />;
        }}
      </Answer>
    </Card>
  );
}

interface CredentialsFormProps {
  readonly connection: Connection;
  readonly connector: Connector;
}

function CredentialsForm({ connection: { id, hasCredentials, fromEnvironment }, connector }: CredentialsFormProps) {
  const form = useSchemaForm({ schema: connector.credentials });
  const change = useChangeConnection(id);
  const test = useTest(id);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const credentials = form.read();
    if (credentials === undefined) return;
    test.reset();
    change.mutate(
      { credentials },
      {
        onSuccess: () => {
          form.clear();
          test.mutate(undefined);
        },
      },
    );
  };
  return (
    <form noValidate onSubmit={submit} className="flex max-w-xl flex-col gap-4 p-4">
      <p className="text-sm text-ink-soft">
        {hasCredentials
          ? 'Credentials are kept, encrypted, and shown to nobody. Those that you write here take the place of all of them.'
          : 'There are none yet.'}{' '}
        {connector.guideUrl && <Guide connector={connector} />}
      </p>
      {fromEnvironment && (
        <Note tone="warn">
          Variables of the environment describe this connection: each start brings their credentials back.
        </Note>
      )}
      {change.error && !isSaidBeside(['credentials'], change.error) && (
        <Note tone="bad">{wordsFor(change.error).title}</Note>
      )}
      <SchemaForm marksOptional label="Credentials" form={form} errors={problemsUnder('credentials', change.error)} />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" look="primary" isBusy={change.isPending}>
          Replace and test
        </Button>
        {hasCredentials && (
          <Button
            icon={<Plug size={15} aria-hidden="true" />}
            isBusy={test.isPending}
            onClick={() => test.mutate(undefined)}
          >
            Test those that are kept
          </Button>
        )}
      </div>
      <div role="status">
        {change.isSuccess && <p className="mb-2 text-sm text-good">Kept.</p>}
        <TestResult of={test} vendor={connector.name} />
      </div>
    </form>
  );
}

/** Where the vendor says how to get access. */
export function Guide({ connector: { guideUrl, name } }: { readonly connector: Connector }) {
  if (guideUrl === null) return null;
  return (
    <a href={guideUrl} target="_blank" rel="noreferrer" className="text-ink underline underline-offset-2">
      How {name} gives access
    </a>
  );
}
