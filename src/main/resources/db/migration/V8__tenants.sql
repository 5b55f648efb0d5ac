-- Everything belongs to a tenant. What was there before, and whatever is made without a key,
-- belongs to `default`.
alter table job add tenant text not null default 'default';
alter table dataset add tenant text not null default 'default';
alter table model add tenant text not null default 'default';
create index job_by_tenant on job (tenant, id);
create index dataset_by_tenant on dataset (tenant, id);
create index model_by_tenant on model (tenant, id);

-- The key itself is not kept, only its hash; `hint` is its beginning, so that people can tell
-- their keys apart.
create table api_key (
  id           uuid primary key,
  tenant       text        not null,
  name         text        not null,
  hash         text        not null unique,
  hint         text        not null,
  scopes       text        not null,
  created_at   timestamptz not null,
  expires_at   timestamptz,
  last_used_at timestamptz
);
