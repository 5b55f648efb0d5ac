-- What a job needs at least: as its spec says, then as its data turned out. A worker takes what fits.
alter table job add memory_bytes bigint not null default 0;
