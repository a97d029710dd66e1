package relate

import (
	"cmp"
	"slices"
	"strings"

	"terrace/index"
)

const (
	maxBucket    = 64  // classes looked at that share a band
	maxComponent = 128 // classes that are settled together
	maxNames     = 256 // distinct owners, or sources, of a class that are looked at
)

// settle decides anew under which page the pages of classes are folded. It reports the classes whose answer changed, with the page they were under before.
func (t *tx) settle(touched []int64) (changed []change, err error) {
	touched, changed, err = t.dissolve(touched)
	if err != nil {
		return nil, err
	}
	done := map[int64]bool{}
	for len(touched) > 0 {
		n := touched[0]
		touched = touched[1:]
		if done[n] {
			continue
		}
		start, err := t.classes(`n = ?`, n)
		if err != nil {
			return nil, err
		}
		if len(start) == 0 {
			continue
		}
		was := len(changed)
		if changed, err = t.settleFrom(start[0], done, changed); err != nil {
			return nil, err
		}
		for _, c := range changed[was:] {
			left, err := t.numbers(leftUnder, c.before)
			if err != nil {
				return nil, err
			}
			touched = append(touched, left...)
		}
	}
	return changed, nil
}

// leftUnder are the classes under a page that is the original of none any more: more hung together than are settled at once.
const leftUnder = `SELECT n FROM class WHERE doc = ?1 AND NOT EXISTS (SELECT 1 FROM page JOIN class AS own ON own.n = page.class WHERE page.n = ?1 AND own.doc = ?1)`

// dissolve removes those of the classes that have no pages, before any is settled. What hung together by one may be in parts then, so each of its neighbours
// is to be settled too.
func (t *tx) dissolve(touched []int64) (left []int64, changed []change, err error) {
	for _, n := range touched {
		c, err := t.classes(`n = ?`, n)
		if err != nil {
			return nil, nil, err
		}
		if len(c) == 0 {
			continue
		}
		pages, err := t.number(`SELECT n FROM page WHERE class = ? AND class > 0 LIMIT 1`, n)
		if err != nil {
			return nil, nil, err
		}
		if pages != 0 {
			left = append(left, n)
			continue
		}
		near, err := t.neighbours(c[0])
		if err != nil {
			return nil, nil, err
		}
		if err := t.removeClass(c[0]); err != nil {
			return nil, nil, err
		}
		changed = append(changed, change{n, c[0].doc, 0})
		for _, o := range near {
			left = append(left, o.n)
		}
	}
	return left, changed, nil
}

// A change is a class whose pages are folded under another page than before.
type change struct{ class, before, after int64 }

// neighbours are the classes similar to one.
func (t *tx) neighbours(c *class) (out []*class, err error) {
	seen := map[int64]bool{c.n: true}
	for _, b := range c.bands {
		ns, err := t.numbers(`SELECT class FROM band WHERE key = ? ORDER BY class LIMIT ?`, b, maxBucket)
		if err != nil {
			return nil, err
		}
		for _, n := range ns {
			if seen[n] {
				continue
			}
			seen[n] = true
			o, err := t.classes(`n = ?`, n)
			if err != nil {
				return nil, err
			}
			if len(o) > 0 && c.similar(o[0]) {
				out = append(out, o[0])
			}
		}
	}
	return out, nil
}

// settleFrom settles all that hangs together with a class: the best original first, with what is similar to it, then the best of the rest.
func (t *tx) settleFrom(start *class, done map[int64]bool, changed []change) ([]change, error) {
	all := []*class{start}
	near := map[int64][]*class{}
	done[start.n] = true
	for i := 0; i < len(all); i++ {
		ns, err := t.neighbours(all[i])
		if err != nil {
			return nil, err
		}
		near[all[i].n] = ns
		for _, c := range ns {
			if !done[c.n] && len(all) < maxComponent {
				done[c.n] = true
				all = append(all, c)
			}
		}
	}
	heads, err := t.heads(all)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(heads, compareHeads)
	under := map[int64]int64{}
	for _, h := range heads {
		if under[h.class] != 0 {
			continue
		}
		under[h.class] = h.n
		for _, c := range near[h.class] {
			if under[c.n] == 0 {
				under[c.n] = h.n
			}
		}
	}
	for _, c := range all {
		if doc := under[c.n]; doc != 0 && doc != c.doc {
			if err := t.exec(`UPDATE class SET doc = ? WHERE n = ?`, doc, c.n); err != nil {
				return nil, err
			}
			changed = append(changed, change{c.n, c.doc, doc})
		}
	}
	return changed, nil
}

// A head is the best original of a class.
type head struct {
	n, class int64
	named    bool // another page, or itself, names its site or department as the source
	date     index.Date
	level    int
	url, id  string
}

func compareHeads(a, b head) int {
	if a.named != b.named {
		if a.named {
			return -1
		}
		return 1
	}
	return cmp.Or(cmp.Compare(dated(a.date), dated(b.date)), cmp.Compare(a.level, b.level), cmp.Compare(a.url, b.url), cmp.Compare(a.id, b.id))
}

// undated stands after every date.
const undated index.Date = 1 << 30

func dated(d index.Date) index.Date {
	if d == 0 {
		return undated
	}
	return d
}

func (t *tx) heads(all []*class) (out []head, err error) {
	var said []string
	owners := make([][]string, len(all))
	for i, c := range all {
		s, err := t.distinct("said", c.n)
		if err != nil {
			return nil, err
		}
		said = append(said, s...)
		if owners[i], err = t.distinct("owner", c.n); err != nil {
			return nil, err
		}
	}
	for i, c := range all {
		var best []head
		for _, owner := range owners[i] {
			h, err := t.first(c.n, owner)
			if err != nil {
				return nil, err
			}
			h.named = slices.ContainsFunc(said, func(s string) bool { return names(s, owner) })
			best = append(best, h)
		}
		if len(best) > 0 {
			out = append(out, slices.MinFunc(best, compareHeads))
		}
	}
	return out, nil
}

// names reports that a source names one of an owner's names: 来源：红河州财政局.
func names(said, owner string) bool {
	for name := range strings.SplitSeq(owner, ownerSign) {
		if name != "" && strings.Contains(said, name) {
			return true
		}
	}
	return false
}

// ownerSign parts the names of an owner.
const ownerSign = "|"

// distinct are the values that a class's pages have in a column of page that is indexed after class, in order.
func (t *tx) distinct(column string, class int64) (out []string, err error) {
	last, q := "", `SELECT `+column+` FROM page WHERE class = ? AND class > 0 AND `+column+` >= ? ORDER BY `+column+` LIMIT 1`
	for len(out) < maxNames {
		var found []string
		err := t.each(scanTexts(&found), q, class, last)
		if err != nil || len(found) == 0 {
			return out, err
		}
		out, last = append(out, found[0]), found[0]+"\x00"
	}
	return out, nil
}

// first is the best original of a class among the pages of one owner.
func (t *tx) first(class int64, owner string) (head, error) {
	p, err := t.page(`class = ? AND class > 0 AND owner = ? ORDER BY date, level, url, id LIMIT 1`, class, owner)
	if err != nil || p == nil {
		return head{}, err
	}
	return head{n: p.n, class: class, date: p.copy.Date, level: p.level, url: p.copy.URL, id: p.id}, nil
}
