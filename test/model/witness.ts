import type { Db } from '@syncline/store';
import { sql } from 'kysely';

/**
 * Has Postgres itself watch what the engine commits: `model_effects` is every version of a record that was written, by
 * whom and in which transaction, `model_violations` what must never happen. Who: the session's setting `model.actor`.
 */
export async function watchWrites(db: Db): Promise<void> {
  await sql`create table model_violations (what text not null)`.execute(db);
  await sql`create table model_effects (relation text, key text, version text, transaction xid8, fresh boolean)`.execute(
    db,
  );
  await sql`create table model_commits (transaction xid8, created bigint)`.execute(db);
  await sql`create table model_claims (job uuid, entity text, actor text, primary key (job, entity))`.execute(db);
  await sql
    .raw(`create function model_watch_row() returns trigger language plpgsql as $$
    declare key text := to_jsonb(new) ->> tg_argv[0];
    begin
      if tg_op = 'UPDATE' then
        if new.source_updated_at < old.source_updated_at then
          insert into model_violations values (format('%s %s went back from %s to %s', tg_table_name, key,
            old.source_updated_at, new.source_updated_at));
        end if;
        if to_jsonb(new) - 'last_sync_at' = to_jsonb(old) - 'last_sync_at' then
          insert into model_violations values (format('%s %s was rewritten as it was', tg_table_name, key));
        end if;
        if new.pp_data = old.pp_data then return null; end if;
      end if;
      insert into model_effects values (tg_table_name, new.connection_id || ' ' || key, md5(new.pp_data::text), pg_current_xact_id(),
        tg_op = 'INSERT');
      return null;
    end $$`)
    .execute(db);
  await sql
    .raw(`create function model_watch_run() returns trigger language plpgsql as $$
    declare actor text := current_setting('model.actor', true);
    begin
      if new.epoch < old.epoch or new.pages < old.pages then
        insert into model_violations values (format('%s: epoch or pages went back', new.entity));
      end if;
      if new.epoch > old.epoch then
        insert into model_claims values (new.sync_job_id, new.entity, actor)
        on conflict (job, entity) do update set actor = excluded.actor;
      end if;
      if new.pages > old.pages or new.status <> old.status and new.status in ('succeeded', 'partial') then
        if actor is distinct from (select c.actor from model_claims c where job = new.sync_job_id and entity = new.entity)
        then
          insert into model_violations values (format('%s wrote for %s, which others had taken over', actor, new.entity));
        end if;
      end if;
      if new.pages > old.pages then
        insert into model_commits values (pg_current_xact_id(), new.records_created - old.records_created);
      end if;
      return null;
    end $$`)
    .execute(db);
  for (const [table, key] of Object.entries(watched)) {
    await sql`create trigger model_watch after insert or update on ${sql.table(table)}
      for each row execute function model_watch_row(${sql.lit(key)})`.execute(db);
  }
  await sql`create trigger model_watch after update on sync_progress
    for each row execute function model_watch_run()`.execute(db);
}

/** What no connector can know: somebody has put a constraint of their own on a table of theirs. */
export async function refuseTitle(db: Db, title: string): Promise<void> {
  await sql`alter table tasks add constraint model_refuses check (title is distinct from ${sql.lit(title)})`.execute(
    db,
  );
}

const watched = {
  accounts: 'pp_account_id',
  contacts: 'pp_contact_id',
  exchanges: 'pp_matter_id',
  tasks: 'pp_task_id',
} as const;

/** What was seen that must never happen. */
export async function violations(db: Db): Promise<string[]> {
  const { rows } = await sql<{ what: string }>`
    select what from model_violations
    union all select format('%s %s was written without its checkpoint', relation, key) from model_effects e
      where not exists (select from model_commits c where c.transaction = e.transaction)
    union all select format('%s records counted as created, %s written', created, written) from (
      select c.transaction, sum(created) as created,
        (select count(*) from model_effects e where e.transaction = c.transaction and fresh) as written
      from model_commits c group by c.transaction) counted where created <> written
    union all select format('%s %s: the same version was written %s times', relation, key, count(*)) from model_effects
      where relation <> 'contacts' group by relation, key, version having count(*) > 1
    limit 20`.execute(db);
  return rows.map(({ what }) => what);
}

/** Forgets everything of the run before: jobs, rows and what was seen. */
export async function wipe(db: Db): Promise<void> {
  const tables = ['tasks', 'exchanges', 'contacts', 'accounts', 'connections', 'audit_log', 'organizations'];
  const seen = ['model_violations', 'model_effects', 'model_commits', 'model_claims'];
  await sql.raw([...tables, ...seen].map((table) => `delete from ${table}`).join(';')).execute(db);
}
