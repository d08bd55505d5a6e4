-- Who may sign in, who has, and what they have begun to write.

-- +goose Up

create table accounts (
	id         text collate "binary" primary key,
	login      text collate "binary" not null unique,
	secret     text not null, -- argon2id; empty: cannot sign in by password
	person_id  text collate "binary",
	roles      text not null,
	locale     text not null,
	disabled   boolean not null,
	created_at bigint not null,
	changed_at bigint not null
);
create index accounts_person on accounts (person_id);

-- Only the hash of a session's token is kept, so that this table opens no door.
create table sessions (
	token_hash bytea primary key,
	data       bytea not null,
	expires_at bigint not null
);
create index sessions_expiry on sessions (expires_at);

-- Failed sign-ins, counted by whatever the office counts by.
create table throttles (
	key         text collate "binary" primary key,
	failures    bigint not null,
	first_at    bigint not null,
	last_at     bigint not null
);

create table drafts (
	account_id text collate "binary" not null,
	matter_id  text collate "binary" not null, -- empty: a matter not begun
	act        text collate "binary" not null,
	party      text collate "binary" not null,
	body       text not null,
	saved_at   bigint not null,
	primary key (account_id, matter_id, act, party)
);
