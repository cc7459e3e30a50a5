import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useId, useState } from 'react';
import { connectionEntitiesQuery, type Order, useSyncNow } from '../../api/connections.js';
import { useConnector } from '../../api/connectors.js';
import { Button } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { Field, Input, Select } from '../../ui/field.js';
import { Note } from '../../ui/note.js';
import { wordsFor } from '../../ui/states.js';

const kinds = {
  incremental: 'What has changed',
  full: 'Everything, from the beginning',
  record: 'One record',
  span: 'What changed between two days',
};
type Kind = keyof typeof kinds;

interface SyncNowProps {
  readonly connectionId: string;
  /** The id of its vendor. */
  readonly vendor: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Asks what is to be synced, starts it, and goes where it can be watched. */
export function SyncNow({ connectionId, vendor, isOpen, onClose }: SyncNowProps) {
  const [kind, setKind] = useState<Kind>('incremental');
  const entities = useQuery({ ...connectionEntitiesQuery(connectionId), enabled: isOpen });
  const connector = useConnector(vendor);
  const sync = useSyncNow(connectionId);
  const navigate = useNavigate();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    sync.mutate(orderOf(kind, new FormData(event.currentTarget)), {
      onSuccess: ({ jobId }) => navigate({ to: '/syncs/$id', params: { id: jobId } }),
    });
  };
  const names = (entities.data ?? []).filter(({ isEnabled }) => isEnabled).map(({ entity }) => entity);
  const readsById = (name: string) => connector?.entities.some((one) => one.name === name && one.readsById) ?? true;
  const { fields = [] } = sync.error ?? {};
  return (
    <Dialog title="Sync now" description="It begins as soon as a worker is free." isOpen={isOpen} onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        {sync.error && (
          <Note tone="bad">
            {wordsFor(sync.error).title} {fields.length === 0 && wordsFor(sync.error).hint}
          </Note>
        )}
        <Field label="What">
          <Select value={kind} onChange={({ target }) => setKind(target.value as Kind)}>
            {Object.entries(kinds).map(([value, words]) => (
              <option key={value} value={value}>
                {words}
              </option>
            ))}
          </Select>
        </Field>
        {kind === 'record' ? (
          <Field label="Of">
            <Select name="entity">
              {names.filter(readsById).map((name) => (
                <option key={name}>{name}</option>
              ))}
            </Select>
          </Field>
        ) : (
          <Chosen names={names} />
        )}
        {kind === 'record' && (
          <Field label="Its id at the vendor">
            <Input name="id" required spellCheck={false} />
          </Field>
        )}
        {kind === 'span' && (
          <div className="grid grid-cols-2 gap-3">
            <Field label="From">
              <Input name="from" type="date" required />
            </Field>
            <Field label="To" hint="Up to now if left out">
              <Input name="to" type="date" />
            </Field>
          </div>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Not now</Button>
          <Button type="submit" look="primary" isBusy={sync.isPending}>
            Start
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Some of the entities, or none of them marked: all. */
function Chosen({ names }: { readonly names: readonly string[] }) {
  const hintId = useId();
  return (
    <fieldset aria-describedby={hintId} className="min-w-0">
      <legend className="text-sm font-medium">Of</legend>
      <p id={hintId} className="mt-0.5 text-xs text-ink-soft">
        All entities, unless you choose some. Each comes with those that it refers to.
      </p>
      <div className="mt-2 grid grid-cols-2 gap-x-3 gap-y-1.5">
        {names.map((name) => (
          <label key={name} className="flex min-h-6 items-center gap-2 text-sm">
            <input type="checkbox" name="entity" value={name} className="size-4 shrink-0 accent-accent" />
            <span className="truncate">{name}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** What the form asks for, as the API takes it. */
function orderOf(kind: Kind, form: FormData): Order {
  const text = (name: string) => String(form.get(name) ?? '').trim();
  const entities = form.getAll('entity').map(String);
  const chosen = entities.length > 0 ? { entities } : {};
  switch (kind) {
    case 'incremental':
    case 'full':
      return { mode: kind, ...chosen };
    case 'record':
      return { ...chosen, selection: { id: text('id') } };
    case 'span':
      return { ...chosen, selection: { from: text('from'), ...(text('to') !== '' && { to: text('to') }) } };
  }
}
