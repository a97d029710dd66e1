package moves

import (
	"cmp"
	"fmt"
	"slices"
	"unicode/utf8"

	"terrace/segment"
)

// A Column is a list of now that holds pages which entries of an old list have become.
type Column struct {
	URL  string
	Name string
	Hash string // of its bytes: one list may have several addresses; empty: not known
	Held int    // of these pages
	Size int    // all its entries
}

// Of a list that is the new one of another: what share of its own entries the homes are at least, below which it is a list of everything; of one that surely is, that share, how many homes it holds, and what
// share of them. How much less like the old list every other is.
const (
	ownShare     = .05
	sureOwnShare = .1
	sureHeld     = 5
	sureShare    = .8
	clearly      = .8
)

// MatchList proposes the new list of an old one, whose name and number of entries are given, and of how many of these the new homes are known: the one of now that holds most of them and not much else. Its
// State is Proposal or Ambiguous, or empty where no list holds most of them. New, Sure and Evidence are set.
func MatchList(name string, entries, homes int, columns []Column) Move {
	columns = slices.DeleteFunc(slices.Clone(columns), func(c Column) bool { return 2*c.Held <= homes })
	if len(columns) == 0 {
		return Move{}
	}
	slices.SortFunc(columns, func(a, b Column) int {
		return cmp.Or(cmp.Compare(b.like(homes), a.like(homes)), cmp.Compare(a.URL, b.URL))
	})
	columns = addressed(name, columns)
	best := columns[0]
	namesakes := slices.DeleteFunc(slices.Clone(columns), func(c Column) bool {
		return !sameColumn(c.Name, name) || c.like(homes) < best.like(homes)/2
	})
	alone := len(namesakes) == 1
	if alone {
		best = namesakes[0]
	}
	evidence := fmt.Sprintf("旧列表 %d 条里 %d 条的新网页已知，%d 条在这个列表里", entries, homes, best.Held)
	rivals := slices.DeleteFunc(columns, func(c Column) bool { return c.like(homes) < clearly*best.like(homes) })
	switch {
	case alone:
		evidence += "，栏目同名"
	case len(rivals) > 1:
		return ambiguous("几个列表都有旧列表的大部分", urlsOf(rivals))
	case best.Held < 2 || best.own() < ownShare:
		return Move{}
	}
	sure := best.Held >= sureHeld && float64(best.Held) >= sureShare*float64(homes) && 2*homes > entries && (best.own() >= sureOwnShare || alone && best.own() >= ownShare)
	return Move{New: best.URL, State: Proposal, Sure: sure, Evidence: evidence}
}

// addressed leaves one address of each list, the one that is called by a name before the others.
func addressed(name string, columns []Column) (out []Column) {
	for _, c := range columns {
		i := slices.IndexFunc(out, func(o Column) bool { return o.Hash != "" && o.Hash == c.Hash })
		switch {
		case i < 0:
			out = append(out, c)
		case sameColumn(c.Name, name) && !sameColumn(out[i].Name, name):
			out[i] = c
		}
	}
	return out
}

// like is how much a list is like an old one, from 0 to 1: the F-measure of its entries that counts what it lacks four times what it has more, for the new list may be that of several departments.
func (c Column) like(homes int) float64 {
	const beta2 = 4
	return (1 + beta2) * float64(c.Held) / float64(beta2*homes+c.Size)
}

// own is the share of a list's entries that are homes.
func (c Column) own() float64 { return float64(c.Held) / float64(max(c.Size, 1)) }

// sameColumn reports names of columns that are one.
func sameColumn(a, b string) bool { return a != "" && ColumnKey(a) == ColumnKey(b) }

// ColumnKey is equal for names of columns that are one; empty for what is no name.
func ColumnKey(name string) string {
	key := segment.TitleKey(name)
	if utf8.RuneCountInString(key) < 2 {
		return ""
	}
	return key
}

func urlsOf(columns []Column) (urls []string) {
	for _, c := range columns {
		urls = append(urls, c.URL)
	}
	return urls
}

// MatchColumn proposes for an old list the lists of now that have its name and belong to its department: Ambiguous where there are several, never sure.
func MatchColumn(name, department string, urls []string) Move {
	evidence := fmt.Sprintf("栏目同名（%s），属于同一部门（%s）", shown(name), department)
	switch len(urls) {
	case 0:
		return Move{}
	case 1:
		return Move{New: urls[0], State: Proposal, Evidence: evidence}
	}
	return ambiguous(evidence, urls)
}
