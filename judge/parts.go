package judge

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"terrace/query"
)

// explained gives the first hit and the one at a rank with the parts of their scores, and as they were found where nobody tells those.
func (a *asked) explained(ctx context.Context, text string, rank int) (front, wanted Hit) {
	front, wanted = a.found.hits[0], a.found.hits[rank-1]
	if a.Explain == nil {
		return front, wanted
	}
	hits, err := a.Explain(ctx, text, rank)
	if err != nil || len(hits) < rank || hits[0].ID != front.ID || hits[rank-1].ID != wanted.ID {
		return front, wanted // not allowed, or the index has changed meanwhile
	}
	return hits[0], hits[rank-1]
}

// A gap is how one part of a score differs between two hits.
type gap struct {
	front, wanted query.Part // one may be missing
}

func (g gap) size() float64 { return g.front.Value - g.wanted.Value }

const (
	gapsNamed = 3
	gapShare  = .15 // of the largest that is named; smaller ones are not
)

// difference names the parts that put one hit before another, the largest first; empty where there are none. Where a rule and not the score decides, it is
// named alone.
func difference(front, wanted []query.Part) string {
	gaps := pairUp(front, wanted)
	for _, g := range gaps {
		switch {
		case g.front.Text != "" && g.front.Value == 0 && g.wanted.Text == "":
			return "前一条" + g.front.Text
		case g.wanted.Text != "" && g.wanted.Value == 0 && g.front.Text == "":
			return "要找的" + g.wanted.Text
		}
	}
	slices.SortStableFunc(gaps, func(a, b gap) int { return cmp.Compare(b.size(), a.size()) })
	var more, less []string
	for _, g := range gaps[:min(len(gaps), gapsNamed)] {
		switch size := g.size(); {
		case size < .005 || size < gapShare*gaps[0].size():
		case g.front.Text == "":
			less = append(less, fmt.Sprintf("%s %+.2f", g.wanted.Text, g.wanted.Value))
		default:
			more = append(more, g.front.Text+fmt.Sprintf(" %+.2f", g.front.Value)+beside(g))
		}
	}
	var out []string
	if len(more) > 0 {
		out = append(out, "前一条多在："+strings.Join(more, "、"))
	}
	if len(less) > 0 {
		out = append(out, "要找的少在："+strings.Join(less, "、"))
	}
	return strings.Join(out, "；")
}

// beside is what the wanted hit has of the same part.
func beside(g gap) string {
	switch {
	case g.wanted.Text == "":
		return ""
	case g.wanted.Text == g.front.Text:
		return fmt.Sprintf("（要找的 %+.2f）", g.wanted.Value)
	}
	return fmt.Sprintf("（要找的%s %+.2f）", g.wanted.Text, g.wanted.Value)
}

// pairUp puts the parts of two scores that are about one thing beside each other.
func pairUp(front, wanted []query.Part) []gap {
	var gaps []gap
	at := map[string]int{}
	of := func(p query.Part) *gap {
		about := aboutOf(p.Text)
		i, known := at[about]
		if !known {
			i = len(gaps)
			at[about] = i
			gaps = append(gaps, gap{})
		}
		return &gaps[i]
	}
	for _, p := range front {
		of(p).front = p
	}
	for _, p := range wanted {
		of(p).wanted = p
	}
	return gaps
}

var (
	variant   = regexp.MustCompile(`^按“[^”]*”：`)
	titleOf   = regexp.MustCompile(`^标题含“.*$`)
	howOften  = regexp.MustCompile(`” ?\d+ 处$`)
	published = regexp.MustCompile(`^.*发布$`)
)

// aboutOf is equal for parts that are about one thing: the title, a word in the text, the age.
func aboutOf(text string) string {
	text = variant.ReplaceAllString(text, "")
	text = titleOf.ReplaceAllString(text, "标题含")
	text = howOften.ReplaceAllString(text, "”")
	return published.ReplaceAllString(text, "发布")
}
