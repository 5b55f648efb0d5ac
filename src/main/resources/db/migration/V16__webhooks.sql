-- The queue of small work beside the jobs: as scheduled_tasks, but on threads of its own, so that
-- neither waits for the other.
create table chore (
  task_name            text not null,
  task_instance        text not null,
  task_data            bytea,
  execution_time       timestamptz not null,
  picked               boolean not null,
  picked_by            text,
  last_success         timestamptz,
  last_failure         timestamptz,
  consecutive_failures int,
  last_heartbeat       timestamptz,
  version              bigint not null,
  priority             smallint,
  primary key (task_name, task_instance)
);
create index chore_by_time on chore (execution_time);
create index chore_by_heartbeat on chore (last_heartbeat);

-- One event for one address; a redelivery is another row with the same message_id.
create table delivery (
  id              uuid primary key,
  message_id      uuid        not null,
  job_id          uuid        not null references job on delete cascade,
  event           text        not null,
  url             text        not null,
  body            text        not null,
  status          text        not null,
  attempts        integer     not null default 0,
  last_status     integer,
  last_error      text,
  next_attempt_at timestamptz,
  created_at      timestamptz not null,
  delivered_at    timestamptz
);
create index delivery_by_job on delivery (job_id, id);

create table webhook_secret (
  tenant         text primary key,
  secret         text        not null,
  created_at     timestamptz not null,
  previous       text,
  previous_until timestamptz
);
