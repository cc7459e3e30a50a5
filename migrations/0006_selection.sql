-- Selections: a job may be about some records only, by their ids or by when they changed. Its mode is `backfill`, and
-- what it is about stays with it, so that whatever starts its runs again does so for the same records.
-- Locks: ACCESS EXCLUSIVE on sync_jobs for a moment. A column is added without rewriting a row, and the check looks at
-- new rows only: nobody has written the mode `backfill` before.

-- {"ids": ["…", …]}, or {"from": "…Z", "to": "…Z" or null}, both ends included; without an end up to the vendor's now.
alter table sync_jobs add column selection jsonb;
alter table sync_jobs add constraint sync_jobs_selection_check
  check ((mode = 'backfill') = (selection is not null)) not valid;
