package indexer

import (
	"context"
	"fmt"
	"time"

	"terrace/index"
	"terrace/indexer/archive"
)

// maxLoss is the share of the live generation's documents that a rebuild may lose before it is refused.
const maxLoss = .1

// rebuildAll makes a new generation from the archive beside the live one and swaps them. Searches and live indexing go on meanwhile.
func (x *Indexer) rebuildAll(ctx context.Context, j *jobRow) error {
	g, err := x.building(ctx, j)
	if err != nil {
		return err
	}
	if err := x.count(ctx, j, g.Name()); err != nil {
		return err
	}
	step := func(s synced) error {
		return x.note(ctx, j, func() { j.Done, j.Failed, j.Total = j.Done+s.pages, j.Failed+s.failed, max(j.Total, j.Done+s.pages) })
	}
	if err := x.sync(ctx, g, step); err != nil {
		return err
	}
	if err := x.check(ctx, g.Name()); err != nil {
		return err
	}
	if err := x.promote(ctx, g.Name()); err != nil {
		return err
	}
	return x.forgetCursors(ctx)
}

// building opens the generation that the job has begun, or begins one.
func (x *Indexer) building(ctx context.Context, j *jobRow) (index.Generation, error) {
	if j.generation != "" {
		if g, err := x.ix.Open(ctx, j.generation); err == nil {
			return g, nil
		}
	}
	x.mu.Lock()
	made := *x.made.Load()
	x.recut = false // what is cut from now on is cut with the dictionary of now
	x.mu.Unlock()
	g, err := x.ix.Create(ctx, made)
	if err != nil {
		return nil, err
	}
	if err := x.archive.SetCursor(ctx, g.Name(), 0); err != nil {
		return nil, err
	}
	return g, x.note(ctx, j, func() { j.generation, j.Done, j.Failed = g.Name(), 0, 0 })
}

func (x *Indexer) count(ctx context.Context, j *jobRow, generation string) error {
	cursor, err := x.archive.Cursor(ctx, generation)
	if err != nil {
		return err
	}
	left, err := x.archive.CountChanges(ctx, cursor)
	if err != nil {
		return err
	}
	return x.note(ctx, j, func() { j.Total = j.Done + left })
}

// check refuses a generation that lost more of the live one's documents than maxLoss. Those of a site that has left the configuration are
// meant to go.
func (x *Indexer) check(ctx context.Context, name string) error {
	infos, err := x.ix.Generations(ctx)
	if err != nil {
		return err
	}
	var old, fresh index.Info
	for _, i := range infos {
		if i.Live {
			old = i
		}
		if i.Name == name {
			fresh = i
		}
	}
	was, is := 0, fresh.Documents
	for id, s := range old.Sites {
		if _, kept := fresh.Sites[id]; kept || id == "" || x.registry.Site(id) != nil {
			was += s.Documents
		}
	}
	if float64(is) < float64(was)*(1-maxLoss) {
		return fmt.Errorf("新索引只有 %d 篇，现用索引有 %d 篇，少了 %.0f%%，超过 %.0f%%，没有切换；请先查明原因（terrace inspect 可看单个网页）",
			is, was, 100*float64(was-is)/float64(was), 100*maxLoss)
	}
	return nil
}

// forgetCursors drops what is known of generations that are no more. That of a generation kept for rollback stays.
func (x *Indexer) forgetCursors(ctx context.Context) error {
	infos, err := x.ix.Generations(ctx)
	if err != nil {
		return err
	}
	known, err := x.archive.Cursors(ctx)
	if err != nil {
		return err
	}
	kept := map[string]bool{}
	for _, i := range infos {
		kept[i.Name] = true
	}
	for _, name := range known {
		if !kept[name] {
			if err := x.forget(ctx, name); err != nil {
				return err
			}
		}
	}
	return nil
}

