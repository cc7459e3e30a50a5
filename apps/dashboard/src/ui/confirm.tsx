import type { FormEvent, ReactNode } from 'react';
import { Button } from './button.js';
import { Dialog } from './dialog.js';
import { Note } from './note.js';
import { wordsFor } from './states.js';

interface ConfirmProps {
  readonly title: string;
  readonly description?: ReactNode;
  /** What the button says that does it. */
  readonly label: string;
  /** Something that takes away, unless said otherwise. */
  readonly look?: 'danger' | 'primary';
  readonly isBusy: boolean;
  /** Something is missing that has to be said first. */
  readonly isDisabled?: boolean;
  readonly error: unknown;
  readonly onConfirm: (form: FormData) => void;
  readonly onClose: () => void;
  /** What has to be told besides. */
  readonly children?: ReactNode;
}

/** Asks before something is done that cannot be taken back, or that others feel. */
export function Confirm({
  title,
  description,
  label,
  look = 'danger',
  isBusy,
  isDisabled = false,
  error,
  onConfirm,
  onClose,
  children,
}: ConfirmProps) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!isDisabled) onConfirm(new FormData(event.currentTarget));
  };
  return (
    <Dialog title={title} description={description} isOpen onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        {error !== null && error !== undefined && <Note tone="bad">{wordsFor(error).title}</Note>}
        {children}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Not now</Button>
          <Button type="submit" look={look} isBusy={isBusy} disabled={isDisabled}>
            {label}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
