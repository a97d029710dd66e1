//go:build unix

package crawl

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"terrace/indexer/archive"
	"terrace/indexer/extract"
	"terrace/indexer/listing"
	"terrace/site"
)

// BenchmarkCost tells what a page of the sites in TERRACE_BENCH_SITES costs, hosts parted by commas, each of which lists its pages at its root, one a line.
// Only this process is counted. In every round each part passes over all pages once, so that a machine which is slow for a while is so for all of them:
// of a part called name it reports the medians of the microseconds a page, as name-µs, and of their ratio to those of plain in the same round, as name-ratio.
// bench/crawl serves the sites and runs it.
func BenchmarkCost(b *testing.B) {
	hosts := os.Getenv("TERRACE_BENCH_SITES")
	if hosts == "" {
		b.Skip("no TERRACE_BENCH_SITES; make bench-crawl sets it")
	}
	s := newSample(b, strings.Split(hosts, ","))
	parts := []struct {
		name string
		pass func() time.Duration
	}{
		{"plain", s.plain(b)}, {"links", s.fetchParseLinks(b, false)}, {"lists", s.fetchParseLinks(b, true)},
		{"visit", s.visit(b)}, {"record", s.record(b)}, {"extract", s.extract(b)},
	}
	took, ratio := make([][]float64, len(parts)), make([][]float64, len(parts))
	for range b.N {
		for i, p := range parts {
			runtime.GC() // what other parts left is theirs
			us := float64(p.pass().Nanoseconds()) / 1e3 / float64(len(s.pages))
			took[i] = append(took[i], us)
			ratio[i] = append(ratio[i], us/took[0][len(took[0])-1])
		}
	}
	for i, p := range parts {
		b.ReportMetric(middle(took[i]), p.name+"-µs")
		b.ReportMetric(middle(ratio[i]), p.name+"-ratio")
	}
}

func middle(of []float64) float64 {
	sorted := slices.Sorted(slices.Values(of))
	return sorted[len(sorted)/2]
}

// A sample is the pages of all sites.
type sample struct {
	registry *site.Registry
	pages    []*url.URL
	sites    []*site.Site // of each page
}

func newSample(b *testing.B, hosts []string) *sample {
	b.Helper()
	var c site.Cluster
	for _, h := range hosts {
		c.Sites = append(c.Sites, site.Site{ID: h, Hosts: []string{h}, AllowPrivate: true})
	}
	r, err := site.New(c)
	if err != nil {
		b.Fatal(err)
	}
	s := &sample{registry: r}
	for _, h := range hosts {
		res, err := http.Get("http://" + h + "/")
		if err != nil {
			b.Fatal(err)
		}
		list, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil {
			b.Fatal(err)
		}
		for path := range strings.FieldsSeq(string(list)) {
			s.pages = append(s.pages, &url.URL{Scheme: "http", Host: h, Path: path})
			s.sites = append(s.sites, r.Site(h))
		}
	}
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	return s
}

// each is a pass that does something with every page and gives the processor's time.
func (s *sample) each(b *testing.B, do func(i int)) func() time.Duration {
	return func() time.Duration {
		before := processorTime(b)
		for i := range s.pages {
			do(i)
		}
		return processorTime(b) - before
	}
}

// plain is what nobody can do without: net/http and html.Parse.
func (s *sample) plain(b *testing.B) func() time.Duration {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 1}, Timeout: time.Minute}
	b.Cleanup(client.CloseIdleConnections)
	return s.each(b, func(i int) {
		req, err := http.NewRequest(http.MethodGet, s.pages[i].String(), nil)
		if err != nil {
			b.Fatal(err)
		}
		res, err := client.Do(req)
		if err != nil {
			b.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil || res.StatusCode != http.StatusOK {
			b.Fatal(res.Status, err)
		}
		if _, err := html.Parse(bytes.NewReader(body)); err != nil && !strings.Contains(err.Error(), "512") {
			b.Fatal(err)
		}
	})
}

