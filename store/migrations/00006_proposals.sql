-- Versions of packs that were proposed.

-- +goose Up
-- A version of a pack that somebody proposed. Another person approves or
-- refuses it; what the checker said and which running matters it touches stands
-- with it as it was shown.
create table pack_proposals (
	id          text collate "binary" primary key,
	code        text collate "binary" not null,
	hash        text collate "binary" not null,
	files       text not null,
	from_day    text not null,
	reason      text not null,
	report      text not null,
	proposed_at bigint not null,
	proposed_by text not null,
	state       text not null,
	settled_at  bigint,
	settled_by  text not null,
	settled_why text not null
);
create index pack_proposals_code on pack_proposals (code, proposed_at);
-- One version is proposed once at a time.
create unique index pack_proposals_open on pack_proposals (hash) where state = 'open';
