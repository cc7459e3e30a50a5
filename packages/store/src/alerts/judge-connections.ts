import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import type { AlertKind } from '../schema.js';
import { conditionsSql, type JudgeOptions } from './conditions-sql.js';

/** A kind of alert with what it says about the connection. Times are ISO 8601, UTC. */
export type AlertFinding =
  | {
      readonly kind: 'failures';
      readonly detail: { readonly failed: number; readonly hours: number; readonly lastErrorCode: string | null };
    }
  | {
      readonly kind: 'slow';
      readonly detail: { readonly averageSeconds: number; readonly syncs: number; readonly hours: number };
    }
  | {
      readonly kind: 'stale';
      /** The worst ones, relative to their targets, and how many there are. */
      readonly detail: { readonly entities: readonly StaleEntity[]; readonly count: number };
    }
  | {
      readonly kind: 'webhook_silent';
      /** How many deliveries each of the last weeks had in the same hours, at least. */
      readonly detail: { readonly silentHours: number; readonly expected: number; readonly lastDeliveryAt: string };
    }
  | {
      readonly kind: 'differences';
      /** What the last verification found, ten thousand at most, and the entities that it is of. */
      readonly detail: {
        readonly verificationId: string;
        readonly findings: number;
        readonly entities: readonly string[];
      };
    }
  | {
      readonly kind: 'restored';
      /** What was committed in between is lost; and the entities whose full list was not read since. */
      readonly detail: {
        readonly lostFrom: string;
        readonly lostUntil: string;
        readonly entities: readonly string[];
      };
    }
  | { readonly kind: 'needs_reauth'; readonly detail: Readonly<Record<string, never>> };

interface StaleEntity {
  readonly entity: string;
  /** Up to when it is known to be complete; null when no sync of it has come through yet. */
  readonly confirmedAt: string | null;
  readonly targetMinutes: number;
}

/** Something that is wrong with a connection, from when until when. */
export type Alert = AlertFinding & {
  readonly id: string;
  readonly organizationId: string;
  readonly connectionId: string;
  readonly connector: string;
  readonly raisedAt: Date;
  /** Null while it is open. */
  readonly clearedAt: Date | null;
};

export interface Judgement {
  readonly raised: readonly Alert[];
  readonly cleared: readonly Alert[];
}

/**
 * Holds every connection of every organization against what it should be like, in one statement: raises alerts where
 * something has become wrong, and clears those that do not hold any more. Two who judge at once raise and clear each
 * alert once between them.
 */
export async function judgeConnections(db: Db, options: JudgeOptions): Promise<Judgement> {
  const { rows } = await sql<Alert>`
    with conditions as materialized (${conditionsSql(options)}),
    raised as (
      insert into sync_alerts (organization_id, connection_id, connector, kind, detail)
      select organization_id, connection_id, connector, kind, detail from conditions c
      where not exists (
        select from sync_alerts a
        where a.connection_id = c.connection_id and a.kind = c.kind and a.cleared_at is null)
      order by connection_id, kind
      on conflict (connection_id, kind) where cleared_at is null do nothing
      returning *),
    cleared as (
      update sync_alerts a set cleared_at = now()
      where a.cleared_at is null and not exists (
        select from conditions c where c.connection_id = a.connection_id and c.kind = a.kind)
      returning *)
    select id, organization_id as "organizationId", connection_id as "connectionId", connector, kind, detail,
      raised_at as "raisedAt", cleared_at as "clearedAt"
    from (select * from raised union all select * from cleared) as changed
    order by raised_at, id`.execute(db);
  return {
    raised: rows.filter(({ clearedAt }) => clearedAt === null),
    cleared: rows.filter(({ clearedAt }) => clearedAt !== null),
  };
}

/** The cron expressions of enabled schedules, each with its time zone once; of these connections only, if any are named. */
export async function listCrons(
  db: Db,
  connectionIds?: readonly string[],
): Promise<{ readonly cron: string; readonly timeZone: string }[]> {
  const named =
    connectionIds === undefined ? sql<boolean>`true` : sql<boolean>`connection_id = any(${[...connectionIds]}::uuid[])`;
  return db
    .selectFrom('sync_schedules')
    .where(named)
    .select(['cron', 'time_zone as timeZone'])
    .distinct()
    .where('enabled', '=', true)
    .where('cron', 'is not', null)
    .$narrowType<{ cron: string }>()
    .execute();
}

/** Forgets alerts that were cleared more than `days` ago, with their messages, a thousand at a time. */
export async function forgetOldAlerts(db: Db, days: number): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('sync_alerts')
    .where(({ eb, selectFrom }) =>
      eb(
        'id',
        'in',
        selectFrom('sync_alerts')
          .select('id')
          .where('cleared_at', '<', sql<Date>`now() - make_interval(days => ${days})`)
          .orderBy('cleared_at')
          .limit(1_000),
      ),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}

export interface OpenAlerts {
  readonly kind: AlertKind;
  readonly open: number;
}

/** Open alerts by kind, of one organization or of all; kinds without one are left out. Cheap: it reads open ones only. */
export async function countOpenAlerts(db: Db, organizationId?: string): Promise<OpenAlerts[]> {
  let query = db.selectFrom('sync_alerts').where('cleared_at', 'is', null);
  if (organizationId !== undefined) query = query.where('organization_id', '=', organizationId);
  return query
    .select(['kind', sql<number>`count(*)`.as('open')])
    .groupBy('kind')
    .orderBy('kind')
    .execute();
}
