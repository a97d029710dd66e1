package moves

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// How many pairs have to show a rewriting, and what share of the pairs of the folder it has to be.
const (
	shownBy = 5
	agreed  = .9
)

// A Rewritings learns from pairs of old and new URLs by what the old ones begin with and what takes its place.
type Rewritings struct {
	folders map[string]*folder // by what old keys begin with
}

type folder struct {
	pairs    int
	votes    map[string]int    // new prefix: pairs that show it
	children map[string]string // new prefix: the folder or page below that shows it, "*" for several
}

// NewRewritings has seen no pair.
func NewRewritings() *Rewritings { return &Rewritings{map[string]*folder{}} }

// Add takes in a pair, by the Key of the old URL. A pair whose URLs do not end alike counts against all rewritings of its folders.
func (r *Rewritings) Add(oldKey, newURL string) {
	oldPath, _, _ := strings.Cut(oldKey, "?")
	origin := origin(newURL)
	for end := strings.LastIndexByte(oldPath, '/') + 1; end > 0; end = strings.LastIndexByte(oldPath[:end-1], '/') + 1 {
		f := r.folders[oldKey[:end]]
		if f == nil {
			f = &folder{votes: map[string]int{}, children: map[string]string{}}
			r.folders[oldKey[:end]] = f
		}
		f.pairs++
		to, ok := strings.CutSuffix(newURL, oldKey[end:])
		if !ok || !strings.HasSuffix(to, "/") || len(to) < len(origin) || to == "" {
			continue
		}
		f.votes[to]++
		child, _, below := strings.Cut(oldPath[end:], "/")
		if !below {
			child = "*" // a page of this very folder
		}
		if was := f.children[to]; was == "" {
			f.children[to] = child
		} else if was != child {
			f.children[to] = "*"
		}
	}
}

// origin is a URL's scheme and host with the slash behind it.
func origin(u string) string {
	p, err := url.Parse(u)
	if err != nil {
		return u
	}
	return p.Scheme + "://" + p.Host + "/"
}

// Found are the rewritings that enough pairs show and none of a folder above says already, in order of their keys. Their folder holds the pages themselves, or several folders that
// show the same: what only one folder below shows is that one's.
func (r *Rewritings) Found() (out []Move) {
	taken := map[string]string{}
	for _, prefix := range slices.SortedFunc(maps.Keys(r.folders), func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) }) {
		f := r.folders[prefix]
		to, votes := f.best()
		if votes < shownBy || float64(votes) < agreed*float64(f.pairs) || f.children[to] != "*" || strings.HasPrefix(bare(to), prefix) || said(taken, prefix, to) {
			continue
		}
		taken[prefix] = to
		out = append(out, Move{
			Old: Old{Text: prefix + "*", Key: prefix + "*", Prefix: true}, New: to, Origin: Proposed, State: Proposal,
			Evidence: fmt.Sprintf("这个目录下 %d 对新旧网址里有 %d 对是这样变的", f.pairs, votes),
		})
	}
	slices.SortFunc(out, func(a, b Move) int { return strings.Compare(a.Old.Key, b.Old.Key) })
	return out
}

func (f *folder) best() (to string, votes int) {
	for _, t := range slices.Sorted(maps.Keys(f.votes)) {
		if f.votes[t] > votes {
			to, votes = t, f.votes[t]
		}
	}
	return to, votes
}

// said reports that a folder above is rewritten in the same way.
func said(taken map[string]string, prefix, to string) bool {
	for end := strings.LastIndexByte(prefix[:len(prefix)-1], '/') + 1; end > 0; end = strings.LastIndexByte(prefix[:end-1], '/') + 1 {
		if above, ok := taken[prefix[:end]]; ok {
			return above+prefix[end:] == to
		}
	}
	return false
}
