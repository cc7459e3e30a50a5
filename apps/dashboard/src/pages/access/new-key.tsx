import type { FormEvent } from 'react';
import { type KeyDraft, useMakeKey } from '../../api/administration.js';
import { useMay } from '../../api/session.js';
import { wordsForRole } from '../../format/roles.js';
import { Button } from '../../ui/button.js';
import { Copied } from '../../ui/copied.js';
import { Dialog } from '../../ui/dialog.js';
import { Field, Input, Select } from '../../ui/field.js';
import { Note } from '../../ui/note.js';
import { wordsFor } from '../../ui/states.js';

/** Makes a key, and shows it this once. */
export function NewKey({ onClose }: { readonly onClose: () => void }) {
  const make = useMakeKey();
  const mayGiveAdmin = useMay('admin');
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const until = String(form.get('until') ?? '');
    make.mutate({
      name: String(form.get('name')),
      role: String(form.get('role')) as KeyDraft['role'],
      ...(until !== '' && { expiresAt: new Date(until).toISOString() }),
    });
  };
  return (
    <Dialog title="New API key" isOpen onClose={onClose}>
      {make.isSuccess ? (
        <div className="flex flex-col gap-4">
          <Note tone="warn">Copy it now: it is not kept, and nobody can show it again.</Note>
          <Copied label="The key" value={make.data.key} />
          <div className="flex justify-end gap-2">
            <Button look="primary" onClick={onClose}>
              Done
            </Button>
          </div>
        </div>
      ) : (
        <form onSubmit={submit} className="flex flex-col gap-4">
          {make.error && <Note tone="bad">{wordsFor(make.error).title}</Note>}
          <Field label="What it is for" hint="The audit log names it.">
            <Input name="name" required maxLength={100} />
          </Field>
          <Field label="Role">
            <Select name="role" defaultValue="viewer">
              {(mayGiveAdmin ? ['viewer', 'operator', 'admin'] : ['viewer', 'operator']).map((role) => (
                <option key={role} value={role}>
                  {role}: {wordsForRole(role)}
                </option>
              ))}
            </Select>
          </Field>
          <Field label="Until" hint="For good, if left out">
            <Input name="until" type="datetime-local" />
          </Field>
          <div className="flex justify-end">
            <Button type="submit" look="primary" isBusy={make.isPending}>
              Make it
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
