// SPDX-License-Identifier: Apache-2.0

// Package storetest proves that an engine keeps what package store promises:
// one suite, run on SQLite and on PostgreSQL alike, so that the two stay one
// program. It knows no engine by name and looks only through store's own
// methods. It is a test aid and no part of the shipped program. Start at
// Exercise; Postgres runs a real server for it.
package storetest
