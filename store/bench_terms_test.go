// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"quanze/store"
	"quanze/store/storetest"
)

// armedTerms and dueTerms are the sizes that the aims are stated for.
const (
	armedTerms = 1_000_000
	dueTerms   = 5_000
	perRound   = 200
)

// fillTerms makes a million armed terms, each of a matter of its own, of which
// none is due at now. It writes them past the store: that is not what is measured.
func fillTerms(b *testing.B, driver, source string, now time.Time) {
	b.Helper()
	db, err := sql.Open(driver, source)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	for _, statement := range []string{
		`insert into terms (matter_id, key, term, kind, party, role, bearers, due_on, provisional, expires_at, state, version)
			with recursive n (i) as (select 1 union all select i + 1 from n where i < cast($1 as bigint))
			select 'm' || i, 'k', 'handle', 'duty', '', 'handler', '[{"unit":"u' || (i % 100) || '"}]', '2026-09-01', false,
				cast($2 as bigint) + 1000000 * cast(i as bigint), 'armed', 1 from n`,
		`insert into owed (bearer, due_on, matter_id, key)
			with recursive n (i) as (select 1 union all select i + 1 from n where i < cast($1 as bigint))
			select 'u:u' || (i % 100), '2026-09-01', 'm' || i, 'k' from n where cast($2 as bigint) > 0`,
	} {
		if _, err := db.ExecContext(b.Context(), statement, armedTerms, now.UnixMicro()); err != nil {
			b.Fatal(err)
		}
	}
	if _, err := db.ExecContext(b.Context(), `analyze terms`); err != nil {
		b.Fatal(err)
	}
}

func BenchmarkTermsSQLite(b *testing.B) {
	file := filepath.Join(b.TempDir(), "terms.db")
	benchmarkTerms(b, "sqlite:"+file, "sqlite", "file:"+file+"?_pragma=journal_mode(WAL)&_pragma=synchronous(OFF)")
}

func BenchmarkTermsPostgres(b *testing.B) {
	address := storetest.Postgres(b)
	benchmarkTerms(b, address, "pgx", address)
}

func benchmarkTerms(b *testing.B, address, driver, source string) {
	now := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	db := open(b, address, func() time.Time { return now })
	fillTerms(b, driver, source, now)
	poll := func(b *testing.B) {
		for b.Loop() {
			due, err := db.Reader().DueTerms(b.Context(), now, perRound)
			if err != nil || len(due) != 0 {
				b.Fatalf("%d due: %v", len(due), err)
			}
		}
	}
	b.Run("empty poll", poll)
	b.Run("fire", func(b *testing.B) {
		fired, begun := 0, cpu()
		for b.Loop() {
			now = now.Add(dueTerms * time.Second) // each second one more is due
			fired += fireAll(b, db)
		}
		b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(fired), "µs/term")
		b.ReportMetric(float64((cpu()-begun).Microseconds())/float64(fired), "cpu-µs/term")
		if fired != b.N*dueTerms {
			b.Fatalf("%d fired in %d rounds of %d", fired, b.N, dueTerms)
		}
	})
	b.Run("empty poll after", poll)
}

// fireAll fires all that is due, a round of them in each transaction.
func fireAll(b *testing.B, db *store.DB) (fired int) {
	b.Helper()
	for {
		round := 0
		err := db.Write(b.Context(), func(ctx context.Context, tx *store.Tx) error {
			due, err := tx.DueTerms(ctx, perRound)
			if err != nil {
				return err
			}
			for i := range due {
				due[i].State = store.Late
			}
			done, err := tx.FireTerms(ctx, "lapse", due)
			round = len(done)
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
		if fired += round; round == 0 {
			return fired
		}
	}
}
