-- Who is what, the packs in force, and the calendar.

-- +goose Up

-- A random stamp for each thing that is kept in memory, set anew on every change.
create table stamps (
	name  text primary key,
	stamp text not null
);

create table units (
	id       text collate "binary" primary key,
	name_zh  text not null,
	name_en  text not null,
	kind     text not null,
	private  boolean not null,
	superior text collate "binary",
	from_day text,
	to_day   text
);

create table posts (
	id       text collate "binary" primary key,
	unit_id  text collate "binary" not null references units (id),
	class    text not null,
	title_zh text not null,
	title_en text not null
);
create index posts_unit on posts (unit_id);

create table persons (
	id   text collate "binary" primary key,
	name text not null
);

create table tenures (
	id        text collate "binary" primary key,
	person_id text collate "binary" not null references persons (id),
	post_id   text collate "binary" not null references posts (id),
	from_day  text,
	to_day    text,
	acting    boolean not null
);
create index tenures_person on tenures (person_id);
create index tenures_post on tenures (post_id);

-- What administrators did to the registry, the packs and the accounts.
create table changes (
	id      text collate "binary" primary key,
	at      bigint not null,
	account text not null,
	what    text not null,
	subject text not null,
	detail  text
);

-- A version of a pack: its files, named by their hash, never changed.
create table packs (
	hash         text collate "binary" primary key,
	code         text collate "binary" not null,
	files        text not null,
	from_day     text not null,
	installed_at bigint not null,
	installed_by text not null
);
create index packs_code on packs (code, from_day);

-- What a regulation leaves to the jurisdiction. The last one set counts.
create table locals (
	id     text collate "binary" primary key,
	pack   text collate "binary" not null,
	name   text collate "binary" not null,
	value  text not null,
	set_at bigint not null,
	set_on text,
	set_by text not null,
	paper  text not null
);
create index locals_name on locals (pack, name, set_at, id);

-- Notices of holidays and working days, as they were installed.
create table notices (
	name         text collate "binary" primary key,
	text         text not null,
	installed_at bigint not null,
	installed_by text not null
);
