-- Attachments, jobs for after the commit, and the timers' heartbeat.

-- +goose Up

-- A file that was handed in. The bytes lie in the folder of store/blob, named
-- by their hash; seq is the event it belongs to, null while it is in a draft.
create table attachments (
	id          text collate "binary" primary key,
	matter_id   text collate "binary" not null, -- empty: of a matter not begun
	seq         bigint,
	act         text not null,
	field       text not null,
	name        text not null,
	size        bigint not null,
	sha256      text collate "binary" not null,
	type        text not null,
	uploaded_by text collate "binary" not null,
	uploaded_at bigint not null
);
create index attachments_matter on attachments (matter_id, seq, id);
create index attachments_hash on attachments (sha256);

-- What is to be done outside the database, committed with what asks for it.
create table jobs (
	id          text collate "binary" primary key, -- the same job is put in once
	kind        text collate "binary" not null,
	payload     text not null,
	state       text not null, -- ready, done, failed
	tries       bigint not null,
	run_at      bigint not null,
	leased      text collate "binary",
	created_at  bigint not null,
	ended_at    bigint,
	error       text
)
without rowid -- sqlite
;
create index jobs_ready on jobs (run_at, id) where state = 'ready';
create index jobs_failed on jobs (created_at, id) where state = 'failed';

-- When each timer last looked at all there is, and what it found.
create table heartbeats (
	name       text collate "binary" primary key,
	at         bigint not null,
	took       bigint not null,
	scanned    bigint not null,
	acted      bigint not null,
	note       text
);

-- One node holds a lease; fence grows with every new holder.
create table leases (
	name       text collate "binary" primary key,
	holder     text not null,
	fence      bigint not null,
	expires_at bigint not null
);