// actors are a crawl of the sample that nobody runs.
func (s *sample) actors(b *testing.B) map[*site.Site]*actor {
	c, err := New(Options{Archive: newArchive(b), Registry: s.registry, Delay: -1})
	if err != nil {
		b.Fatal(err)
	}
	out := map[*site.Site]*actor{}
	sites := s.registry.Cluster().Sites
	for i := range sites {
		out[&sites[i]] = c.newActor(&sites[i])
	}
	b.Cleanup(func() {
		for _, f := range c.fetchers {
			f.transport.inner.CloseIdleConnections()
		}
	})
	return out
}

// fetchParseLinks is the same as the crawl does it: within scope and robots.txt, at a pace of none, charset and links read and, where asked for, what the
// page says of a list.
func (s *sample) fetchParseLinks(b *testing.B, lists bool) func() time.Duration {
	actors := s.actors(b)
	for i, u := range s.pages { // robots.txt is asked for once a day
		if _, outage, err := actors[s.sites[i]].rules(b.Context(), u); outage != nil || err != nil {
			b.Fatal(outage, err)
		}
	}
	return s.each(b, func(i int) {
		a, u := actors[s.sites[i]], s.pages[i]
		rules, _, err := a.rules(b.Context(), u)
		if err != nil || s.registry.Of(u) != a.site || !rules.allows(u) {
			b.Fatal("not to be asked for: ", u, err)
		}
		res, err := a.ask(b.Context(), a.fetcher, request{url: u})
		if err != nil || res.status != http.StatusOK {
			b.Fatal(u, err)
		}
		page, err := a.crawler.parse(u, res.body, res.header.Get(rawType), "")
		if err != nil {
			b.Fatal(err)
		}
		var list listing.Listing
		if lists {
			list = listing.Read(page)
			roleOf(page, list)
		}
		a.links(page, list)
	})
}

// visit is a whole first visit, with the search for traps and soft 404s, but not its record.
func (s *sample) visit(b *testing.B) func() time.Duration {
	actors := s.actors(b)
	return s.each(b, func(i int) {
		if _, res, err := actors[s.sites[i]].visit(b.Context(), archive.Page{ID: s.pages[i].Path, Site: s.sites[i].ID, URL: s.pages[i].String()}); err != nil || res == nil {
			b.Fatal(s.pages[i], err)
		}
	})
}

// visits are what the first visits of all pages came to.
func (s *sample) visits(b *testing.B) []archive.Visit {
	actors := s.actors(b)
	var all []archive.Visit
	for i, u := range s.pages {
		v, _, err := actors[s.sites[i]].visit(b.Context(), archive.Page{ID: u.Path, Site: s.sites[i].ID, URL: u.String()})
		if err != nil {
			b.Fatal(err)
		}
		all = append(all, v)
	}
	return all
}

// record is what a new archive takes to keep the pages, in batches as the crawl makes them.
func (s *sample) record(b *testing.B) func() time.Duration {
	visits := s.visits(b)
	return func() time.Duration {
		a := newArchive(b)
		for i, u := range s.pages {
			if _, err := a.Seed(b.Context(), archive.Link{URL: u.String(), Site: s.sites[i].ID}); err != nil {
				b.Fatal(err)
			}
			p, err := a.Page(b.Context(), u.String())
			if err != nil {
				b.Fatal(err)
			}
			visits[i].ID = p.ID
		}
		before := processorTime(b)
		for from := 0; from < len(visits); from += 20 {
			if err := a.Record(b.Context(), visits[from:min(from+20, len(visits))]...); err != nil {
				b.Fatal(err)
			}
		}
		return processorTime(b) - before
	}
}

// extract is what it takes to find title, text and date, from the bytes on.
func (s *sample) extract(b *testing.B) func() time.Duration {
	visits := s.visits(b)
	x := extract.New(s.registry)
	return s.each(b, func(i int) {
		v := visits[i]
		if _, err := x.Extract(extract.Input{URL: s.pages[i].String(), ContentType: v.ContentType, Body: v.Body, Site: s.sites[i]}); err != nil {
			b.Fatal(err)
		}
	})
}