// rebuildPart gives pages new numbers, so that sync of the live generation does them again, and waits until it has.
func (x *Indexer) rebuildPart(ctx context.Context, j *jobRow, scope archive.Scope) error {
	if j.target == 0 {
		n, err := x.archive.Resequence(ctx, scope)
		if err != nil {
			return err
		}
		if err := x.aim(ctx, j, n); err != nil {
			return err
		}
	}
	return x.followed(ctx, j, func(left int) { j.Done = max(j.Done, j.Total-left) })
}

// recrawl makes pages due now and waits until the crawler has been at all of them and the index has followed.
func (x *Indexer) recrawl(ctx context.Context, j *jobRow, scope archive.Scope) error {
	if j.target == 0 {
		if err := x.want(ctx, scope); err != nil {
			return err
		}
		n := 0
		for _, s := range x.parts(scope) {
			some, err := x.archive.Recrawl(ctx, s, j.Created)
			if err != nil {
				return err
			}
			n += some
		}
		if err := x.aim(ctx, j, n); err != nil {
			return err
		}
	}
	err := x.every(ctx, func() (bool, error) {
		left, err := x.due(ctx, scope, j.Created)
		if err != nil {
			return false, err
		}
		return left == 0, x.note(ctx, j, func() { j.Done, j.Total = max(j.Done, j.Total-left), max(j.Total, j.Done+left) })
	})
	if err != nil {
		return err
	}
	if err := x.aim(ctx, j, j.Total); err != nil {
		return err
	}
	return x.followed(ctx, j, func(int) {})
}

// parts are the scopes of the sites that are crawled: pages of a site that is closed or configured no more are visited by nobody.
func (x *Indexer) parts(scope archive.Scope) (out []archive.Scope) {
	if scope != (archive.Scope{}) {
		return []archive.Scope{scope}
	}
	for _, s := range x.registry.Cluster().Sites {
		if !s.Closed {
			out = append(out, archive.Scope{Site: s.ID})
		}
	}
	return out
}

// aim sets the change that the live generation has to reach to the newest one.
func (x *Indexer) aim(ctx context.Context, j *jobRow, total int) error {
	last, err := x.archive.LastChange(ctx)
	if err != nil {
		return err
	}
	defer x.Wake()
	return x.note(ctx, j, func() { j.Total, j.target = total, max(last, 1) })
}

// followed waits until sync of the live generation has reached the job's target. changes tells, under the lock, how many it still lacks.
func (x *Indexer) followed(ctx context.Context, j *jobRow, changes func(left int)) error {
	return x.every(ctx, func() (bool, error) {
		g, err := x.live(ctx)
		if err != nil {
			return false, err
		}
		cursor, err := x.archive.Cursor(ctx, g.Name())
		if err != nil {
			return false, err
		}
		behind, err := x.archive.CountChanges(ctx, cursor)
		if err != nil {
			return false, err
		}
		later, err := x.archive.CountChanges(ctx, j.target)
		if err != nil {
			return false, err
		}
		left := max(0, behind-later)
		return left == 0, x.note(ctx, j, func() { changes(left) })
	})
}

// due counts the pages in scope that have not been visited since they were made due.
func (x *Indexer) due(ctx context.Context, scope archive.Scope, since time.Time) (int, error) {
	if scope.URL != "" {
		p, err := x.archive.Page(ctx, scope.URL)
		if err != nil || p.NextAt.IsZero() || p.NextAt.After(since) {
			return 0, err
		}
		return 1, nil
	}
	tallies, err := x.archive.Tallies(ctx, since)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, t := range tallies {
		if x.registry.Site(t.Site) != nil && !x.registry.Closed(t.Site) && (scope.Site == "" || scope.Site == t.Site) {
			n += t.Due
		}
	}
	return n, nil
}

// every asks until the answer is yes. With a million pages an answer takes long; asking takes a twentieth of the time at most.
func (x *Indexer) every(ctx context.Context, done func() (bool, error)) error {
	for {
		began := time.Now()
		ok, err := done()
		if ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(max(look/2, 20*time.Since(began))):
		}
	}
}
