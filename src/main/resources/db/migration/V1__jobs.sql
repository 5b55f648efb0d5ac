create table job (
  id          uuid primary key,
  type        text        not null,
  name        text,
  labels      jsonb       not null,
  status      text        not null,
  phase       text,
  progress    double precision not null default 0,
  attempt     integer     not null default 0,
  lost        integer     not null default 0,
  spec        jsonb       not null,
  resolved    jsonb       not null,
  formula     text        not null,
  error       jsonb,
  created_at  timestamptz not null,
  started_at  timestamptz,
  finished_at timestamptz,
  version     bigint      not null
);
create index job_by_status on job (status, id);
create index job_by_label on job using gin (labels jsonb_path_ops);

-- Kept apart from the job: large, and read only when asked for.
create table job_result (
  job_id uuid primary key references job on delete cascade,
  result jsonb not null,
  report jsonb
);

create table job_event (
  seq     bigint generated always as identity primary key,
  job_id  uuid        not null references job on delete cascade,
  at      timestamptz not null,
  level   text        not null,
  message text        not null,
  data    jsonb       not null
);
create index job_event_by_job on job_event (job_id, seq);

create table job_metric (
  seq    bigint generated always as identity primary key,
  job_id uuid             not null references job on delete cascade,
  series text             not null,
  epoch  integer          not null,
  step   bigint           not null,
  value  double precision not null,
  at     timestamptz      not null
);
create index job_metric_by_job on job_metric (job_id, seq);
