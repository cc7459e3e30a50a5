import { useNavigate } from '@tanstack/react-router';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useDeleteConnection } from '../../api/connections.js';
import type { Connection } from '../../api/types.js';
import { Button } from '../../ui/button.js';
import { Card } from '../../ui/card.js';
import { Confirm } from '../../ui/confirm.js';
import { Field, Input } from '../../ui/field.js';
import { Note } from '../../ui/note.js';

/** What becomes of the rows that it has synced. */
const fates = {
  keep: [
    'Leave them',
    'They stay as they are. Nothing updates them any more, and no later connection takes them over.',
  ],
  delete: ['Delete them as well', 'Workers take them away within minutes. They cannot be had back.'],
} as const;
type Fate = keyof typeof fates;

/** The end of a connection, after a question that is not answered by mistake. */
export function DeleteConnection({ connection }: { readonly connection: Connection }) {
  const [isAsking, setAsking] = useState(false);
  return (
    <Card title="Delete this connection">
      <div className="flex flex-col items-start gap-3 p-4 text-sm">
        <p className="text-ink-soft">
          It is gone at once, with its credentials, schedules and history, and its sync is cancelled. What people did to
          it stays in the audit log.
        </p>
        <Button look="danger" icon={<Trash2 size={15} aria-hidden="true" />} onClick={() => setAsking(true)}>
          Delete connection
        </Button>
      </div>
      {isAsking && <Question connection={connection} onClose={() => setAsking(false)} />}
    </Card>
  );
}

interface QuestionProps {
  readonly connection: Connection;
  readonly onClose: () => void;
}

function Question({ connection: { id, name, fromEnvironment }, onClose }: QuestionProps) {
  const [fate, setFate] = useState<Fate>('keep');
  const [typed, setTyped] = useState('');
  const remove = useDeleteConnection(id);
  const navigate = useNavigate();
  return (
    <Confirm
      title={`Delete ${name}?`}
      description="This cannot be undone."
      label={fate === 'delete' ? 'Delete it and its rows' : 'Delete it'}
      isBusy={remove.isPending}
      isDisabled={typed.trim() !== name}
      error={remove.error}
      onConfirm={() => remove.mutate(fate, { onSuccess: () => navigate({ to: '/' }) })}
      onClose={onClose}
    >
      {fromEnvironment && (
        <Note tone="warn">
          Variables of the environment describe it: it comes back at the next start, unless they are taken away.
        </Note>
      )}
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-1.5 text-sm font-medium">The rows that it has synced</legend>
        {Object.entries(fates).map(([value, [label, words]]) => (
          <label key={value} className="flex gap-2.5 rounded-lg border border-line p-3 text-sm">
            <input
              type="radio"
              name="data"
              checked={fate === value}
              onChange={() => setFate(value as Fate)}
              className="mt-0.5 size-4 shrink-0 accent-accent"
            />
            <span>
              <span className="font-medium">{label}</span>
              <span className="block text-ink-soft">{words}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <Field label={`Type “${name}” to confirm`}>
        <Input value={typed} onChange={({ target }) => setTyped(target.value)} autoComplete="off" />
      </Field>
    </Confirm>
  );
}
