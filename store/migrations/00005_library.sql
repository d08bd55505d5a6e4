-- The regulation library and its index. A line that ends in the name of an
-- engine is for that engine alone.

-- +goose Up

create table documents (
	id          text collate "binary" primary key,
	title       text not null,
	number      text not null,
	issuer      text not null,
	issued_on   text,
	status      text not null,
	tree        text not null,
	defects     text not null,
	extra       text,
	source      bytea not null,
	source_name text not null,
	source_hash text collate "binary" not null,
	imported_at bigint not null,
	imported_by text not null
);

-- Words as printed and the words meant, once a person has settled it.
create table substitutions (
	printed    text collate "binary" primary key,
	meant      text not null,
	settled_at bigint not null,
	settled_by text not null,
	reason     text not null
);

-- The last number that was given away, by name.
create table counters (
	name text primary key,
	n    bigint not null
);

-- The places of a document that can be cited, in order.
create table anchors (
	id          bigint primary key,
	document_id text collate "binary" not null references documents (id),
	anchor      text collate "binary" not null,
	heading     text not null,
	text        text not null
);
create index anchors_document on anchors (document_id, anchor);

-- The words of each anchor, split by this program; see bigram.go.
create virtual table anchor_words using fts5 (words, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 0"); -- sqlite
create table anchor_words (anchor_id bigint primary key references anchors (id), words tsvector not null); -- postgres
create index anchor_words_words on anchor_words using gin (words); -- postgres
