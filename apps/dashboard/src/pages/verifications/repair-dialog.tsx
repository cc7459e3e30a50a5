import type { Verification } from '../../api/types.js';
import { findingKinds, useRepair } from '../../api/verifications.js';
import { count, countOf } from '../../format/number.js';
import { Confirm } from '../../ui/confirm.js';

interface RepairDialogProps {
  readonly verification: Verification;
  readonly connectionId: string;
  readonly onClose: () => void;
}

const means = {
  missing: 'fetched and written',
  extra: 'marked as deleted, if the vendor still does not have them',
  stale: 'fetched and written anew',
  different: 'overwritten with what the vendor has',
};

/** Says what a repair would do, and orders it. */
export function RepairDialog({ verification, connectionId, onClose }: RepairDialogProps) {
  const repair = useRepair(connectionId);
  const sum = (kind: keyof typeof means) => verification.entities.reduce((all, entity) => all + entity[kind], 0);
  const found = findingKinds.map((kind) => [kind, sum(kind)] as const).filter(([, number]) => number > 0);
  const names = verification.entities.filter((one) => findingKinds.some((kind) => one[kind] > 0));
  return (
    <Confirm
      title={`Repair ${countOf(verification.findings, 'difference')}?`}
      description={`In ${names.map(({ entity }) => entity).join(', ')}: one after the other, each by a sync of its own.`}
      label="Repair"
      look="primary"
      isBusy={repair.isPending}
      error={repair.error}
      onConfirm={() => repair.mutate(verification.id, { onSuccess: onClose })}
      onClose={onClose}
    >
      <ul className="flex list-disc flex-col gap-1 pl-5 text-sm">
        {found.map(([kind, number]) => (
          <li key={kind}>
            {count(number)} {kind}: {means[kind]}
          </li>
        ))}
      </ul>
      <p className="text-sm text-ink-soft">
        What somebody has changed in these rows by hand is lost. Your order is also the word that a brake on deletes
        would wait for.
      </p>
    </Confirm>
  );
}
