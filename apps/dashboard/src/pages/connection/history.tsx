import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Pause, Play } from 'lucide-react';
import type { ReactNode } from 'react';
import { historyQuery, useSteerHistory } from '../../api/history.js';
import { useMay } from '../../api/session.js';
import type { Connection, History as Given } from '../../api/types.js';
import { count } from '../../format/number.js';
import { duration } from '../../format/time.js';
import { Answer } from '../../ui/answer.js';
import { Badge, type Tone } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { Card } from '../../ui/card.js';
import { Meter } from '../../ui/meter.js';
import { Moment } from '../../ui/moment.js';
import { Note } from '../../ui/note.js';
import { Empty, wordsFor } from '../../ui/states.js';

const phases: Readonly<Record<Given['phase'], readonly [string, Tone]>> = {
  none: ['not begun', 'plain'],
  reading: ['reading', 'info'],
  waiting: ['waits: other syncs go first', 'info'],
  retrying: ['waits to try again', 'warn'],
  paused: ['paused', 'warn'],
  done: ['all of it is read', 'good'],
};

/** What was before the first sync: read month by month beside all other syncs, the newest first. */
export function History({ connection: { id } }: { readonly connection: Connection }) {
  const history = useQuery(historyQuery(id));
  return (
    <Card title="History" actions={history.data && <Steer connectionId={id} history={history.data} />}>
      <Answer to={history}>{(found) => <Told history={found} />}</Answer>
    </Card>
  );
}

function Told({ history }: { readonly history: Given }) {
  const { phase, percent, message, from, to, reached, window, windowsDone, windowsTotal, records, error } = history;
  if (phase === 'none') {
    return (
      <Empty title="Nothing of the past is being read">
        The first sync reads what is recent. What was before it is read month by month, beside all other syncs.
      </Empty>
    );
  }
  const [words, tone] = phases[phase];
  return (
    <div className="flex flex-col gap-4 p-4 text-sm">
      <div className="flex flex-col gap-2">
        <p className="flex flex-wrap items-center gap-2">
          <Badge tone={tone}>{words}</Badge> <span>{message}</span>
        </p>
        <Meter label="History that is read" percent={percent} tone={phase === 'retrying' ? 'warn' : 'accent'} />
        <p className="tabular text-xs text-ink-soft">
          {percent} %, {count(windowsDone)} of {count(windowsTotal)} months
        </p>
      </div>
      {error && phase === 'retrying' && (
        <Note tone="warn">
          <code className="font-medium">{error.code}</code>: {error.message}.{' '}
          {history.nextAttemptAt && (
            <>
              The next try is <Moment at={history.nextAttemptAt} />.
            </>
          )}
        </Note>
      )}
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-2 sm:grid-cols-[auto_1fr_auto_1fr]">
        <Fact label="Months">
          {from} to {to}
        </Fact>
        <Fact label="Read">{reached === null ? 'no whole month yet' : `all from ${reached} on`}</Fact>
        {phase !== 'done' && (
          <Fact label={phase === 'reading' ? 'Being read' : 'Next'}>
            {window ?? '–'}
            {history.jobId && (
              <>
                ,{' '}
                <Link to="/syncs/$id" params={{ id: history.jobId }} className="underline underline-offset-2">
                  its sync
                </Link>
              </>
            )}
          </Fact>
        )}
        <Fact label="Pace">
          {history.secondsPerWindow === null
            ? 'known after the first month'
            : `${duration(history.secondsPerWindow)} a month`}
        </Fact>
        {phase !== 'done' && (
          <Fact label="All of it">{history.eta === null ? 'not known yet' : <Moment at={history.eta} />}</Fact>
        )}
        <Fact label="Begun">
          <Moment at={history.begunAt} />
        </Fact>
        {history.endedAt && (
          <Fact label="Ended">
            <Moment at={history.endedAt} />
          </Fact>
        )}
        {history.pausedBy && <Fact label="Paused by">{history.pausedBy}</Fact>}
        <Fact label="Records">
          {count(records.read)} read, {count(records.created)} new, {count(records.updated)} updated,{' '}
          {count(records.unchanged)} unchanged, {count(records.failed)} failed
        </Fact>
      </dl>
    </div>
  );
}

function Fact({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div className="col-span-2 grid grid-cols-subgrid">
      <dt className="text-ink-soft">{label}</dt>
      <dd className="tabular">{children}</dd>
    </div>
  );
}

const starts: Readonly<Record<Given['state'], string>> = {
  none: 'Read the past',
  paused: 'Go on',
  running: 'Try again now',
  done: 'Read it again',
};

function Steer({
  connectionId,
  history: { state, phase },
}: {
  readonly connectionId: string;
  readonly history: Given;
}) {
  const steer = useSteerHistory(connectionId);
  if (!useMay('operator')) return null;
  const mayStart = state !== 'running' || phase === 'retrying';
  return (
    <div className="flex flex-wrap items-center gap-2">
      {steer.error && (
        <span role="alert" className="text-xs text-bad">
          {wordsFor(steer.error).title}
        </span>
      )}
      {mayStart && (
        <Button
          look={state === 'done' ? 'plain' : 'primary'}
          icon={<Play size={15} aria-hidden="true" />}
          isBusy={steer.isPending && steer.variables === 'start'}
          onClick={() => steer.mutate('start')}
        >
          {starts[state]}
        </Button>
      )}
      {state === 'running' && (
        <Button
          icon={<Pause size={15} aria-hidden="true" />}
          isBusy={steer.isPending && steer.variables === 'pause'}
          onClick={() => steer.mutate('pause')}
        >
          Pause
        </Button>
      )}
    </div>
  );
}
