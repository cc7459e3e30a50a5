import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { previewQuery, type ScheduleDraft, useDeleteSchedule, useSaveSchedule } from '../../api/schedules.js';
import type { Schedule } from '../../api/types.js';
import { exactly } from '../../format/time.js';
import { Button } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { Field, Input, Select } from '../../ui/field.js';
import { Note } from '../../ui/note.js';
import { wordsFor } from '../../ui/states.js';
import { cronOf, type Rhythm, rhythmOf, rhythms } from './rhythm.js';

interface ScheduleEditorProps {
  readonly connectionId: string;
  /** Undefined for a new one. */
  readonly schedule: Schedule | undefined;
  readonly onClose: () => void;
}

const own = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** A schedule in plain words, with the next times at which it would be due, in the zone of whoever looks. */
export function ScheduleEditor({ connectionId, schedule, onClose }: ScheduleEditorProps) {
  const [name, setName] = useState(schedule?.name ?? '');
  const [mode, setMode] = useState(schedule?.mode ?? 'incremental');
  const [isEnabled, setEnabled] = useState(schedule?.enabled ?? true);
  const [rhythm, setRhythm] = useState<Rhythm>(rhythmOf(schedule));
  const [timeZone, setTimeZone] = useState(schedule?.timeZone ?? own);
  const change = (part: Partial<Rhythm>) => setRhythm((now) => ({ ...now, ...part }));

  const times =
    rhythm.kind === 'interval' ? { intervalSeconds: rhythm.minutes * 60 } : { cron: cronOf(rhythm), timeZone };
  const draft: ScheduleDraft = { name, mode, enabled: isEnabled, ...times };
  const save = useSaveSchedule(connectionId, schedule?.id);
  const remove = useDeleteSchedule(connectionId);
  const problem = save.error ?? remove.error;
  return (
    <Dialog title={schedule ? `Schedule ${schedule.name}` : 'New schedule'} isOpen onClose={onClose}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(draft, { onSuccess: onClose });
        }}
      >
        {problem && <Note tone="bad">{wordsFor(problem).title}</Note>}
        <Field label="Name">
          <Input value={name} onChange={({ target }) => setName(target.value)} required maxLength={60} />
        </Field>
        <Field label="What">
          <Select value={mode} onChange={({ target }) => setMode(target.value as ScheduleDraft['mode'])}>
            <option value="incremental">Sync what has changed</option>
            <option value="full">Sync everything</option>
            <option value="verify">Verify that nothing is missing</option>
          </Select>
        </Field>
        <Field label="How often">
          <Select value={rhythm.kind} onChange={({ target }) => change({ kind: target.value as Rhythm['kind'] })}>
            {Object.entries(rhythms).map(([kind, words]) => (
              <option key={kind} value={kind}>
                {words}
              </option>
            ))}
          </Select>
        </Field>
        {rhythm.kind === 'interval' && (
          <Field label="Minutes">
            <Input
              type="number"
              min={1}
              max={44_640}
              value={rhythm.minutes}
              onChange={({ target }) => change({ minutes: Number(target.value) })}
              required
            />
          </Field>
        )}
        {(rhythm.kind === 'daily' || rhythm.kind === 'weekdays') && (
          <Field label="At">
            <Input type="time" value={rhythm.time} onChange={({ target }) => change({ time: target.value })} required />
          </Field>
        )}
        {rhythm.kind === 'cron' && (
          <Field label="Cron expression" hint="Minute, hour, day of month, month, day of week">
            <Input
              value={rhythm.cron}
              onChange={({ target }) => change({ cron: target.value })}
              required
              spellCheck={false}
              className="font-mono"
            />
          </Field>
        )}
        {rhythm.kind !== 'interval' && (
          <Field label="Time zone" hint={timeZone === own ? 'Yours' : `Yours is ${own}`}>
            <Input value={timeZone} onChange={({ target }) => setTimeZone(target.value)} required spellCheck={false} />
          </Field>
        )}
        <label className="flex items-center gap-2 text-sm">
          <input
            type="checkbox"
            checked={isEnabled}
            onChange={({ target }) => setEnabled(target.checked)}
            className="size-4 accent-accent"
          />
          Switched on
        </label>
        <Preview draft={draft} />
        <div className="sticky -bottom-5 -mx-5 -mb-5 flex justify-between gap-2 border-t border-line bg-surface px-5 py-3">
          {schedule ? (
            <Button
              look="danger"
              isBusy={remove.isPending}
              onClick={() => remove.mutate(schedule.id, { onSuccess: onClose })}
            >
              Delete
            </Button>
          ) : (
            <span />
          )}
          <Button type="submit" look="primary" isBusy={save.isPending}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Preview({ draft }: { readonly draft: ScheduleDraft }) {
  const preview = useQuery(previewQuery(useDeferredValue(draft)));
  if (preview.isError) return <Note tone="warn">{wordsFor(preview.error).title}</Note>;
  return (
    <div className="rounded-lg bg-sunken px-3 py-2.5 text-sm" role="status">
      <p className="font-medium">{preview.data?.words ?? '…'}</p>
      <ul className="tabular mt-1 text-xs leading-5 text-ink-soft">
        {preview.data?.times.map((time) => (
          <li key={time}>
            <time dateTime={time}>{exactly(time)}</time>
          </li>
        ))}
      </ul>
    </div>
  );
}
