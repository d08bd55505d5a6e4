// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"quanze/store"
	"quanze/store/storetest"
)

// runningMatters is how many matters of one pack run at once in the benchmark;
// each has thirty events and four terms, of which one is owed.
const runningMatters = 10_000

func BenchmarkInPlaySQLite(b *testing.B) {
	file := filepath.Join(b.TempDir(), "play.db")
	benchmarkInPlay(b, "sqlite:"+file, "sqlite", "file:"+file+"?_pragma=journal_mode(WAL)&_pragma=synchronous(OFF)")
}

func BenchmarkInPlayPostgres(b *testing.B) {
	address := storetest.Postgres(b)
	benchmarkInPlay(b, address, "pgx", address)
}

// benchmarkInPlay counts the matters in which a clause runs: as its page does.
func benchmarkInPlay(b *testing.B, address, driver, source string) {
	db := open(b, address, time.Now)
	raw, err := sql.Open(driver, source)
	if err != nil {
		b.Fatal(err)
	}
	defer raw.Close()
	for _, statement := range []string{
		`insert into matters (id, procedure, pack, pack_hash, title, opened_at, opened_on, pseudonym, version, stage, ended, owed, late, changed_at)
			with recursive n (i) as (select 1 union all select i + 1 from n where i < cast($1 as bigint))
			select 'm' || i, 'case', 'xx01', 'h', 'title', i, '2026-03-02', '', 30, '', '', 1, 0, i from n`,
		`insert into terms (matter_id, key, term, kind, party, role, bearers, due_on, provisional, expires_at, state, version)
			with recursive n (i) as (select 1 union all select i + 1 from n where i < cast($1 as bigint) * 4)
			select 'm' || (i / 4 + 1), 'k' || i, 't' || (i % 20), 'duty', '', '', '[]', '2026-09-01', false, i, case when i % 4 = 0 then 'armed' else 'met' end, 1 from n`,
		`insert into events (matter_id, seq, kind, act, recorded_at, pack_hash, body, commitment)
			with recursive n (i) as (select 0 union all select i + 1 from n where i + 1 < cast($1 as bigint) * 30)
			select 'm' || (i / 30 + 1), i % 30 + 1, case when i % 2 = 0 then 'done' else 'started' end, 'a' || (i % 30), i, 'h', '` + string(make([]byte, 0)) + `:"done","act":"somewhat like the body of an event, some four hundred bytes of it"}', '' from n`,
		`analyze`,
	} {
		args := []any{runningMatters}
		if statement == `analyze` {
			args = nil
		}
		if _, err := raw.ExecContext(b.Context(), statement, args...); err != nil {
			b.Fatal(err)
		}
	}
	for name, play := range map[string]store.InPlay{
		"term": {Terms: []string{"t4"}}, "act": {Acts: []string{"a28"}}, "never done": {Acts: []string{"none"}}, "whole": {Whole: true},
		"both": {Terms: []string{"t4", "t8"}, Acts: []string{"a28", "a1"}},
	} {
		play.PackHash, play.Procedure = "h", "case"
		b.Run(name, func(b *testing.B) {
			n := 0
			for b.Loop() {
				var err error
				if n, err = db.Reader().CountMatters(b.Context(), store.MatterFilter{InPlay: []store.InPlay{play}}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(n), "matters")
		})
	}
}
