-- Who comes in with tokens of the identity provider, so that somebody whose token lives on can be shut out; the reason of
-- an emergency stop; and what the pages of alerts and of the audit log ask for.
-- Locks: organizations ACCESS EXCLUSIVE for a moment; audit_log can be read but not written while its index is built.

-- A person as the organization that they came to knows them. Written by the API about once a minute while they come.
create table members (
  id               uuid primary key default gen_random_uuid(),
  organization_id  uuid not null references organizations (id) on delete cascade,
  -- Together they name a person: two providers may call different people the same.
  issuer           text not null,
  subject          text not null,
  -- As the token said it last; null where it never did.
  name             text,
  email            text,
  role             text not null check (role in ('viewer', 'operator', 'admin')),
  first_seen_at    timestamptz not null default now(),
  last_seen_at     timestamptz not null default now(),
  -- Shut out, whatever their token says.
  blocked_at       timestamptz,
  blocked_by       text,
  blocked_reason   text,
  unique (organization_id, issuer, subject),
  check ((blocked_at is null) = (blocked_by is null) and (blocked_at is null) = (blocked_reason is null))
);
create index members_by_first_seen on members (organization_id, first_seen_at desc, id desc);
-- Whose they were is asked for those alone that have not come for long.
create index members_by_last_seen on members (last_seen_at) where blocked_at is null;
alter table members enable row level security;

-- Why somebody pressed the emergency stop, in their words.
alter table organizations add column stop_reason text;

-- What has been done at all, and one kind of deed, without reading the others.
create index audit_log_by_action on audit_log (organization_id, action, id desc);
