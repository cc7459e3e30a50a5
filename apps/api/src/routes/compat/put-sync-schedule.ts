import type { DefaultSchedule } from '@syncline/connector-kit';
import { changeSchedule, createSchedule, type ScheduleChange } from '@syncline/engine';
import { type Actor, type Connection, listSchedules, type Schedule, type ScheduleView } from '@syncline/store';
import { z } from 'zod';
import { actorOf } from '../../access/actor.js';
import { type TenantContext, tenantOf } from '../../access/caller.js';
import type { ApiContext, App } from '../../api-context.js';
import { problemResponses } from '../../problems/problem.js';
import { scheduleAnswer, scheduleSchema } from '../v1/schedules/schedule-answer.js';
import { chooseConnection, connectionIdSchema } from './choose-connection.js';
import { atTimeOfDay, guideSchedules, guideTimes } from './guide-schedule.js';

const within = (least: number, most: number) => {
  const error = `has to be a whole number from ${least} to ${most}`;
  return z.int(error).min(least, error).max(most, error).optional();
};

const body = z
  .strictObject({
    incrementalInterval: within(1, 1440).describe('Minutes between incremental syncs'),
    fullSyncHour: within(0, 23).describe("In the schedule's own time zone"),
    fullSyncMinute: within(0, 59),
    connectionId: connectionIdSchema,
  })
  .refine(
    ({ connectionId: _, ...times }) => Object.keys(times).length > 0,
    'has to name incrementalInterval, fullSyncHour or fullSyncMinute',
  )
  .meta({ examples: [{ incrementalInterval: 15, fullSyncHour: 2, fullSyncMinute: 0 }] });

const answer = z
  .object({
    incrementalInterval: z.number().nullable().describe('Null where it is a cron expression'),
    fullSyncHour: z.int().nullable().describe('Null where full syncs are not at one time of day'),
    fullSyncMinute: z.int().nullable(),
    timeZone: z.string().nullable().describe('Of the full sync'),
    schedules: z.array(scheduleSchema).describe('The two schedules that this is about'),
  })
  .describe('How it stands now, for every process');

/** The guide's schedule: how often an incremental sync comes, and at what time the full one. In force at once. */
export function putSyncSchedule(app: App, api: ApiContext): void {
  app.put(
    '/api/sync/schedule',
    {
      config: { access: 'operator' },
      schema: {
        operationId: 'putSyncSchedule',
        tags: ['schedules'],
        summary: 'Change how often syncs come',
        description: 'What is left out stays. All that schedules can do is at /api/v1/schedules.',
        body,
        response: {
          200: answer,
          ...problemResponses(
            'VALIDATION_FAILED',
            'CONNECTION_AMBIGUOUS',
            'CONNECTION_NOT_FOUND',
            'PAYLOAD_TOO_LARGE',
            'DATABASE_UNAVAILABLE',
          ),
        },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const { incrementalInterval, fullSyncHour, fullSyncMinute, connectionId } = request.body;
      const connection = await chooseConnection(ctx, connectionId);
      const change = (name: string, to: (schedule: Times) => ScheduleChange) =>
        changeNamed(ctx, connection, name, to, actorOf(request));
      // The one that can be refused comes first, so that half a request is not carried out.
      if (fullSyncHour !== undefined || fullSyncMinute !== undefined) {
        await change(guideSchedules.full, (full) => atTimeOfDay(full, fullSyncHour, fullSyncMinute));
      }
      if (incrementalInterval !== undefined) {
        await change(guideSchedules.incremental, () => ({ intervalSeconds: incrementalInterval * 60 }));
      }
      const all = await listSchedules(ctx.db, ctx.organizationId, { connectionId: connection.id });
      const named = (name: string) => all.find((schedule) => schedule.name === name);
      const [incremental, full] = [named(guideSchedules.incremental), named(guideSchedules.full)];
      const both = [incremental, full].filter((schedule): schedule is ScheduleView => schedule !== undefined);
      return {
        ...guideTimes(incremental, full),
        timeZone: full?.timeZone ?? null,
        schedules: both.map(scheduleAnswer),
      };
    },
  );
}

type Times = Pick<Schedule, 'cron' | 'intervalSeconds'>;

/** Changes the connection's schedule of that name; one that was deleted is made again, as the connector proposes it. */
async function changeNamed(
  ctx: TenantContext,
  connection: Connection,
  name: string,
  to: (schedule: Times) => ScheduleChange,
  by: Actor,
): Promise<void> {
  const schedules = await listSchedules(ctx.db, ctx.organizationId, { connectionId: connection.id });
  const known = schedules.find((schedule) => schedule.name === name);
  if (known !== undefined) {
    await changeSchedule(ctx, ctx.organizationId, known.id, to, by);
    return;
  }
  const connector = ctx.connectors.find(({ id }) => id === connection.connector);
  const proposed = connector?.schedules?.find((schedule) => schedule.name === name);
  if (proposed === undefined) throw new Error(`${connection.connector} proposes no schedule ${name}`);
  const { mode, entities, ...when } = proposed;
  const timeZone = 'timeZone' in when ? when.timeZone : undefined;
  await createSchedule(ctx, connection, { name, mode, entities, timeZone, ...to(timesOf(proposed)) }, by);
}

function timesOf(proposed: DefaultSchedule): Times {
  return 'cron' in proposed
    ? { cron: proposed.cron, intervalSeconds: null }
    : { cron: null, intervalSeconds: proposed.everySeconds };
}
