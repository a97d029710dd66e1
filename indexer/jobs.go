package indexer

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"terrace/indexer/archive"
)

var jobSteps = []string{`CREATE TABLE jobs (
	id TEXT PRIMARY KEY, mode TEXT NOT NULL, site TEXT NOT NULL, url TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL,
	done INTEGER NOT NULL, total INTEGER NOT NULL, failed INTEGER NOT NULL, generation TEXT NOT NULL, target INTEGER NOT NULL,
	created INTEGER NOT NULL, ended INTEGER NOT NULL
) STRICT`}

// A job row is a Job and what is needed to go on with it after a restart.
type jobRow struct {
	Job
	generation string // being built, of a rebuild of everything
	target     int64  // change that the live generation has to reach, of all others
	takenUp    bool   // begun by an earlier Run, maybe with another dictionary

	ctx    context.Context // ends with the job
	cancel context.CancelCauseFunc
	ended  chan struct{}
}

const jobColumns = `id, mode, site, url, state, reason, done, total, failed, generation, target, created, ended`

func (j *jobRow) fields() []any {
	return []any{&j.ID, &j.Order.Mode, &j.Order.Site, &j.Order.URL, &j.State, &j.Reason, &j.Done, &j.Total, &j.Failed, &j.generation, &j.target}
}

func newJob(o Order) *jobRow {
	return &jobRow{Job: Job{ID: strings.ToLower(rand.Text()[:12]), Order: o, State: Running, Created: time.Now()}}
}

// save writes a job's row.
func (x *Indexer) save(ctx context.Context, j *jobRow) error {
	ended := int64(0)
	if !j.Ended.IsZero() {
		ended = j.Ended.UnixMilli()
	}
	return x.state.Update(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO jobs (`+jobColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)`,
			j.ID, j.Order.Mode, j.Order.Site, j.Order.URL, j.State, j.Reason, j.Done, j.Total, j.Failed, j.generation, j.target,
			j.Created.UnixMilli(), ended)
		return err
	})
}

func (x *Indexer) jobRows(ctx context.Context, where string, args ...any) (out []*jobRow, err error) {
	err = x.state.View(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT `+jobColumns+` FROM jobs `+where, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			j := &jobRow{}
			var created, ended int64
			if err := rows.Scan(append(j.fields(), &created, &ended)...); err != nil {
				return err
			}
			j.Created = time.UnixMilli(created)
			if ended != 0 {
				j.Ended = time.UnixMilli(ended)
			}
			out = append(out, j)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("read jobs: %w", err)
	}
	return out, nil
}

// Jobs lists the last hundred jobs, latest first.
func (x *Indexer) Jobs(ctx context.Context) ([]Job, error) {
	rows, err := x.jobRows(ctx, `ORDER BY created DESC, id LIMIT 100`)
	if err != nil {
		return nil, err
	}
	out := make([]Job, len(rows))
	for i, j := range rows {
		out[i] = x.current(j)
	}
	return out, nil
}

// Job gives a job as it stands. ErrUnknownJob where there is none of that id.
func (x *Indexer) Job(ctx context.Context, id string) (Job, error) {
	rows, err := x.jobRows(ctx, `WHERE id = ?`, id)
	if err != nil {
		return Job{}, err
	}
	if len(rows) == 0 {
		return Job{}, ErrUnknownJob
	}
	return x.current(rows[0]), nil
}

// current is the running job's newest state, or the row.
func (x *Indexer) current(j *jobRow) Job {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.job != nil && x.job.ID == j.ID {
		j = x.job
	}
	out := j.Job
	end := out.Ended
	if end.IsZero() {
		end = time.Now()
	}
	if s := end.Sub(out.Created).Seconds(); s > 0 {
		out.Rate = float64(out.Done) / s
	}
	return out
}

// Start begins a job. ErrBusy while another runs.
func (x *Indexer) Start(ctx context.Context, o Order) (Job, error) {
	if o.Mode == "" {
		o.Mode = Rebuild
	}
	if o.Mode != Rebuild && o.Mode != Recrawl {
		return Job{}, fmt.Errorf("%w：方式“%s”应为 rebuild 或 recrawl", ErrOrder, o.Mode)
	}
	if o.Site != "" {
		id, ok := x.registry.SiteNamed(o.Site)
		if !ok {
			return Job{}, fmt.Errorf("%w：没有站点“%s”", ErrOrder, o.Site)
		}
		if o.Site = id; o.Mode == Recrawl && x.registry.Closed(id) {
			return Job{}, fmt.Errorf("%w：站点“%s”已关闭（closed），不再采集", ErrOrder, id)
		}
	}
	if o.URL != "" {
		o.URL = canonical(o.URL)
		p, err := x.archive.Page(ctx, o.URL)
		switch {
		case errors.Is(err, archive.ErrUnknown):
			return Job{}, fmt.Errorf("%w：存档里没有网页“%s”", ErrOrder, o.URL)
		case err != nil:
			return Job{}, fmt.Errorf("start job: %w", err)
		case o.Mode == Recrawl && x.registry.Closed(p.Site):
			return Job{}, fmt.Errorf("%w：网页“%s”的站点已关闭（closed），不再采集", ErrOrder, o.URL)
		case o.Mode == Recrawl && x.registry.Site(p.Site) == nil:
			return Job{}, fmt.Errorf("%w：网页“%s”不属于配置中的任何站点，没有人去抓取它", ErrOrder, o.URL)
		}
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.job != nil {
		return Job{}, ErrBusy
	}
	j := newJob(o)
	if err := x.save(ctx, j); err != nil {
		return Job{}, fmt.Errorf("start job: %w", err)
	}
	x.begin(j)
	return j.Job, nil
}

// begin hands a job to Run. The caller holds the lock and there is no other job.
func (x *Indexer) begin(j *jobRow) {
	j.ctx, j.cancel = context.WithCancelCause(context.Background())
	j.ended = make(chan struct{})
	x.job = j
	x.orders <- j
}

// Cancel stops a running job; what was live stays live. A job that has ended is left as it is.
func (x *Indexer) Cancel(ctx context.Context, id string) (Job, error) {
	x.mu.Lock()
	j := x.job
	x.mu.Unlock()
	if j != nil && j.ID == id {
		j.cancel(errCancelled)
		select {
		case <-j.ended:
		case <-ctx.Done():
			return Job{}, ctx.Err()
		}
	}
	return x.Job(ctx, id)
}

var errCancelled = errors.New("cancelled by an administrator")
