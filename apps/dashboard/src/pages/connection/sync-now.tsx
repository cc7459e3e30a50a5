import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { connectionEntitiesQuery, type Order, useSyncNow } from '../../api/connections.js';
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
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Asks what is to be synced, starts it, and goes where it can be watched. */
export function SyncNow({ connectionId, isOpen, onClose }: SyncNowProps) {
  const [kind, setKind] = useState<Kind>('incremental');
  const entities = useQuery({ ...connectionEntitiesQuery(connectionId), enabled: isOpen });
  const sync = useSyncNow(connectionId);
  const navigate = useNavigate();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    sync.mutate(orderOf(kind, new FormData(event.currentTarget)), {
      onSuccess: ({ jobId }) => navigate({ to: '/syncs/$id', params: { id: jobId } }),
    });
  };
  const names = (entities.data ?? []).filter(({ isEnabled }) => isEnabled).map(({ entity }) => entity);
  return (
    <Dialog title="Sync now" description="It begins as soon as a worker is free." isOpen={isOpen} onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        {sync.error && <Note tone="bad">{wordsFor(sync.error).title}</Note>}
        <Field label="What">
          <Select value={kind} onChange={({ target }) => setKind(target.value as Kind)}>
            {Object.entries(kinds).map(([value, words]) => (
              <option key={value} value={value}>
                {words}
              </option>
            ))}
          </Select>
        </Field>
        <Field label="Of" hint="An entity comes with those that it refers to.">
          <Select name="entity" key={kind === 'record' ? 'one' : 'any'}>
            {kind !== 'record' && <option value="">all entities</option>}
            {names.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </Select>
        </Field>
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

/** What the form asks for, as the API takes it. */
function orderOf(kind: Kind, form: FormData): Order {
  const text = (name: string) => String(form.get(name) ?? '').trim();
  const entity = text('entity');
  switch (kind) {
    case 'incremental':
      return entity === '' ? { syncType: 'incremental' } : { syncType: entity, mode: 'incremental' };
    case 'full':
      return entity === '' ? { syncType: 'full' } : { syncType: entity, mode: 'full' };
    case 'record':
      return { syncType: entity, selection: { id: text('id') } };
    case 'span':
      return {
        syncType: entity === '' ? 'full' : entity,
        selection: { from: text('from'), ...(text('to') !== '' && { to: text('to') }) },
      };
  }
}
