-- The resolved spec with what a run found out about data and teacher; null before one did. The spec
-- that runs are made of stays in `resolved`.
alter table job add column found jsonb;
