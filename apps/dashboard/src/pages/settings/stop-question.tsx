import { useState } from 'react';
import { Confirm } from '../../ui/confirm.js';
import { Field, Input } from '../../ui/field.js';

interface StopQuestionProps {
  readonly isBusy: boolean;
  readonly error: unknown;
  readonly onClose: () => void;
  /** With why, as far as it was said. */
  readonly onConfirm: (reason: string) => void;
}

const word = 'stop';

export function StopQuestion({ isBusy, error, onClose, onConfirm }: StopQuestionProps) {
  const [typed, setTyped] = useState('');
  return (
    <Confirm
      title="Stop all syncs?"
      description="Those that run pause at their next page, until somebody lifts the stop."
      label="Stop all syncs"
      isBusy={isBusy}
      isDisabled={typed.trim().toLowerCase() !== word}
      error={error}
      onConfirm={(form) => onConfirm(String(form.get('reason') ?? '').trim())}
      onClose={onClose}
    >
      <Field label="Reason" hint="For whoever finds everything stopped. May be left out.">
        <Input name="reason" maxLength={500} autoComplete="off" />
      </Field>
      <Field label={`Type “${word}” to confirm`}>
        <Input value={typed} onChange={({ target }) => setTyped(target.value)} autoComplete="off" />
      </Field>
    </Confirm>
  );
}
