import { Link } from '@tanstack/react-router';
import { Hammer } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useMay } from '../../api/session.js';
import type { Verification } from '../../api/types.js';
import { isLive, useCancelVerification } from '../../api/verifications.js';
import { count, countOf } from '../../format/number.js';
import { Button } from '../../ui/button.js';
import { Card } from '../../ui/card.js';
import { Meter } from '../../ui/meter.js';
import { Moment } from '../../ui/moment.js';
import { Note } from '../../ui/note.js';
import { wordsFor } from '../../ui/states.js';
import { Status } from '../../ui/status.js';
import { RepairDialog } from './repair-dialog.js';
import { VerifiedEntities } from './verified-entities.js';

interface ReportProps {
  readonly verification: Verification;
  readonly connectionId: string;
  readonly actions: ReactNode;
}

/** One verification: how far it is, both sides in numbers, and what became of its repair. */
export function Report({ verification, connectionId, actions }: ReportProps) {
  const { id, status, repair, findings, createdAt, triggeredBy, trigger } = verification;
  const [isAsking, setAsking] = useState(false);
  const cancel = useCancelVerification(connectionId);
  const mayRepair = useMay('operator');
  const isRepairable = status === 'done' && findings > 0 && repair !== 'done' && repair !== 'asked';
  return (
    <Card
      title="Verification"
      actions={
        <div className="flex flex-wrap gap-2">
          {mayRepair && isLive(verification) && (
            <Button isBusy={cancel.isPending} onClick={() => cancel.mutate(id)}>
              {repair === 'asked' ? 'Cancel the repair' : 'Cancel'}
            </Button>
          )}
          {mayRepair && isRepairable && (
            <Button
              look="primary"
              icon={<Hammer size={15} aria-hidden="true" />}
              onClick={() => setAsking(true)}
              aria-haspopup="dialog"
            >
              Repair
            </Button>
          )}
          {!isLive(verification) && actions}
        </div>
      }
    >
      <div className="flex flex-col gap-3 p-4 text-sm">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-ink-soft">
          <Status of={status} />
          <span>
            ordered <Moment at={createdAt} /> by {trigger === 'schedule' ? 'a schedule' : (triggeredBy ?? 'somebody')}
          </span>
        </div>
        {cancel.error && <Note tone="bad">{wordsFor(cancel.error).title}</Note>}
        <Progress of={verification} />
        <Outcome of={verification} />
      </div>
      <VerifiedEntities verification={verification} connectionId={connectionId} />
      {isAsking && (
        <RepairDialog verification={verification} connectionId={connectionId} onClose={() => setAsking(false)} />
      )}
    </Card>
  );
}

function Progress({ of: { status, entities, waitingFor, waitingUntil } }: { readonly of: Verification }) {
  if (status !== 'queued' && status !== 'running') return null;
  const done = entities.filter((entity) => entity.status === 'done').length;
  const current = entities.find((entity) => entity.status === 'reading' || entity.status === 'checking');
  return (
    <div className="flex flex-col gap-1.5">
      <Meter label="Entities verified" percent={(100 * done) / Math.max(1, entities.length)} />
      <p role="status" className="text-xs text-ink-soft">
        {count(done)} of {countOf(entities.length, 'entity', 'entities')}
        {current && (
          <>
            ; {current.status === 'reading' ? 'reading' : 'checking'} {current.entity}, {count(current.records)} records
          </>
        )}
        {waitingFor && (
          <>
            ; it rests (<code>{waitingFor}</code>), and goes on <Moment at={waitingUntil} />
          </>
        )}
      </p>
    </div>
  );
}

function Outcome({ of: verification }: { readonly of: Verification }) {
  const { status, clean, findings, repair, repairBy, repairError, repairEndedAt, errorCode, errorMessage } =
    verification;
  if (status === 'failed') {
    return (
      <Note tone="bad">
        It could not be found out: <code>{errorCode}</code> {errorMessage}
      </Note>
    );
  }
  if (status === 'cancelled') return <p>Cancelled. What was found until then stands below.</p>;
  if (status !== 'done') return null;
  if (clean) return <p className="font-medium text-good">Clean: every row is as the vendor has it.</p>;
  switch (repair) {
    case 'asked':
      return <Note tone="warn">The repair is under way{repairBy && `, ordered by ${repairBy}`}.</Note>;
    case 'done':
      return (
        <p>
          <span className="font-medium text-good">Repaired</span> <Moment at={repairEndedAt} />
          {repairBy && `, ordered by ${repairBy}`}. What was found then is kept below. Verify again to be sure.
        </p>
      );
    case 'failed':
      return <Note tone="bad">The repair did not come through: {repairError}. It can be ordered again.</Note>;
    default:
      return (
        <p>
          <span className="font-medium text-bad">{countOf(findings, 'difference')}.</span> Each is below, with the
          fields that differ. A repair brings what the vendor has;{' '}
          <Link to="/failed-items" search={{ connectionId: verification.connectionId }} className="underline">
            failed items
          </Link>{' '}
          say why a record could not be stored.
        </p>
      );
  }
}
