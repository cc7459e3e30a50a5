import { useState } from 'react';
import { Button } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { Field, Input } from '../../ui/field.js';

interface StopQuestionProps {
  readonly isBusy: boolean;
  readonly onClose: () => void;
  /** With why, as far as it was said. */
  readonly onConfirm: (reason: string) => void;
}

const word = 'stop';

export function StopQuestion({ isBusy, onClose, onConfirm }: StopQuestionProps) {
  const [typed, setTyped] = useState('');
  const [reason, setReason] = useState('');
  return (
    <Dialog
      title="Stop all syncs?"
      description="Those that run pause at their next page, until somebody lifts the stop."
      isOpen
      onClose={onClose}
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (typed === word) onConfirm(reason.trim());
        }}
      >
        <Field label="Reason" hint="For whoever finds everything stopped. May be left out.">
          <Input value={reason} onChange={({ target }) => setReason(target.value)} maxLength={500} autoComplete="off" />
        </Field>
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
