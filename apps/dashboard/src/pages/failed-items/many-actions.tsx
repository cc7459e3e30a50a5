import { RotateCw } from 'lucide-react';
import { useState } from 'react';
import { type ManyItems, useResolveItems, useRetryItems } from '../../api/failed-items.js';
import { useMay } from '../../api/session.js';
import { count, countOf } from '../../format/number.js';
import { Button } from '../../ui/button.js';
import { Confirm } from '../../ui/confirm.js';
import { Field, Input } from '../../ui/field.js';
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
      onSuccess: ({ retried, more }) => done(`${countOf(retried, 'item is', 'items are')} being tried again.`, more),
    });
  const resolveNow = (form: FormData) => {
    const note = String(form.get('note')).trim();
    if (note === '') return;
    resolve.mutate(
      { what, note },
      { onSuccess: ({ resolved, more }) => done(`${countOf(resolved, 'item is', 'items are')} resolved.`, more) },
    );
  };
  const close = () => setAsked(undefined);
  const error = retry.error ?? resolve.error;
  return (
    <span className="inline-flex flex-wrap justify-end gap-1.5 md:flex-nowrap">
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
      {asked === 'retry' && (
        <Confirm
          title={`Retry ${countOf(total, 'item')}?`}
          description="All of them are fetched from the vendor again, as fast as its quota allows. Where nothing has changed, they will fail as before."
          label={`Retry ${count(total)}`}
          look="primary"
          isBusy={retry.isPending}
          error={retry.error}
          onConfirm={retryNow}
          onClose={close}
        />
      )}
      {asked === 'resolve' && (
        <Confirm
          title={`Resolve ${countOf(total, 'item')}?`}
          description="Nothing is tried or written. A record that fails again in a later sync opens a new item."
          label={`Resolve ${count(total)}`}
          look="primary"
          isBusy={resolve.isPending}
          error={resolve.error}
          onConfirm={resolveNow}
          onClose={close}
        >
          <Field label="Why" hint="Kept with each of them">
            <Input name="note" required maxLength={2000} autoComplete="off" />
          </Field>
        </Confirm>
      )}
    </span>
  );
}
