-- Which versions of packs have yet to take over what runs.

-- +goose Up
-- 'due' until every running matter was asked whether it moves to this version,
-- then 'done'. What was installed before this was known has moved nothing.
alter table packs add column moves text not null default 'done';
