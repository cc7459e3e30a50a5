import { type FormEvent, useState } from 'react';
import { useMakeOrganization, useRenameOrganization } from '../../api/organizations.js';
import type { Organization } from '../../api/types.js';
import { Button } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { Field, Input } from '../../ui/field.js';
import { Note } from '../../ui/note.js';
import { wordsFor } from '../../ui/states.js';

interface OrganizationFormProps {
  /** The one to rename; a new one without. */
  readonly organization?: Organization;
  readonly onClose: () => void;
}

/** What an organization is called, by people, in paths and by an identity provider. */
export function OrganizationForm({ organization, onClose }: OrganizationFormProps) {
  const make = useMakeOrganization();
  const rename = useRenameOrganization(organization?.id ?? '');
  const deed = organization === undefined ? make : rename;
  const [externalId, setExternalId] = useState(organization?.externalId ?? '');
  const shutsOut = organization?.externalId != null && externalId.trim() !== organization.externalId;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    const draft = { name: text('name'), slug: text('slug'), externalId: externalId.trim() || null };
    deed.mutate(draft, { onSuccess: onClose });
  };
  const problems = deed.error?.fields ?? [];
  const problem = (field: string) => problems.find((one) => one.field === field)?.message;
  return (
    <Dialog
      title={organization === undefined ? 'New organization' : `Rename ${organization.name}`}
      description={organization === undefined ? 'It has neither keys nor connections yet.' : undefined}
      isOpen
      onClose={onClose}
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        {deed.error && problems.length === 0 && <Note tone="bad">{wordsFor(deed.error).title}</Note>}
        <Field label="Name" error={problem('name')}>
          <Input name="name" required maxLength={200} defaultValue={organization?.name} />
        </Field>
        <Field label="Slug" hint="For paths: small letters, digits and hyphens" error={problem('slug')}>
          <Input
            name="slug"
            required
            maxLength={63}
            pattern="[a-z0-9][a-z0-9\-]*"
            defaultValue={organization?.slug}
            className="font-mono"
          />
        </Field>
        <Field
          label="External id"
          hint="What your identity provider calls it, as tokens name it. Empty: nobody comes in with tokens."
          error={problem('externalId')}
        >
          <Input
            value={externalId}
            onChange={({ target }) => setExternalId(target.value)}
            maxLength={200}
            className="font-mono"
          />
        </Field>
        {shutsOut && <Note tone="warn">Tokens that name it by the old external id open nothing any more.</Note>}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Not now</Button>
          <Button type="submit" look="primary" isBusy={deed.isPending}>
            {organization === undefined ? 'Make it' : 'Rename'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
