-- Wakes whoever watches a job, in any process, when something of it was committed.
create function signal_new_rows() returns trigger language plpgsql as $$
begin
  perform pg_notify('retort_job', job_id::text) from (select distinct job_id from fresh) jobs;
  return null;
end $$;

create trigger job_event_signal after insert on job_event
  referencing new table as fresh for each statement execute function signal_new_rows();
create trigger job_metric_signal after insert on job_metric
  referencing new table as fresh for each statement execute function signal_new_rows();

create function signal_job() returns trigger language plpgsql as $$
begin
  perform pg_notify('retort_job', new.id::text);
  return null;
end $$;

create trigger job_signal after update of status, phase, progress on job
  for each row execute function signal_job();
