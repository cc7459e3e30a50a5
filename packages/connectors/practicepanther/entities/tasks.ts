import { defineEntity, instant, optionalText, wordMap } from '@syncline/connector-kit';
import { z } from 'zod';
import { fetchFrom } from '../fetch-one.js';
import { walkPage } from '../page-walk.js';
import { reference, timestamps, vendorId } from '../shapes.js';

const task = z.object({
  id: vendorId,
  account_ref: reference,
  matter_ref: reference,
  subject: optionalText,
  notes: optionalText,
  status: optionalText,
  priority: optionalText,
  due_date: optionalText,
  ...timestamps,
});

/** Our users' words (guide) and the vendor's (NotCompleted, InProgress, Completed, Conditional). */
const taskStatus = wordMap({
  open: 'PENDING',
  pending: 'PENDING',
  NotCompleted: 'PENDING',
  in_progress: 'IN_PROGRESS',
  working: 'IN_PROGRESS',
  InProgress: 'IN_PROGRESS',
  completed: 'COMPLETED',
  done: 'COMPLETED',
  cancelled: 'CANCELLED',
  on_hold: 'ON_HOLD',
  Conditional: 'ON_HOLD',
});

const taskPriority = wordMap({
  low: 'LOW',
  normal: 'MEDIUM',
  medium: 'MEDIUM',
  high: 'HIGH',
  urgent: 'URGENT',
  critical: 'URGENT',
});

/** To-dos, most of them of a matter. */
export const tasks = defineEntity({
  name: 'tasks',
  dependsOn: ['matters'],
  table: {
    name: 'tasks',
    key: 'pp_task_id',
    raw: 'pp_data',
    columns: {
      pp_matter_id: 'text',
      pp_account_id: 'text',
      title: 'text',
      description: 'text',
      status: 'text',
      priority: 'text',
      due_date: 'timestamptz',
    },
    words: { status: taskStatus.words, priority: taskPriority.words },
    references: [
      { entity: 'matters', from: 'pp_matter_id', to: 'pp_matter_id', take: { exchange_id: 'id' } },
      { entity: 'accounts', from: 'pp_account_id', to: 'pp_account_id', take: { account_id: 'id' } },
    ],
  },
  mapping: {
    schema: task,
    key: (record) => record.id,
    updatedAt: (record) => record.updated_at,
    map: (record, flag) => ({
      pp_matter_id: record.matter_ref?.id,
      pp_account_id: record.account_ref?.id,
      title: record.subject,
      description: record.notes,
      status: taskStatus(record.status, 'status', flag),
      priority: taskPriority(record.priority, 'priority', flag),
      due_date: instant(record.due_date, 'due_date', flag),
    }),
  },
  fetchPage: (request) => walkPage({ path: 'tasks', timed: true, archivable: false }, request),
  fetchOne: fetchFrom('tasks'),
});
