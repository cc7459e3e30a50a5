-- Which connections variables of the environment describe. They were known by their name, so that one that was renamed came
-- back as a second one at the next start. At most one for each connector of an organization.
-- Locks: connections ACCESS EXCLUSIVE for a moment; the table is small, and is read once for the index.

alter table connections add column from_environment boolean not null default false;
update connections set from_environment = true where name = 'environment' and deleted_at is null;
create unique index connections_of_environment on connections (organization_id, connector)
  where from_environment and deleted_at is null;
