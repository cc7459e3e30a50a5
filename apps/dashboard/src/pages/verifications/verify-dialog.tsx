import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { connectionEntitiesQuery } from '../../api/connections.js';
import { useVerify } from '../../api/verifications.js';
import { Answer } from '../../ui/answer.js';
import { Button } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { Note } from '../../ui/note.js';
import { wordsFor } from '../../ui/states.js';

interface VerifyDialogProps {
  readonly connectionId: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Asks what is to be held against the vendor's records, orders it, and goes where it can be watched. */
export function VerifyDialog({ connectionId, isOpen, onClose }: VerifyDialogProps) {
  const entities = useQuery({ ...connectionEntitiesQuery(connectionId), enabled: isOpen });
  const verify = useVerify(connectionId);
  const navigate = useNavigate();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const chosen = new FormData(event.currentTarget).getAll('entity').map(String);
    verify.mutate(chosen, {
      onSuccess: ({ id }) => {
        onClose();
        void navigate({
          to: '/connections/$id',
          params: { id: connectionId },
          search: { tab: 'verifications', verification: id },
        });
      },
    });
  };
  return (
    <Dialog
      title="Verify"
      description="Reads what the vendor has once more and holds it against your rows. It writes nothing, and uses only what syncs leave of the vendor’s quota."
      isOpen={isOpen}
      onClose={onClose}
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        {verify.error && <Note tone="bad">{wordsFor(verify.error).title}</Note>}
        <Answer to={entities} rows={3}>
          {(all) => (
            <fieldset className="flex flex-col gap-1">
              <legend className="mb-1.5 text-sm font-medium">Entities</legend>
              <div className="grid gap-x-4 sm:grid-cols-2">
                {all.map(({ entity }) => (
                  <label key={entity} className="flex min-h-8 items-center gap-2 text-sm">
                    <input type="checkbox" name="entity" value={entity} className="size-4 accent-accent" />
                    {entity}
                  </label>
                ))}
              </div>
              <p className="text-xs text-ink-soft">All of them, if none is chosen.</p>
            </fieldset>
          )}
        </Answer>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Not now</Button>
          <Button type="submit" look="primary" isBusy={verify.isPending}>
            Verify
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
