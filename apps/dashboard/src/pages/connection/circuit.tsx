import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { circuitQuery, useSetCircuit } from '../../api/circuit.js';
import { useMay } from '../../api/session.js';
import type { Circuit } from '../../api/types.js';
import { Button } from '../../ui/button.js';
import { Card } from '../../ui/card.js';
import { Confirm } from '../../ui/confirm.js';
import { Moment } from '../../ui/moment.js';
import { Note } from '../../ui/note.js';
import { wordsFor } from '../../ui/states.js';

interface CircuitProps {
  readonly connectionId: string;
  /** As people call the vendor. */
  readonly vendor: string;
}

/** That requests are kept from the vendor, on top of the page; nothing where they go out. */
export function CircuitNote({ connectionId, vendor }: CircuitProps) {
  const { data: circuit } = useQuery(circuitQuery(connectionId));
  if (circuit === undefined || circuit.state === 'closed') return null;
  return (
    <div className="flex flex-wrap items-center gap-3">
      <div className="min-w-0 flex-1 basis-80">
        <Note tone={circuit.openedBy === 'operator' ? 'warn' : 'bad'}>
          <CircuitWords circuit={circuit} vendor={vendor} />
        </Note>
      </div>
      <CircuitSwitch connectionId={connectionId} vendor={vendor} circuit={circuit} />
    </div>
  );
}

/** How the vendor's circuit stands, and the way to open it by hand. */
export function CircuitCard({ connectionId, vendor }: CircuitProps) {
  const { data: circuit, error } = useQuery(circuitQuery(connectionId));
  return (
    <Card title={`Requests to ${vendor}`}>
      <div className="flex flex-col items-start gap-3 p-4 text-sm">
        <p className="text-ink-soft">
          {circuit ? <CircuitWords circuit={circuit} vendor={vendor} /> : error ? wordsFor(error).title : '…'}
        </p>
        {circuit && <CircuitSwitch connectionId={connectionId} vendor={vendor} circuit={circuit} />}
      </div>
    </Card>
  );
}

function CircuitWords({ circuit, vendor }: { readonly circuit: Circuit; readonly vendor: string }) {
  const { state, since, until, openedBy, by, votes } = circuit;
  if (state === 'closed') {
    const some = votes.length === 1 ? 'one worker keeps its own back' : `${votes.length} workers keep their own back`;
    return <>They go out{votes.length > 0 && `, though ${some} after failures`}.</>;
  }
  if (openedBy === 'operator') {
    return (
      <>
        No request goes out to {vendor}: {by ?? 'somebody'} holds them back since <Moment at={since} />, until somebody
        lets them out again.
      </>
    );
  }
  if (state === 'half_open') {
    return (
      <>
        {vendor} failed several times in a row and was left alone since <Moment at={since} />. The next request tries
        whether it is back.
      </>
    );
  }
  return (
    <>
      {vendor} failed several times in a row and is left alone since <Moment at={since} />.{' '}
      {until && (
        <>
          One request tries whether it is back <Moment at={until} />.
        </>
      )}
    </>
  );
}

function CircuitSwitch({ connectionId, vendor, circuit }: CircuitProps & { readonly circuit: Circuit }) {
  const [isAsking, setAsking] = useState(false);
  const set = useSetCircuit(connectionId);
  const close = () => setAsking(false);
  if (!useMay('operator')) return null;
  const isClosed = circuit.state === 'closed';
  const words = isClosed
    ? {
        button: 'Hold requests back',
        title: `Send ${vendor} no more requests?`,
        description: `Syncs rest, also of other connections with the same credentials, until somebody lets requests out again. Tests are refused meanwhile.`,
      }
    : {
        button: 'Let requests out',
        title: `Send ${vendor} requests again?`,
        description:
          'Syncs that rest go on at once. If the vendor still fails, it is left alone again after some failures.',
      };
  return (
    <>
      <Button onClick={() => setAsking(true)}>{words.button}</Button>
      {isAsking && (
        <Confirm
          title={words.title}
          description={words.description}
          label={words.button}
          look={isClosed ? 'danger' : 'primary'}
          isBusy={set.isPending}
          error={set.error}
          onConfirm={() => set.mutate(isClosed ? 'open' : 'close', { onSuccess: close })}
          onClose={close}
        />
      )}
    </>
  );
}
