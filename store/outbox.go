// SPDX-License-Identifier: Apache-2.0

package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"quanze/core/fault"
)

// JobID is a job's identity, chosen by who puts it in: a second job of that ID
// is not put in.
type JobID string

// JobState is where a job stands.
type JobState string

// The states of a job. A ready one may be leased at the moment.
const (
	JobReady  JobState = "ready"
	JobDone   JobState = "done"
	JobFailed JobState = "failed"
)

// Job is something to be done outside the database: a paper, a message, a
// publication. It is never a legal term. It may be run more than once (whoever
// runs it may fall before he says so), so what it does must bear that.
type Job struct {
	ID   JobID
	Kind string
	// Payload is JSON.
	Payload string
	// RunAt is when it may run first; none means at once.
	RunAt     time.Time
	State     JobState
	Tries     int
	CreatedAt time.Time
	EndedAt   time.Time
	Error     string
	// lease is the token of whoever runs it now.
	lease string
}

// Enqueue puts a job in with all else the transaction writes. It reports
// whether it was new. State, Tries and the instants are the store's.
func (tx *Tx) Enqueue(ctx context.Context, j Job) (fresh bool, err error) {
	if j.ID == "" {
		return false, errors.New("store: a job needs an ID, to be put in once")
	}
	if j.RunAt.IsZero() {
		j.RunAt = tx.At
	}
	n, err := tx.session.exec(ctx, `insert into jobs (id, kind, payload, state, tries, run_at, created_at)
		values ($1, $2, $3, 'ready', 0, $4, $5) on conflict (id) do nothing`,
		string(j.ID), j.Kind, j.Payload, micros(j.RunAt), micros(tx.At))
	if err != nil {
		return false, fmt.Errorf("putting in a job %s: %w", j.ID, err)
	}
	return n > 0, nil
}

const jobColumns = `id, kind, payload, state, tries, run_at, leased, created_at, ended_at, error`

func scanJob(rows *sql.Rows, j *Job) error {
	return rows.Scan(&j.ID, &j.Kind, &j.Payload, &j.State, &j.Tries, toTime{&j.RunAt}, toText[string]{&j.lease},
		toTime{&j.CreatedAt}, toTime{&j.EndedAt}, toText[string]{&j.Error})
}

// ClaimJobs leases up to limit jobs of these kinds that may run at tx.At: those
// that could run first, in the order they were put in. Who does not end a job within the lease loses it to the next
// who claims; Tries has counted this run already.
func (tx *Tx) ClaimJobs(ctx context.Context, lease time.Duration, limit int, kinds ...string) ([]Job, error) {
	w := new(where)
	w.args = []any{micros(tx.At.Add(lease)), NewID(tx.At), micros(tx.At)}
	in(w, "kind", kinds)
	all, err := list(ctx, tx.session, scanJob, `update jobs set run_at = $1, leased = $2, tries = tries + 1
		where id in (select id from jobs`+w.text()+` and state = 'ready' and run_at <= $3
			order by run_at, id limit `+strconv.Itoa(max(1, limit))+tx.dialect.skipLocked+`)
		returning `+jobColumns, w.args...)
	if err != nil {
		return nil, fmt.Errorf("claiming jobs: %w", err)
	}
	slices.SortFunc(all, func(a, b Job) int { // returning knows no order
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	return all, nil
}

// CompleteJob ends a job that this claim still holds; else it is a Stale fault.
func (tx *Tx) CompleteJob(ctx context.Context, j Job) error {
	return tx.endRun(ctx, j, `state = 'done', ended_at = $3, error = null`, micros(tx.At))
}

// FailJob notes why a run failed. With retry it may run again after that long;
// without, it has failed for good and waits for a person.
func (tx *Tx) FailJob(ctx context.Context, j Job, cause string, retry time.Duration) error {
	if retry > 0 {
		return tx.endRun(ctx, j, `run_at = $3, error = $4`, micros(tx.At.Add(retry)), cause)
	}
	return tx.endRun(ctx, j, `state = 'failed', ended_at = $3, error = $4`, micros(tx.At), cause)
}

func (tx *Tx) endRun(ctx context.Context, j Job, set string, args ...any) error {
	n, err := tx.session.exec(ctx, `update jobs set leased = null, `+set+` where id = $1 and leased = $2 and state = 'ready'`,
		append([]any{string(j.ID), j.lease}, args...)...)
	if err != nil {
		return fmt.Errorf("ending a run of job %s: %w", j.ID, err)
	}
	if n == 0 {
		return fault.New(fault.Stale, "store.job.stale", "job", string(j.ID))
	}
	return nil
}

// RetryJob lets a job that has failed for good run again, now.
func (tx *Tx) RetryJob(ctx context.Context, id JobID) error {
	n, err := tx.session.exec(ctx, `update jobs set state = 'ready', run_at = $2, ended_at = null, tries = 0
		where id = $1 and state = 'failed'`, string(id), micros(tx.At))
	if err != nil {
		return fmt.Errorf("retrying job %s: %w", id, err)
	}
	if n == 0 {
		return fault.New(fault.Stale, "store.job.stale", "job", string(id))
	}
	return nil
}

// FailedJobs lists jobs that have failed for good, the earliest first.
func (r *Reader) FailedJobs(ctx context.Context, limit int) ([]Job, error) {
	all, err := list(ctx, r.session, scanJob, `select `+jobColumns+` from jobs where state = 'failed'
		order by created_at, id limit `+strconv.Itoa(max(1, limit)))
	if err != nil {
		return nil, fmt.Errorf("listing failed jobs: %w", err)
	}
	return all, nil
}

// Backlog is what waits in the outbox.
type Backlog struct {
	Ready, Failed int
	// Oldest is when the job that has waited longest could have run.
	Oldest time.Time
}

// Backlog tells what waits in the outbox.
func (r *Reader) Backlog(ctx context.Context) (Backlog, error) {
	b, _, err := one(ctx, r.session, func(rows *sql.Rows, b *Backlog) error {
		return rows.Scan(&b.Ready, &b.Failed, toTime{&b.Oldest})
	}, `select (select count(*) from jobs where state = 'ready'), (select count(*) from jobs where state = 'failed'),
		(select min(run_at) from jobs where state = 'ready')`)
	if err != nil {
		return Backlog{}, fmt.Errorf("reading the outbox: %w", err)
	}
	return b, nil
}

// ForgetJobs removes the jobs that were done before that instant.
func (tx *Tx) ForgetJobs(ctx context.Context, before time.Time) (int, error) {
	n, err := tx.session.exec(ctx, `delete from jobs where state = 'done' and ended_at < $1`, micros(before))
	if err != nil {
		return 0, fmt.Errorf("removing jobs that are done: %w", err)
	}
	return int(n), nil
}
