package relate

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"sync"
)

// Update notes pages and forgets others, in one transaction, and gives, in order, the ids of all pages whose document may be another now: those put and gone and all
// that hang together with them. It gives them again until Done, so that a crash loses none. A page that is both put and gone is put.
func (s *Store) Update(ctx context.Context, generation string, put []Page, gone []string) (affected []string, err error) {
	pages := readAll(generation, put)
	err = s.db.Update(ctx, func(sqlTx *sql.Tx) error {
		u := &updater{tx: tx{ctx: ctx, Tx: sqlTx}, ids: map[string]bool{}, pages: map[int64]bool{}}
		var err error
		if u.gen, err = u.generation(generation); err != nil {
			return err
		}
		if err := u.update(pages, gone); err != nil {
			return err
		}
		affected, err = u.pend()
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("relations of %s: %w", generation, err)
	}
	return affected, nil
}

// readAll takes pages apart, several at a time. Of two pages of one id the last counts.
func readAll(generation string, put []Page) []*readPage {
	out := make([]*readPage, len(put))
	next := make(chan int)
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := range next {
				out[i] = read(generation, put[i])
			}
		})
	}
	for i := range put {
		next <- i
	}
	close(next)
	wg.Wait()
	last := map[string]int{}
	for i, p := range out {
		last[p.id] = i
	}
	i := -1
	return slices.DeleteFunc(out, func(p *readPage) bool { i++; return last[p.id] != i })
}

// An updater gathers what one Update touches.
type updater struct {
	tx
	ids     map[string]bool
	pages   map[int64]bool // whose document may be another
	classes []int64
}

func (t *tx) generation(name string) (int64, error) {
	n, err := t.number(`SELECT n FROM generation WHERE name = ?`, name)
	if err != nil || n != 0 {
		return n, err
	}
	return t.number(`INSERT INTO generation (name) VALUES (?) RETURNING n`, name)
}

func (u *updater) update(pages []*readPage, gone []string) error {
	for _, id := range gone {
		u.ids[id] = true
	}
	for _, p := range pages {
		u.ids[p.id] = true
	}
	numbers, err := u.forget()
	if err != nil {
		return err
	}
	for _, p := range pages {
		p.n = numbers[p.id]
		if err := u.add(p); err != nil {
			return err
		}
	}
	for _, p := range pages {
		if err := u.reach(&p.row); err != nil {
			return err
		}
	}
	return u.regroup()
}

// forget takes away what is known of the pages, and gives the numbers they have.
func (u *updater) forget() (numbers map[string]int64, err error) {
	var old []*row
	for _, id := range slices.Sorted(maps.Keys(u.ids)) {
		p, err := u.page(`generation = ? AND id = ?`, u.gen, id)
		if err != nil {
			return nil, err
		}
		if p != nil {
			old = append(old, p)
		}
	}
	numbers = map[string]int64{}
	for _, p := range old {
		numbers[p.id] = p.n
		if err := u.reach(p); err != nil {
			return nil, err
		}
	}
	for _, p := range old {
		if err := u.remove(p); err != nil {
			return nil, err
		}
		u.touch(p.class)
	}
	return numbers, nil
}

func (u *updater) touch(class int64) {
	if class != 0 {
		u.classes = append(u.classes, class)
	}
}

func (u *updater) add(p *readPage) (err error) {
	if p.of != nil {
		if p.class, err = u.join(p.of); err != nil {
			return err
		}
		u.touch(p.class)
	}
	return u.put(&p.row)
}

// regroup settles the classes that were touched. The document of each of them is another now; where a document moves from one page to another, so do its links.
func (u *updater) regroup() error {
	changed, err := u.settle(u.classes)
	if err != nil {
		return err
	}
	for _, c := range changed {
		for _, n := range []int64{c.before, c.after} {
			u.pages[n] = true
		}
		members, err := u.tx.pages(`class = ? AND class > 0 AND (length(names) > 0 OR length(cites) > 0) ORDER BY id LIMIT ?`, c.class, MaxCopies)
		if err != nil {
			return err
		}
		for _, m := range members {
			if err := u.reach(m); err != nil {
				return err
			}
		}
	}
	for _, n := range u.classes {
		doc, err := u.number(`SELECT doc FROM class WHERE n = ?`, n)
		if err != nil {
			return err
		}
		u.pages[doc] = true
	}
	return nil
}

// reach notes the pages that a page's links lead to and come from.
func (u *updater) reach(p *row) error {
	targets, err := u.loose(p.cites)
	if err != nil {
		return err
	}
	for _, n := range targets {
		u.pages[n] = true
	}
	for _, k := range p.names {
		citing, err := u.tx.pages(`n IN (SELECT page FROM cite WHERE key = ? ORDER BY page LIMIT ?)`, k, maxCiting)
		if err != nil {
			return err
		}
		for _, c := range citing {
			u.pages[c.n] = true
			// With the page others may lose, or get, what this one is cited by.
			others, err := u.loose(sharing(c.cites, k))
			if err != nil {
				return err
			}
			for _, n := range others {
				u.pages[n] = true
			}
		}
	}
	return nil
}

// sharing are the citations that may change their target with a key. An interpretation's all may.
func sharing(cs []citation, key int64) (out []citation) {
	for _, c := range cs {
		if c.act == explaining || slices.Contains(c.keys(), key) {
			out = append(out, c)
		}
	}
	return out
}

// loose are all pages that citations may mean.
func (u *updater) loose(cs []citation) (out []int64, err error) {
	for _, c := range cs {
		for _, k := range c.keys() {
			ns, err := u.numbers(`SELECT page FROM name WHERE key = ? ORDER BY page LIMIT ?`, k, maxNamesakes+1)
			if err != nil {
				return nil, err
			}
			out = append(out, ns...)
		}
	}
	return out, nil
}

// pend notes the ids of what was gathered, with their originals, and gives all that are pending.
func (u *updater) pend() (out []string, err error) {
	for n := range u.pages {
		err := u.each(func(r *sql.Rows) error {
			var id, original string
			err := r.Scan(&id, &original)
			u.ids[id] = true
			if original != "" {
				u.ids[original] = true
			}
			return err
		}, `SELECT p.id, coalesce(o.id, '') FROM page p LEFT JOIN class c ON c.n = p.class AND p.class > 0 LEFT JOIN page o ON o.n = c.doc WHERE p.n = ?`, n)
		if err != nil {
			return nil, err
		}
	}
	for id := range u.ids {
		if err := u.exec(`INSERT OR IGNORE INTO pending VALUES (?, ?)`, u.gen, id); err != nil {
			return nil, err
		}
	}
	err = u.each(scanTexts(&out), `SELECT id FROM pending WHERE generation = ? ORDER BY id`, u.gen)
	return out, err
}
