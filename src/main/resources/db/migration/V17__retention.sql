-- How many workers a job has lost in all; `lost` counts those in a row.
alter table job add losses integer not null default 0;
create index job_by_end on job (finished_at) where finished_at is not null;

-- What of the registry a job names. A row takes a share of the dataset's or model's row until its
-- transaction ends, so that a job is queued or what it names is removed, and never both.
create table job_input (
  job_id     uuid not null references job on delete cascade,
  dataset_id uuid references dataset on delete cascade,
  model_id   uuid references model on delete cascade,
  check (num_nonnulls(dataset_id, model_id) = 1)
);
create index job_input_by_job on job_input (job_id);
create index job_input_by_dataset on job_input (dataset_id);
create index job_input_by_model on job_input (model_id);

insert into job_input (job_id, dataset_id)
  select job.id, dataset.id from job join dataset
    on strpos(lower(job.resolved::text), dataset.id::text) > 0
  where status in ('QUEUED', 'RUNNING', 'PAUSING', 'PAUSED', 'CANCELLING');
insert into job_input (job_id, model_id)
  select job.id, model.id from job join model
    on strpos(lower(job.resolved::text), model.id::text) > 0
  where status in ('QUEUED', 'RUNNING', 'PAUSING', 'PAUSED', 'CANCELLING');
