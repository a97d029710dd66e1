package withdraw

import (
	"context"
	"database/sql"
	"fmt"
	"hash/fnv"
	"net/url"
	"regexp"
	"unicode/utf8"

	"terrace/moves"
	"terrace/segment"
)

// A set is the entries in force as they are asked. It never changes.
type set struct {
	ids       map[string]*Entry
	urls      map[string]*Entry // by all Spellings
	patterns  []pattern
	places    map[string]bool           // URLs of pages on the list, whoever else may be at them
	titles    map[int64]map[uint64]bool // hashes of the keys of their titles, by the keys' length in characters
	unsettled int
	purging   bool
}

type pattern struct {
	re    *regexp.Regexp
	entry *Entry
}

func (s *set) empty() bool { return len(s.ids)+len(s.urls)+len(s.patterns) == 0 }

// load takes the list of the database into memory, whether the caller stays or not: what is written is in force. The caller holds adding, or nobody uses the list yet.
func (l *List) load(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	entries, err := l.entries(ctx, `WHERE undone = 0 OR settled = 0 ORDER BY n`)
	if err != nil {
		return err
	}
	s := &set{ids: map[string]*Entry{}, urls: map[string]*Entry{}, places: map[string]bool{}, titles: map[int64]map[uint64]bool{}}
	for i := range entries {
		if err := s.add(&entries[i]); err != nil {
			return err
		}
	}
	if err := l.addPages(ctx, s, entries); err != nil {
		return err
	}
	l.set.Store(s)
	l.version.Add(1)
	return nil
}

func (s *set) add(e *Entry) error {
	if !e.Settled {
		s.unsettled++
	}
	if !e.InForce() {
		return nil
	}
	s.purging = s.purging || e.Purge
	switch {
	case e.Pattern != "":
		re, err := Check(e.Pattern)
		if err != nil {
			return err
		}
		s.patterns = append(s.patterns, pattern{re, e})
	case IsURL(e.Page):
		s.places[e.Page] = true
		for _, at := range Spellings(e.Page) {
			if old := s.urls[at]; old == nil || e.Purge {
				s.urls[at] = e
			}
		}
	default:
		s.ids[e.Page] = e
	}
	return nil
}

// IsURL tells URLs from ids.
func IsURL(page string) bool {
	u, err := url.Parse(page)
	return err == nil && u.Host != ""
}

// Spellings are the URLs that a withdrawal of one is about: http and https, with and without www, in both encodings; the URL itself first.
func Spellings(page string) []string {
	u, err := url.Parse(page)
	if err != nil {
		return []string{page}
	}
	return moves.Twins(u)
}

// addPages takes in the pages of entries in force.
func (l *List) addPages(ctx context.Context, s *set, entries []Entry) error {
	byID := map[string]*Entry{}
	for i := range entries {
		if entries[i].InForce() {
			byID[entries[i].ID] = &entries[i]
		}
	}
	err := l.db.View(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT withdrawal, id, url, length, hash FROM withdrawn_page
			WHERE withdrawal IN (SELECT n FROM withdrawal WHERE undone = 0)`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var n, id, at string
			var length, hash int64
			if err := rows.Scan(&n, &id, &at, &length, &hash); err != nil {
				return err
			}
			if e := byID[n]; e != nil {
				s.addPage(e, id, at, length, uint64(hash))
			}
		}
		return rows.Err()
	})
	if err != nil {
		return fmt.Errorf("read withdrawn pages: %w", err)
	}
	return nil
}

func (s *set) addPage(e *Entry, id, at string, length int64, hash uint64) {
	if old := s.ids[id]; old == nil || e.Purge {
		s.ids[id] = e
	}
	if at != "" {
		s.places[at] = true
	}
	if length == 0 {
		return
	}
	if s.titles[length] == nil {
		s.titles[length] = map[uint64]bool{}
	}
	s.titles[length][hash] = true
}

// of is the entry that a page is on the list by, one that purges before others; nil where it is not on it.
func (s *set) of(id, at string) *Entry {
	e := s.ids[id]
	better := func(o *Entry) {
		if o != nil && (e == nil || o.Purge && !e.Purge) {
			e = o
		}
	}
	if at == "" {
		return e
	}
	better(s.urls[at])
	for _, p := range s.patterns {
		if (e == nil || p.entry.Purge && !e.Purge) && p.re.MatchString(at) {
			better(p.entry)
		}
	}
	return e
}

// Of returns the entry by which a page is withdrawn, and false where it is not.
func (l *List) Of(id, at string) (Entry, bool) {
	if e := l.set.Load().of(id, at); e != nil {
		return *e, true
	}
	return Entry{}, false
}

// Empty reports whether nothing is withdrawn.
func (l *List) Empty() bool { return l.set.Load().empty() }

// Purging reports whether an entry in force purges; then Of tells of which pages nothing is to be kept.
func (l *List) Purging() bool { return l.set.Load().purging }

// wholeTitle is from how many characters on a title is one in a longer text. A shorter one, such as 通知公告, may mean anything there.
const wholeTitle = 6

// Hides reports whether a text is the title of a withdrawn page, or holds a title that is long enough to be no chance. Blanks, signs, case and width do not matter.
func (l *List) Hides(text string) bool {
	titles := l.set.Load().titles
	if len(titles) == 0 {
		return false
	}
	key := []rune(segment.TitleKey(text))
	for length, hashes := range titles {
		n := int(length)
		if n > len(key) || n < wholeTitle && n < len(key) {
			continue
		}
		for i := 0; i+n <= len(key); i++ {
			if hashes[hashOf(string(key[i:i+n]))] {
				return true
			}
		}
	}
	return false
}

// titleHash is what tells a title again: its key's length in characters and hash; 0 for one without letters and digits.
func titleHash(title string) (length int64, hash uint64) {
	key := segment.TitleKey(title)
	if key == "" {
		return 0, 0
	}
	return int64(utf8.RuneCountInString(key)), hashOf(key)
}

func hashOf(key string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(key))
	return h.Sum64()
}
