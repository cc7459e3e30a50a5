import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useConnectionName } from '../../api/connection-name.js';
import { failedItemQuery, useEditItem, useResolveItem, useRetryItem, type WholeItem } from '../../api/failed-items.js';
import { useMay } from '../../api/session.js';
import { placeInJson } from '../../format/place-in-json.js';
import { Answer } from '../../ui/answer.js';
import { Button } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { Field, Input } from '../../ui/field.js';
import { MarkedTextarea } from '../../ui/marked-textarea.js';
import { Moment } from '../../ui/moment.js';
import { Note } from '../../ui/note.js';
import { wordsFor } from '../../ui/states.js';
import { Status } from '../../ui/status.js';
import { Timeline } from './timeline.js';

interface ItemPanelProps {
  readonly id: string;
  /** Another one, that this leads to. */
  readonly onOpen: (id: string) => void;
  readonly onClose: () => void;
}

/** One item: what happened to it, what is in it, and what can be done. */
export function ItemPanel({ id, onOpen, onClose }: ItemPanelProps) {
  const whole = useQuery(failedItemQuery(id));
  return (
    <Dialog
      title={whole.data?.item.entity ?? 'Failed item'}
      description={whole.data?.item.vendorId}
      isOpen
      isWide
      onClose={onClose}
    >
      <Answer to={whole}>
        {(found) => (
          <div className="grid gap-x-6 gap-y-5 md:grid-cols-[minmax(0,1fr)_16rem]">
            <Item whole={found} onClose={onClose} />
            <Timeline id={id} onOpen={onOpen} />
          </div>
        )}
      </Answer>
    </Dialog>
  );
}

function Item({ whole: { item, payload }, onClose }: { readonly whole: WholeItem; readonly onClose: () => void }) {
  const [text, setText] = useState(payload ?? '');
  // As it was kept last: the server writes the same in another order, which is no change.
  const [kept, setKept] = useState(text);
  const [note, setNote] = useState('');
  const mayRepair = useMay('operator') && item.status !== 'resolved';
  const connectionName = useConnectionName()(item.connectionId);
  const edit = useEditItem();
  const retry = useRetryItem();
  const resolve = useResolveItem();
  const isChanged = payload !== undefined && text !== kept;
  const problem = isChanged && !isJson(text) ? 'This is not a JSON object' : undefined;
  // Of what was changed last, if that was looked at.
  const wrong = edit.data?.problems[0]?.field ?? item.field;
  const marked = wrong === null ? undefined : placeInJson(text, wrong);
  const failure = edit.error ?? retry.error ?? resolve.error;

  const tryAgain = async () => {
    try {
      if (isChanged) {
        const { problems } = await edit.mutateAsync({ id: item.id, payload: text });
        setKept(text);
        if (problems.length > 0) return;
      }
      await retry.mutateAsync(item.id);
      onClose();
    } catch {
      // It is shown below.
    }
  };
  return (
    <div className="flex min-w-0 flex-col gap-4 text-sm">
      <Note tone={item.status === 'dead' ? 'bad' : 'warn'}>
        <code className="font-medium">{item.code}</code>
        {item.field && !item.message.startsWith(`${item.field}: `) && <> in {item.field}</>}: {item.message}
        {item.hint && <span className="mt-1 block text-ink-soft">{item.hint}</span>}
      </Note>
      <dl className="grid grid-cols-[8rem_1fr] gap-y-1.5">
        <dt className="text-ink-soft">Connection</dt>
        <dd>
          <Link to="/connections/$id" params={{ id: item.connectionId }} className="underline">
            {connectionName ?? 'the connection'}
          </Link>
        </dd>
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
      </dl>
      {payload !== undefined && (
        <Field
          label="Record"
          hint={
            <>
              {marked && <>What is wrong with {wrong} is marked. </>}
              {mayRepair && 'What you change here is tried in place of what the vendor has.'}
            </>
          }
          error={problem}
        >
          <MarkedTextarea
            value={text}
            marked={marked}
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
          <div className="flex items-end gap-2">
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
          <div className="sticky -bottom-5 -mb-5 flex justify-end border-t border-line bg-surface py-3">
            <Button
              look="primary"
              disabled={problem !== undefined}
              isBusy={edit.isPending || retry.isPending}
              onClick={tryAgain}
            >
              {isChanged ? 'Keep and retry' : 'Retry'}
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
