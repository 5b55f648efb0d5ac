alter table job add priority integer not null default 0;
create index job_by_turn on job (tenant, status, priority desc, id);
create index job_by_start on job (tenant, started_at desc nulls last);

-- The queue's own order: `priority` is a tenant's place among the tenants (see FairOrder).
create index scheduled_tasks_by_turn on scheduled_tasks (priority desc, execution_time);

-- What was submitted under which Idempotency-Key, so that a repeated request finds its job.
create table submission (
  tenant      text        not null,
  key         text        not null,
  body_sha256 text        not null,
  job_id      uuid        not null references job on delete cascade,
  created_at  timestamptz not null,
  primary key (tenant, key)
);
create index submission_by_job on submission (job_id);
