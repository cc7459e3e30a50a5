import { useQuery } from '@tanstack/react-query';
import { OctagonX, Play } from 'lucide-react';
import { useState } from 'react';
import { stopQuery, useStop } from '../../api/administration.js';
import { useMay, useSession } from '../../api/session.js';
import { Page } from '../../layout/page.js';
import { Button } from '../../ui/button.js';
import { Card } from '../../ui/card.js';
import { Dialog } from '../../ui/dialog.js';
import { Field, Input } from '../../ui/field.js';
import { Moment } from '../../ui/moment.js';
import { Note } from '../../ui/note.js';
import { wordsFor } from '../../ui/states.js';

/** What holds for the organization as a whole. */
export function Settings() {
  const { organization } = useSession();
  return (
    <Page title="Settings" about={organization?.name}>
      <EmergencyStop />
      <Card title="More">
        <ul className="flex flex-col gap-2 p-4 text-sm">
          <li>
            <a href="/docs" className="underline underline-offset-2">
              API reference
            </a>
          </li>
          <li>
            <a href="/docs/errors" className="underline underline-offset-2">
              Error codes, and what to do about each
            </a>
          </li>
        </ul>
      </Card>
    </Page>
  );
}

function EmergencyStop() {
  const [isAsking, setAsking] = useState(false);
  const stop = useQuery(stopQuery);
  const change = useStop();
  const may = useMay('admin');
  const isStopped = stop.data?.isActive === true;
  return (
    <Card title="Emergency stop">
      <div className="flex flex-col items-start gap-3 p-4 text-sm">
        <p className="text-ink-soft">
          Every sync of this organization pauses at its next page and none starts, in every process and over restarts,
          until it is lifted. Nothing is lost, and nothing is read twice.
        </p>
        {isStopped && (
          <Note tone="bad">
            Stopped <Moment at={stop.data?.since} />
            {stop.data?.by && ` by ${stop.data.by}`}.
          </Note>
        )}
        {change.error && <Note tone="bad">{wordsFor(change.error).title}</Note>}
        {may && isStopped && (
          <Button
            look="primary"
            icon={<Play size={15} aria-hidden="true" />}
            isBusy={change.isPending}
            onClick={() => change.mutate('restart')}
          >
            Lift it: go on
          </Button>
        )}
        {may && !isStopped && (
          <Button look="danger" icon={<OctagonX size={15} aria-hidden="true" />} onClick={() => setAsking(true)}>
            Stop all syncs
          </Button>
        )}
        {!may && <p>Only admins may press it.</p>}
      </div>
      <StopQuestion
        isOpen={isAsking}
        isBusy={change.isPending}
        onClose={() => setAsking(false)}
        onConfirm={() => change.mutate('stop', { onSuccess: () => setAsking(false) })}
      />
    </Card>
  );
}

interface StopQuestionProps {
  readonly isOpen: boolean;
  readonly isBusy: boolean;
  readonly onClose: () => void;
  readonly onConfirm: () => void;
}

const word = 'stop';

function StopQuestion({ isOpen, isBusy, onClose, onConfirm }: StopQuestionProps) {
  const [typed, setTyped] = useState('');
  return (
    <Dialog
      title="Stop all syncs?"
      description="Those that run pause at their next page, until somebody lifts the stop."
      isOpen={isOpen}
      onClose={onClose}
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (typed === word) onConfirm();
        }}
      >
        <Field label={`Type “${word}” to confirm`}>
          <Input value={typed} onChange={({ target }) => setTyped(target.value)} autoComplete="off" />
        </Field>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Not now</Button>
          <Button type="submit" look="danger" disabled={typed !== word} isBusy={isBusy}>
            Stop all syncs
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
