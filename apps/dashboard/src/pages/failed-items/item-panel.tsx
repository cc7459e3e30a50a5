import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { failedItemQuery, useEditItem, useResolveItem, useRetryItem, type WholeItem } from '../../api/failed-items.js';
import { useMay } from '../../api/session.js';
import { Answer } from '../../ui/answer.js';
import { Button } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { Field, Input, Textarea } from '../../ui/field.js';
import { Moment } from '../../ui/moment.js';
import { Note } from '../../ui/note.js';
import { wordsFor } from '../../ui/states.js';
import { Status } from '../../ui/status.js';

interface ItemPanelProps {
  readonly id: string;
  readonly onClose: () => void;
}

/** One item: what happened to it, what is in it, and what can be done. */
export function ItemPanel({ id, onClose }: ItemPanelProps) {
  const whole = useQuery(failedItemQuery(id));
  return (
    <Dialog
      title={whole.data?.item.entity ?? 'Failed item'}
      description={whole.data?.item.vendorId}
      isOpen
      onClose={onClose}
    >
      <Answer to={whole}>{(found) => <Item whole={found} onClose={onClose} />}</Answer>
    </Dialog>
  );
}

function Item({ whole: { item, payload }, onClose }: { readonly whole: WholeItem; readonly onClose: () => void }) {
  const [text, setText] = useState(payload ?? '');
  const [note, setNote] = useState('');
  const mayRepair = useMay('operator') && item.status !== 'resolved';
  const edit = useEditItem();
  const retry = useRetryItem();
  const resolve = useResolveItem();
  const isChanged = payload !== undefined && text !== payload;
  const problem = isChanged && !isJson(text) ? 'This is not a JSON object' : undefined;
  const failure = edit.error ?? retry.error ?? resolve.error;

  const tryAgain = async () => {
    try {
      if (isChanged) {
        const { problems } = await edit.mutateAsync({ id: item.id, payload: text });
        if (problems.length > 0) return;
      }
      await retry.mutateAsync(item.id);
      onClose();
    } catch {
      // It is shown below.
    }
  };
  return (
    <div className="flex flex-col gap-4 text-sm">
      <Note tone={item.status === 'dead' ? 'bad' : 'warn'}>
        <code className="font-medium">{item.code}</code>
        {item.field && <> in {item.field}</>}: {item.message}
        {item.hint && <span className="mt-1 block text-ink-soft">{item.hint}</span>}
      </Note>
      <dl className="grid grid-cols-[8rem_1fr] gap-y-1.5">
        <dt className="text-ink-soft">Status</dt>
        <dd>
          <Status of={item.status} />
        </dd>
        <dt className="text-ink-soft">Tried</dt>
        <dd>{item.attempts === 1 ? 'once' : `${item.attempts} times`}</dd>
        {item.nextAttemptAt && (
          <>
            <dt className="text-ink-soft">Next try</dt>
            <dd>
              <Moment at={item.nextAttemptAt} />
            </dd>
          </>
        )}
        <dt className="text-ink-soft">Failed first</dt>
        <dd>
          <Moment at={item.createdAt} />
        </dd>
        {item.syncJobId && (
          <>
            <dt className="text-ink-soft">Sync</dt>
            <dd>
              <Link to="/syncs/$id" params={{ id: item.syncJobId }} className="underline">
                the one in which it failed
              </Link>
            </dd>
          </>
        )}
        {item.payloadEditedAt && (
          <>
            <dt className="text-ink-soft">Edited</dt>
            <dd>
              <Moment at={item.payloadEditedAt} />
            </dd>
          </>
        )}
        {item.note && (
          <>
            <dt className="text-ink-soft">Note</dt>
            <dd>{item.note}</dd>
          </>
        )}
        {item.resolvedBy && (
          <>
            <dt className="text-ink-soft">Resolved by</dt>
            <dd>{item.resolvedBy}</dd>
          </>
        )}
      </dl>
      {payload !== undefined && (
        <Field
          label="Record"
          hint={mayRepair ? 'What you change here is tried in place of what the vendor has.' : undefined}
          error={problem}
        >
          <Textarea
            value={text}
            onChange={({ target }) => setText(target.value)}
            rows={14}
            readOnly={!mayRepair}
            spellCheck={false}
          />
        </Field>
      )}
      {edit.data?.problems.map(({ field, message }) => (
        <Note key={`${field} ${message}`} tone="bad">
          {field && <b>{field}: </b>}
          {message}
        </Note>
      ))}
      {failure && <Note tone="bad">{wordsFor(failure).title}</Note>}
      {mayRepair && (
        <>
          <div className="flex justify-end">
            <Button
              look="primary"
              disabled={problem !== undefined}
              isBusy={edit.isPending || retry.isPending}
              onClick={tryAgain}
            >
              {isChanged ? 'Keep and retry' : 'Retry'}
            </Button>
          </div>
          <div className="flex items-end gap-2 border-t border-line pt-4">
            <div className="flex-1">
              <Field label="Close it without a retry">
                <Input
                  placeholder="Why"
                  value={note}
                  onChange={({ target }) => setNote(target.value)}
                  maxLength={1000}
                />
              </Field>
            </div>
            <Button
              isBusy={resolve.isPending}
              disabled={note.trim() === ''}
              onClick={() => resolve.mutate({ id: item.id, note: note.trim() }, { onSuccess: onClose })}
            >
              Resolve
            </Button>
          </div>
        </>
      )}
    </div>
  );
}

function isJson(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
