// Command bench measures extraction on saved pages whose true title, date and text are known: PAGE.truth.json beside PAGE, the page's host
// and URL in index.tsv. It prints a line a host and a last line in total.
package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"terrace/indexer/extract"
	"terrace/site"
)

func main() {
	log.SetFlags(0)
	dir := flag.String("pages", "../shared/data/pages", "folder of saved pages with index.tsv")
	worst := flag.Int("worst", 0, "print so many pages with the worst text, title and date")
	unnamed := flag.Bool("blind", false, "take the names of classes, ids and headings and the metadata tags off the pages first")
	details := flag.Int("details", -1, "count instead what documents say of themselves by name, over all saved pages, and print so many of them")
	flag.Parse()
	if *details >= 0 {
		if err := showDetails(*dir, *details); err != nil {
			log.Fatal(err)
		}
		return
	}
	if err := run(*dir, *worst, *unnamed); err != nil {
		log.Fatal(err)
	}
}

type truth struct {
	Title    string `json:"title"`
	Date     string `json:"publish_date"`
	MainText string `json:"main_text"`
}

// named are what tells a template by its names: ids, classes, heading tags, metadata. Without them a page is like one of a system never seen.
var (
	namedAttr = regexp.MustCompile(`(?i)\s(?:class|id)\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>"']+)`)
	namedMeta = regexp.MustCompile(`(?i)<meta\b[^>]*\b(?:name|property)\s*=[^>]*>`)
	namedHead = regexp.MustCompile(`(?i)<(/?)h[1-6]\b`)
)

func blind(page []byte) []byte {
	page = namedMeta.ReplaceAllFunc(page, func(m []byte) []byte {
		if bytes.Contains(bytes.ToLower(m), []byte("charset")) {
			return m
		}
		return nil
	})
	return namedHead.ReplaceAll(namedAttr.ReplaceAll(page, nil), []byte("<${1}div"))
}

type tally struct {
	pages, titles, dates, dated int
	f1                          float64
}

type page struct {
	name string
	f1   float64
	note string
}

// A measure is what extraction came to on saved pages.
type measure struct {
	total tally
	hosts map[string]*tally
	pages []page // worst text first
}

func run(dir string, worst int, unnamed bool) error {
	m, err := measurePages(dir, unnamed)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(m.hosts)) {
		fmt.Printf("%s %s pages=%d\n", name, m.hosts[name], m.hosts[name].pages)
	}
	for i, p := range m.pages {
		if i < worst || worst > 0 && p.note != "" {
			fmt.Printf("  %.2f %s%s\n", p.f1, p.name, p.note)
		}
	}
	fmt.Printf("total %s worst=%s:%.2f pages=%d\n", &m.total, m.pages[0].name, m.pages[0].f1, m.total.pages)
	return nil
}

func measurePages(dir string, unnamed bool) (*measure, error) {
	rows, err := readIndex(filepath.Join(dir, "index.tsv"))
	if err != nil {
		return nil, err
	}
	reg, err := site.New(site.Cluster{})
	if err != nil {
		return nil, err
	}
	x := extract.New(reg)
	m := &measure{hosts: map[string]*tally{}}
	for _, row := range rows {
		name := row["local_path"]
		t, err := readTruth(filepath.Join(dir, name))
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		body, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return nil, err
		}
		if unnamed {
			body = blind(body)
		}
		out, err := x.Extract(extract.Input{URL: row["serve_url"], Body: body})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		h := m.hosts[row["site"]]
		if h == nil {
			h = &tally{}
			m.hosts[row["site"]] = h
		}
		p := judge(out, t, h, &m.total)
		p.name = name
		m.pages = append(m.pages, p)
	}
	if len(m.pages) == 0 {
		return nil, fmt.Errorf("no page with a truth in %s", dir)
	}
	slices.SortStableFunc(m.pages, func(a, b page) int { return cmp.Compare(a.f1, b.f1) })
	return m, nil
}

func (t *tally) String() string {
	title, date, f1 := t.shares()
	return fmt.Sprintf("title=%.3f date=%.3f f1=%.3f", title, date, f1)
}

// shares are the right titles of all, the right dates of those known, and the mean F1.
func (t *tally) shares() (title, date, f1 float64) {
	n := float64(t.pages)
	return float64(t.titles) / n, float64(t.dates) / float64(max(t.dated, 1)), t.f1 / n
}

func judge(out extract.Output, t truth, tallies ...*tally) page {
	var p page
	d := out.Document
	date := ""
	if len(d.Copies) > 0 {
		date = d.Copies[0].Date.String()
	}
	p.f1 = fourGramF1(d.Body, t.MainText)
	titleRight, dateRight := strings.TrimSpace(d.Title) == strings.TrimSpace(t.Title), date == t.Date
	if !titleRight {
		p.note += fmt.Sprintf("\n       title %q, true %q", d.Title, t.Title)
	}
	if t.Date != "" && !dateRight {
		p.note += fmt.Sprintf("\n       date %s, true %s", date, t.Date)
	}
	if out.Skip != "" {
		p.note += "\n       skipped: " + out.Skip
	}
	for _, h := range tallies {
		h.pages++
		h.f1 += p.f1
		if titleRight {
			h.titles++
		}
		if t.Date != "" {
			h.dated++
			if dateRight {
				h.dates++
			}
		}
	}
	return p
}

// fourGramF1 compares texts by their four-character pieces, blanks left out, repeats counted.
func fourGramF1(got, want string) float64 {
	a, b := grams(got), grams(want)
	common, na, nb := 0, 0, 0
	for g, n := range a {
		common += min(n, b[g])
		na += n
	}
	for _, n := range b {
		nb += n
	}
	if na+nb == 0 {
		return 1
	}
	return 2 * float64(common) / float64(na+nb)
}

func grams(s string) map[string]int {
	r := []rune(strings.Join(strings.Fields(s), ""))
	out := map[string]int{}
	for i := 0; i+4 <= len(r); i++ {
		out[string(r[i:i+4])]++
	}
	if len(r) > 0 && len(r) < 4 {
		out[string(r)]++
	}
	return out
}

func readTruth(page string) (t truth, err error) {
	b, err := os.ReadFile(page + ".truth.json")
	if err != nil {
		return t, err
	}
	return t, json.Unmarshal(b, &t)
}

func readIndex(name string) ([]map[string]string, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("read the index of pages: %w", err)
	}
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	names := strings.Split(lines[0], "\t")
	var out []map[string]string
	for _, l := range lines[1:] {
		row := map[string]string{}
		for i, v := range strings.Split(l, "\t") {
			if i < len(names) {
				row[names[i]] = v
			}
		}
		out = append(out, row)
	}
	return out, nil
}
