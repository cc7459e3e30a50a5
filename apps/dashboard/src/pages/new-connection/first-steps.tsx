import { Link, useNavigate } from '@tanstack/react-router';
import { CircleCheck, Plug, RefreshCw } from 'lucide-react';
import { useEffect } from 'react';
import { useConnection, useSyncNow, useTest } from '../../api/connections.js';
import type { Connection, Connector } from '../../api/types.js';
import { Answer } from '../../ui/answer.js';
import { Button } from '../../ui/button.js';
import { Card } from '../../ui/card.js';
import { Note } from '../../ui/note.js';
import { wordsFor } from '../../ui/states.js';
import { TestResult } from '../connection/test-result.js';

interface FirstStepsProps {
  readonly connectionId: string;
  readonly connectors: readonly Connector[];
}

/** A connection that was made a moment ago: does the vendor let us in, and then its first sync. */
export function FirstSteps({ connectionId, connectors }: FirstStepsProps) {
  return (
    <Answer to={useConnection(connectionId)}>
      {(connection) => {
        const connector = connectors.find(({ id }) => id === connection.connector);
        return connector && <Steps connection={connection} connector={connector} />;
      }}
    </Answer>
  );
}

interface StepsProps {
  readonly connection: Connection;
  readonly connector: Connector;
}

function Steps({ connection: { id, name }, connector }: StepsProps) {
  const test = useTest(id);
  const sync = useSyncNow(id);
  const navigate = useNavigate();
  const { mutate } = test;
  useEffect(() => mutate(undefined), [mutate]);
  const isRefused = test.isError || test.data?.success === false;
  const isReady = test.data?.success === true;
  const start = () =>
    sync.mutate(
      // With a history the first sync is a quick one, and what was before comes by itself.
      { mode: connector.hasHistory ? 'incremental' : 'full' },
      { onSuccess: ({ jobId }) => navigate({ to: '/syncs/$id', params: { id: jobId } }) },
    );
  return (
    <Card title={name} className="max-w-2xl">
      <div className="flex flex-col gap-4 p-4 text-sm">
        <p className="flex items-center gap-2">
          <CircleCheck size={16} aria-hidden="true" className="text-good" /> The connection to {connector.name} is kept.
        </p>
        <div role="status">
          <TestResult of={test} vendor={connector.name} />
        </div>
        {isReady && (
          <p className="text-ink-soft">
            {connector.hasHistory
              ? 'Its first sync reads what is recent; what was before follows month by month.'
              : 'Its first sync reads everything. It goes on when you leave this page.'}
          </p>
        )}
        {sync.error && (
          <Note tone="bad">
            {wordsFor(sync.error).title} {wordsFor(sync.error).hint}
          </Note>
        )}
        <div className="flex flex-wrap items-center gap-3">
          {isReady && (
            <Button
              look="primary"
              icon={<RefreshCw size={15} aria-hidden="true" />}
              isBusy={sync.isPending}
              onClick={start}
            >
              Start the first sync
            </Button>
          )}
          {isRefused && (
            <>
              <Link
                to="/connections/$id"
                params={{ id }}
                search={{ tab: 'credentials' }}
                className="inline-flex min-h-9 items-center rounded-lg bg-accent px-3 font-medium text-accent-ink"
              >
                Put the credentials right
              </Link>
              <Button icon={<Plug size={15} aria-hidden="true" />} onClick={() => mutate(undefined)}>
                Test again
              </Button>
            </>
          )}
          <Link to="/connections/$id" params={{ id }} className="underline underline-offset-2">
            Go to the connection
          </Link>
        </div>
      </div>
    </Card>
  );
}
