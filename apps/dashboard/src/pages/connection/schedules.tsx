import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { schedulesQuery } from '../../api/schedules.js';
import { useMay } from '../../api/session.js';
import type { Schedule } from '../../api/types.js';
import { Answer } from '../../ui/answer.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { Card } from '../../ui/card.js';
import { Moment } from '../../ui/moment.js';
import { Note } from '../../ui/note.js';
import { Empty } from '../../ui/states.js';
import { Cell, Row, Table } from '../../ui/table.js';
import { wordsForRhythm } from './rhythm.js';
import { ScheduleEditor } from './schedule-editor.js';

/** When syncs of a connection start by themselves. */
export function Schedules({ connectionId }: { readonly connectionId: string }) {
  const [edited, setEdited] = useState<Schedule | 'new' | undefined>();
  const mayEdit = useMay('operator');
  const schedules = useQuery(schedulesQuery(connectionId));
  return (
    <Card
      title="Schedules"
      actions={
        mayEdit && (
          <Button icon={<Plus size={15} aria-hidden="true" />} onClick={() => setEdited('new')}>
            New schedule
          </Button>
        )
      }
    >
      {schedules.data?.schedulerEnabled === false && (
        <div className="p-4">
          <Note tone="warn">The scheduler is switched off (ENABLE_SYNC_SCHEDULER): nothing starts by itself.</Note>
        </div>
      )}
      <Answer to={schedules}>
        {({ data }) =>
          data.length === 0 ? (
            <Empty title="Nothing starts by itself" />
          ) : (
            <Table label="Schedules" columns={['Schedule', 'When', 'What', 'Next', 'Last', 'Actions']}>
              {data.map((schedule) => (
                <Row key={schedule.id}>
                  <Cell label="Schedule" isTitle>
                    <span>
                      <span className="font-medium">{schedule.name}</span> {!schedule.enabled && <Badge>off</Badge>}
                    </span>
                  </Cell>
                  <Cell label="When">
                    <When of={schedule} />
                  </Cell>
                  <Cell label="What">{schedule.mode}</Cell>
                  <Cell label="Next">{schedule.nextDueAt ? <Moment at={schedule.nextDueAt} /> : '–'}</Cell>
                  <Cell label="Last" isMinor={schedule.lastRun === null}>
                    {schedule.lastRun ? (
                      <span title={schedule.lastRun.detail ?? undefined}>
                        {schedule.lastRun.outcome}, <Moment at={schedule.lastRun.dueAt} />
                      </span>
                    ) : (
                      '–'
                    )}
                  </Cell>
                  <Cell label="" className="text-right">
                    {mayEdit && (
                      <Button look="quiet" aria-label={`Edit ${schedule.name}`} onClick={() => setEdited(schedule)}>
                        Edit
                      </Button>
                    )}
                  </Cell>
                </Row>
              ))}
            </Table>
          )
        }
      </Answer>
      {edited !== undefined && (
        <ScheduleEditor
          connectionId={connectionId}
          schedule={edited === 'new' ? undefined : edited}
          onClose={() => setEdited(undefined)}
        />
      )}
    </Card>
  );
}

/** In words where there are some, and as cron has it, with its zone. */
function When({ of: schedule }: { readonly of: Schedule }) {
  const words = wordsForRhythm(schedule);
  if (schedule.cron === null) return words;
  const cron = `${schedule.cron} (${schedule.timeZone})`;
  return (
    <div>
      {words ?? cron}
      {words && <p className="text-xs text-ink-soft">{cron}</p>}
    </div>
  );
}
