-- Matters and what is recorded of them. A line that ends in the name of an
-- engine is for that engine alone. Text that is sorted is compared byte by byte
-- on both engines, whatever the locale of the server: that is collate "binary".

-- +goose Up
create collation "binary" (locale = 'C'); -- postgres

-- A matter. What follows version and head is a summary: a projection.
create table matters (
	id         text collate "binary" primary key,
	procedure  text not null,
	pack       text not null,
	pack_hash  text not null,
	title      text not null,
	opened_at  bigint not null,
	opened_on  text not null,
	pseudonym  bytea not null,
	version    bigint not null,
	head       bytea,
	stage      text not null,
	ended      text not null,
	ended_on   text,
	next_due   text collate "binary",
	owed       bigint not null,
	late       bigint not null,
	changed_at bigint not null,
	extra      text
)
without rowid -- sqlite
;
create index matters_opened on matters (opened_at, id);
create index matters_due on matters (next_due, id) where next_due is not null;

-- Who is bound to a matter: a projection, for who may see what.
create table matter_parties (
	matter_id text collate "binary" not null,
	party     text collate "binary" not null,
	member    text collate "binary" not null, -- u:unit or p:person
	left_on   text,
	primary key (matter_id, party, member)
)
without rowid -- sqlite
;
create index matter_parties_member on matter_parties (member, matter_id);

-- The record. on_day is the legal day, recorded_at the instant.
create table events (
	matter_id   text collate "binary" not null references matters (id),
	seq         bigint not null,
	kind        text not null,
	act         text,
	on_day      text,
	entered_day text,
	recorded_at bigint not null,
	pack_hash   text not null, -- the version of the pack it was decided under
	body        text not null,
	prev        bytea,
	commitment  bytea not null,
	primary key (matter_id, seq)
)
without rowid -- sqlite
;
create index events_found on events (recorded_at, matter_id, seq) where kind = 'found';

-- The seeds of the salts of events, 32 bytes for each of those that were
-- recorded together, from seq on. Zeros: destroyed; then the commitment stands
-- and shows nothing any more.
create table event_secret (
	matter_id text collate "binary" not null,
	seq       bigint not null,
	seeds     bytea not null,
	primary key (matter_id, seq)
)
without rowid -- sqlite
;

-- Running and ended obligations: a projection.
create table terms (
	matter_id   text collate "binary" not null,
	key         text collate "binary" not null,
	term        text not null,
	kind        text not null,
	party       text not null,
	role        text not null,
	bearers     text not null,
	due_on      text,
	provisional boolean not null,
	expires_at  bigint,
	state       text not null,
	version     bigint not null,
	primary key (matter_id, key)
)
without rowid -- sqlite
;
create index terms_armed on terms (expires_at, matter_id, key) where state = 'armed';

-- Who owes what, one row for each bearer of a term that is still owed.
create table owed (
	bearer    text collate "binary" not null, -- u:unit or p:person
	due_on    text collate "binary" not null, -- 9999-12-31 where no day is set
	matter_id text collate "binary" not null,
	key       text collate "binary" not null,
	primary key (bearer, due_on, matter_id, key)
)
without rowid -- sqlite
;

-- What a term has set off already: nothing is set off twice.
create table term_firings (
	matter_id text collate "binary" not null,
	key       text collate "binary" not null,
	version   bigint not null,
	kind      text not null,
	fired_at  bigint not null,
	primary key (matter_id, key, version, kind)
)
without rowid -- sqlite
;

-- Attempts at what the rules do not permit: facts for the supervisor, apart
-- from the matter's record. matter_id is null where no matter came of it.
create table attempts (
	id         text collate "binary" primary key,
	at         bigint not null,
	matter_id  text collate "binary",
	pack       text not null,
	pack_hash  text not null,
	procedure  text not null,
	act        text not null,
	moment     text not null,
	party      text not null,
	person     text not null,
	post       text not null,
	on_day     text,
	why        text not null,
	clauses    text not null,
	refusal    text not null
);
create index attempts_at on attempts (at, id);
create index attempts_matter on attempts (matter_id, at, id);

-- An attempt that a later correction would have permitted counts no more.
create table attempts_excused (
	attempt_id text collate "binary" primary key references attempts (id),
	at         bigint not null,
	seq        bigint not null
);

-- +goose StatementBegin -- postgres
create function refuse_change() returns trigger language plpgsql as $$ begin raise exception 'append only: %', tg_table_name; end $$; -- postgres
-- +goose StatementEnd -- postgres
create trigger events_kept before update or delete on events for each row execute function refuse_change(); -- postgres
create trigger events_whole before truncate on events for each statement execute function refuse_change(); -- postgres
create trigger attempts_kept before update or delete on attempts for each row execute function refuse_change(); -- postgres
create trigger attempts_whole before truncate on attempts for each statement execute function refuse_change(); -- postgres
-- +goose StatementBegin -- sqlite
create trigger events_no_update before update on events begin select raise(abort, 'append only: events'); end; -- sqlite
-- +goose StatementEnd -- sqlite
-- +goose StatementBegin -- sqlite
create trigger events_no_delete before delete on events begin select raise(abort, 'append only: events'); end; -- sqlite
-- +goose StatementEnd -- sqlite
-- +goose StatementBegin -- sqlite
create trigger attempts_no_update before update on attempts begin select raise(abort, 'append only: attempts'); end; -- sqlite
-- +goose StatementEnd -- sqlite
-- +goose StatementBegin -- sqlite
create trigger attempts_no_delete before delete on attempts begin select raise(abort, 'append only: attempts'); end; -- sqlite
-- +goose StatementEnd -- sqlite
