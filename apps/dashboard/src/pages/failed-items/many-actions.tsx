import { RotateCw } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { type ManyItems, useResolveItems, useRetryItems } from '../../api/failed-items.js';
import { useMay } from '../../api/session.js';
import { count } from '../../format/number.js';
import { Button } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { Field, Input } from '../../ui/field.js';
import { Note } from '../../ui/note.js';
import { wordsFor } from '../../ui/states.js';

interface ManyActionsProps {
  readonly what: ManyItems;
  /** How many that are. */
  readonly total: number;
  /** What they are, for whoever cannot see where the buttons stand: "chosen", "RECORD_INVALID of tasks". */
  readonly name: string;
  readonly look?: 'primary' | 'plain' | 'quiet';
  readonly onDone?: (words: string) => void;
}

/** So many are tried again at a word; for more somebody is asked whether it was meant. */
const withoutQuestion = 50;

/** Tries many again, or closes them all with one note. */
export function ManyActions({ what, total, name, look = 'plain', onDone }: ManyActionsProps) {
  const [asked, setAsked] = useState<'retry' | 'resolve' | undefined>();
  const retry = useRetryItems();
  const resolve = useResolveItems();
  if (!useMay('operator') || total === 0) return null;
  const done = (words: string, more: boolean) => {
    setAsked(undefined);
    onDone?.(more ? `${words} There are more: ask again.` : words);
  };
  const retryNow = () =>
    retry.mutate(what, {
      onSuccess: ({ retried, more }) => done(`${count(retried)} are being tried again.`, more),
    });
  const resolveNow = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const note = String(new FormData(event.currentTarget).get('note')).trim();
    if (note === '') return;
    resolve.mutate(
      { what, note },
      { onSuccess: ({ resolved, more }) => done(`${count(resolved)} are resolved.`, more) },
    );
  };
  const error = retry.error ?? resolve.error;
  return (
    <span className="inline-flex flex-wrap justify-end gap-1.5">
      <Button
        look={look}
        icon={<RotateCw size={14} aria-hidden="true" />}
        isBusy={retry.isPending}
        aria-label={`Retry ${count(total)} ${name}`}
        onClick={() => (total > withoutQuestion ? setAsked('retry') : retryNow())}
      >
        Retry {count(total)}
      </Button>
      <Button
        look={look === 'primary' ? 'plain' : look}
        aria-label={`Resolve ${count(total)} ${name}`}
        onClick={() => setAsked('resolve')}
      >
        Resolve…
      </Button>
      {error && asked === undefined && <span className="text-xs text-bad">{wordsFor(error).title}</span>}
      <Dialog
        title={`Retry ${count(total)} items?`}
        description="All of them are fetched from the vendor again, as fast as its quota allows. Where nothing has changed, they will fail as before."
        isOpen={asked === 'retry'}
        onClose={() => setAsked(undefined)}
      >
        <div className="flex flex-col gap-4">
          {error && <Note tone="bad">{wordsFor(error).title}</Note>}
          <div className="flex justify-end gap-2">
            <Button onClick={() => setAsked(undefined)}>Not now</Button>
            <Button look="primary" isBusy={retry.isPending} onClick={retryNow}>
              Retry {count(total)}
            </Button>
          </div>
        </div>
      </Dialog>
      <Dialog
        title={`Resolve ${count(total)} ${total === 1 ? 'item' : 'items'}?`}
        description="Nothing is tried or written. A record that fails again in a later sync opens a new item."
        isOpen={asked === 'resolve'}
        onClose={() => setAsked(undefined)}
      >
        <form onSubmit={resolveNow} className="flex flex-col gap-4">
          {error && <Note tone="bad">{wordsFor(error).title}</Note>}
          <Field label="Why" hint="Kept with each of them">
            <Input name="note" required maxLength={2000} autoComplete="off" />
          </Field>
          <div className="flex justify-end gap-2">
            <Button onClick={() => setAsked(undefined)}>Not now</Button>
            <Button type="submit" look="primary" isBusy={resolve.isPending}>
              Resolve {count(total)}
            </Button>
          </div>
        </form>
      </Dialog>
    </span>
  );
}
