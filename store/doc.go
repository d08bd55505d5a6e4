// SPDX-License-Identifier: Apache-2.0

// Package store keeps what the office records, in SQLite or in PostgreSQL, by
// one SQL text. It holds rows and hands them back as values of core; it decides
// nothing, and no rule and no permission is written here. Truth are the events
// of each matter, the refused attempts, the registry and the packs; matters'
// summaries, terms and owed lists are projections that can be built again.
//
// One file per family of tables; dialect.go holds every difference between the
// engines; docs/store.md tells the tables. Start at Open, then DB.Write for all
// that changes and DB.Reader for all that looks.
package store
