// Command bench measures what moves.Matcher proposes: of the documents of a retrieval set it makes a site of now, which lacks every fifth and alone has every seventh, and a list of the other old pages as systems export them, with other URLs,
// names of sites behind the titles, full-width signs, blanks, and dates that are missing or those of an import. It prints how many proposals are right, and how many of the pages that have a home are found; then the same of attachments and lists, which are drawn by rule.
//
//	go run ./moves/bench ../shared/data/retrieval/news ../shared/data/retrieval/letters
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"golang.org/x/text/width"

	"terrace/moves"
)

func main() {
	for _, set := range os.Args[1:] {
		docs, err := read(filepath.Join(set, "corpus.jsonl"))
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		for _, dated := range []float64{1, .7, 0} {
			measure(filepath.Base(set), docs, dated)
		}
	}
	measureFiles(20_000)
	measureLists(1000)
}

type document struct {
	ID, Title, Text string
	date            time.Time
	url             string // now; empty: it is no more
}

func read(path string) (out []*document, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	for lines := bufio.NewReader(f); ; {
		line, err := lines.ReadBytes('\n')
		if len(line) == 0 {
			return out, nil
		}
		var d struct {
			ID    string `json:"_id"`
			Title string
			Text  string
			Meta  struct{ Date string }
		}
		if err := json.Unmarshal(line, &d); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		out = append(out, &document{ID: d.ID, Title: d.Title, Text: d.Text, date: dateOf(d.ID, d.Meta.Date)})
		if err != nil {
			return out, nil
		}
	}
}

var lastSix = regexp.MustCompile(`[0-9]{6}$`)

// dateOf is the day of a letter, or the one that a piece of news has in its id.
func dateOf(id, date string) time.Time {
	if t, err := time.Parse("2006/1/2 15:04:05", date); err == nil {
		return t
	}
	t, _ := time.Parse("060102", lastSix.FindString(id))
	return t
}

// measure makes both sites and compares. dated is the share of old pages whose date is known.
func measure(name string, docs []*document, dated float64) {
	r := rand.New(rand.NewPCG(1, 2))
	m := moves.NewMatcher()
	same := map[string]string{} // URL now: text
	for i, d := range docs {
		if d.url = ""; i%5 == 0 {
			continue
		}
		d.url = fmt.Sprintf("http://www.new.example/xx/%s/t%s_%d.html", d.date.Format("200601"), d.date.Format("20060102"), 100000+i)
		same[d.url] = d.Text
		m.Add(moves.Page{URL: d.url, Title: d.Title, Date: day(d.date)})
	}
	olds := map[int]moves.Page{}
	for i, d := range docs {
		if i%7 == 0 {
			continue
		}
		p := moves.Page{URL: fmt.Sprintf("http://old.example/show.asp?id=%d", 7*i), Title: spoil(r, d.Title)}
		if r.IntN(4) == 0 {
			p.URL = fmt.Sprintf("http://old.example/zw/t%s_%d.html", d.date.Format("20060102"), 100000+i)
		}
		switch chance := r.Float64(); {
		case chance < dated*.95:
			p.Date = day(d.date)
		case chance < dated:
			p.Date = "2021-06-30" // of the import into the old system
		}
		m.Count(p)
		olds[i] = p
	}
	var sure, sureRight, all, right, ambiguous, homes int
	for i, old := range olds {
		d, p := docs[i], m.Match(old)
		if d.url != "" {
			homes++
		}
		ok := d.url != "" && p.New == d.url || p.New != "" && same[p.New] == d.Text
		switch p.State {
		case moves.Ambiguous:
			ambiguous++
		case moves.Proposal:
			all++
			if ok {
				right++
			} else if p.Sure && os.Getenv("WRONG") != "" {
				fmt.Printf("  wrong: %s %s %s | %s\n", old.Title, old.Date, p.Evidence, p.New)
			}
			if p.Sure {
				sure++
				if ok {
					sureRight++
				}
			}
		}
	}
	fmt.Printf("%s, %.0f %% of the old pages dated: %d old pages, %d have a home. Sure: precision %.4f, recall %.3f. All: precision %.4f, recall %.3f. Ambiguous %d\n",
		name, 100*dated, len(olds), homes, share(sureRight, sure), share(sureRight, homes), share(right, all), share(right, homes), ambiguous)
}

func share(a, b int) float64 { return float64(a) / float64(max(b, 1)) }

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

// spoil writes a title as another system does.
func spoil(r *rand.Rand, title string) string {
	if r.IntN(5) == 0 {
		title = width.Widen.String(title)
	}
	if runes := []rune(title); r.IntN(5) == 0 && len(runes) > 8 {
		title = string(runes[:4]) + " " + string(runes[4:]) + "\u00a0"
	}
	switch r.IntN(6) {
	case 0:
		title += "-某某县教育局"
	case 1:
		title += " - 工作动态 - 某某县人民政府"
	case 2:
		title = strings.ReplaceAll(title, "“", "\"") + "_某某县农业农村局"
	}
	return title
}
