import type { Verification } from '../../api/types.js';
import { findingKinds, useRepair } from '../../api/verifications.js';
import { count } from '../../format/number.js';
import { Button } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { Note } from '../../ui/note.js';
import { wordsFor } from '../../ui/states.js';

interface RepairDialogProps {
  readonly verification: Verification;
  readonly connectionId: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

const means = {
  missing: 'fetched and written',
  extra: 'marked as deleted, if the vendor still does not have them',
  stale: 'fetched and written anew',
  different: 'overwritten with what the vendor has',
};

/** Says what a repair would do, and orders it. */
export function RepairDialog({ verification, connectionId, isOpen, onClose }: RepairDialogProps) {
  const repair = useRepair(connectionId);
  const sum = (kind: keyof typeof means) => verification.entities.reduce((all, entity) => all + entity[kind], 0);
  const found = findingKinds.map((kind) => [kind, sum(kind)] as const).filter(([, number]) => number > 0);
  const names = verification.entities.filter((one) => findingKinds.some((kind) => one[kind] > 0));
  return (
    <Dialog
      title={`Repair ${count(verification.findings)} ${verification.findings === 1 ? 'difference' : 'differences'}?`}
      description={`In ${names.map(({ entity }) => entity).join(', ')}: one after the other, each by a sync of its own.`}
      isOpen={isOpen}
      onClose={onClose}
    >
      <div className="flex flex-col gap-4 text-sm">
        <ul className="flex list-disc flex-col gap-1 pl-5">
          {found.map(([kind, number]) => (
            <li key={kind}>
              {count(number)} {kind}: {means[kind]}
            </li>
          ))}
        </ul>
        <p className="text-ink-soft">
          What somebody has changed in these rows by hand is lost. Your order is also the word that a brake on deletes
          would wait for.
        </p>
        {repair.error && <Note tone="bad">{wordsFor(repair.error).title}</Note>}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Not now</Button>
          <Button
            look="primary"
            isBusy={repair.isPending}
            onClick={() => repair.mutate(verification.id, { onSuccess: onClose })}
          >
            Repair
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
