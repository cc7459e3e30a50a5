import { useQuery } from '@tanstack/react-query';
import { OctagonX, Play } from 'lucide-react';
import { useState } from 'react';
import { stopQuery, useStop } from '../../api/administration.js';
import { useMay } from '../../api/session.js';
import { Button } from '../../ui/button.js';
import { Card } from '../../ui/card.js';
import { Moment } from '../../ui/moment.js';
import { Note } from '../../ui/note.js';
import { wordsFor } from '../../ui/states.js';
import { StopQuestion } from './stop-question.js';

/** Whether everything rests, who said so and why; pressed and lifted here. */
export function EmergencyStop() {
  const [isAsking, setAsking] = useState(false);
  const { data: stop } = useQuery(stopQuery);
  const change = useStop();
  const may = useMay('admin');
  const isStopped = stop?.isActive === true;
  return (
    <Card title="Emergency stop">
      <div className="flex flex-col items-start gap-3 p-4 text-sm">
        <p className="text-ink-soft">
          Every sync of this organization pauses at its next page and none starts, in every process and over restarts,
          until it is lifted. Nothing is lost, and nothing is read twice.
        </p>
        {isStopped && (
          <p className="font-medium text-bad">
            Stopped <Moment at={stop.since} />
            {stop.by && ` by ${stop.by}`}
            {stop.reason === null ? '.' : `: ${stop.reason}`}
          </p>
        )}
        {change.error && !isAsking && <Note tone="bad">{wordsFor(change.error).title}</Note>}
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
      {isAsking && (
        <StopQuestion
          isBusy={change.isPending}
          error={change.error}
          onClose={() => setAsking(false)}
          onConfirm={(reason) => change.mutate(reason === '' ? {} : { reason }, { onSuccess: () => setAsking(false) })}
        />
      )}
    </Card>
  );
}
