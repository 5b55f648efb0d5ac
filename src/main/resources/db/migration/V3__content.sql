-- Every file that is kept, once per content. Whatever refers to one keeps it: a row here can only
-- be deleted when nothing does.
create table content (
  sha256 text   primary key,
  bytes  bigint not null
);

create table artifact (
  job_id     uuid not null references job on delete cascade,
  name       text not null,
  media_type text not null,
  sha256     text not null references content,
  created_at timestamptz not null,
  primary key (job_id, name)
);
create index artifact_by_content on artifact (sha256);

create table dataset (
  id            uuid primary key,
  name          text        not null,
  original_name text        not null,
  format        text        not null,
  sha256        text        not null references content,
  bytes         bigint      not null,
  created_at    timestamptz not null
);
create index dataset_by_content on dataset (sha256);

create table model (
  id          uuid primary key,
  name        text        not null,
  role        text        not null,
  format      text        not null,
  architecture jsonb      not null,
  input_shape jsonb       not null,
  classes     jsonb       not null,
  parameters  bigint      not null,
  job_id      uuid references job on delete set null,
  sha256      text        not null references content,
  bytes       bigint      not null,
  created_at  timestamptz not null
);
create index model_by_content on model (sha256);
create index model_by_job on model (job_id);
