package demo

import (
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A style is one system's way to name and draw pages.
type style interface {
	template() string                   // file in pages/
	list(k *column, page int) string    // path and query of a list page; page counts from 1
	article(a *composition) string      // path and query
	attachment(a *composition) string   // path
	parse(s *website, u *url.URL) place // the list or article a URL may mean; what it says is not trusted
}

// A turner is a style that does not link to the other pages of a list: what it writes below a list turns pages by script.
type turner interface {
	turn(h *handler, k *column, page int) string
}

// pagesUnder finds the column of whose lists a path is, by a pattern whose first group is the column's path or number from 1 and whose second is the
// page, or the first where that is empty.
func (s *website) pagesUnder(pattern *regexp.Regexp, path string) place {
	m := pattern.FindStringSubmatch(path)
	if m == nil {
		return place{}
	}
	page := 1
	if m[2] != "" {
		page, _ = strconv.Atoi(m[2])
	}
	for i, k := range s.columns {
		if m[1] == k.path || m[1] == strconv.Itoa(i+1) {
			return listPlace(k, page)
		}
	}
	return place{}
}

// listPlace is where a list page stands: its index is below zero. A place with no column is nowhere.
func listPlace(k *column, page int) place { return place{k, -1 - page} }

// unlisted is the place where it is an article's, and nowhere where it is a list's: a style with lists of its own has none of the style it looks like.
func (p place) unlisted() place {
	if p.column != nil && p.index < 0 {
		return place{}
	}
	return p
}

// perPage is how many articles a list page shows.
const perPage = 15

func (k *column) pages() int { return max(1, (k.count+perPage-1)/perPage) }

// old is an ASP system of about 2003: GBK that nobody declares, tables, 200 for everything.
type old struct{}

func (old) template() string { return "old" }
func (old) list(k *column, page int) string {
	if page == 1 {
		return fmt.Sprintf("/Article_Class.asp?ClassID=%d", k.index+1)
	}
	return fmt.Sprintf("/Article_Class.asp?ClassID=%d&page=%d", k.index+1, page)
}
func (old) article(a *composition) string {
	return fmt.Sprintf("/Article_Show.asp?ArticleID=%d", a.number())
}
func (old) attachment(a *composition) string {
	return fmt.Sprintf("/UploadFiles/%s%d.docx", a.date.Format("20060102"), a.number())
}

func (old) parse(s *website, u *url.URL) place {
	q := u.Query()
	switch u.Path {
	case "/Article_Show.asp":
		return s.numbered(q.Get("ArticleID"))
	case "/Article_Class.asp":
		id, _ := strconv.Atoi(q.Get("ClassID"))
		page := 1
		if q.Has("page") {
			page, _ = strconv.Atoi(q.Get("page"))
		}
		if id >= 1 && id <= len(s.columns) {
			return listPlace(s.columns[id-1], page)
		}
	}
	if m := oldFile.FindStringSubmatch(u.Path); m != nil {
		return s.numbered(m[1])
	}
	return place{}
}

var (
	oldFile     = regexp.MustCompile(`^/UploadFiles/\d{8}(\d+)\.docx$`)
	taggedPath  = regexp.MustCompile(`^/[a-z/]+/\d{6}/(?:t\d{8}_|P\d{8})(\d+)\.(?:html|docx)$`)
	taggedList  = regexp.MustCompile(`^/([a-z/]+)/(?:index(?:_(\d+))?\.html)?$`)
	cleanPath   = regexp.MustCompile(`^/(?:art/\d+/\d+/\d+/art_\d+_|attach/)(\d+)\.(?:html|docx)$`)
	cleanColumn = regexp.MustCompile(`^/col/col(\d+)/index\.html$`)
)

// numbered finds an article by its number in writing.
func (s *website) numbered(number string) place {
	n, err := strconv.Atoi(number)
	if err != nil {
		return place{}
	}
	k, i := s.find(n)
	return place{k, i}
}

// tagged is a publishing system that writes static pages with the metadata tags of 国办发〔2017〕47号, and writes them badly.
type tagged struct{}

func (tagged) template() string { return "tagged" }
func (tagged) list(k *column, page int) string {
	if page == 1 {
		return "/" + k.path + "/"
	}
	return fmt.Sprintf("/%s/index_%d.html", k.path, page-1)
}
func (tagged) article(a *composition) string {
	d := imported(a)
	return fmt.Sprintf("/%s/%s/t%s_%d.html", a.column.path, d.Format("200601"), d.Format("20060102"), a.number())
}
func (tagged) attachment(a *composition) string {
	d := imported(a)
	return fmt.Sprintf("/%s/%s/P%s%d.docx", a.column.path, d.Format("200601"), d.Format("20060102"), a.number())
}

// Older articles were moved to the system on one day, and part of them bear that day in URL and PubDate.
var importDay = time.Date(2019, 5, 20, 0, 0, 0, 0, time.UTC)

func imported(a *composition) time.Time {
	if a.date.Before(importDay) && a.dice%3 == 0 {
		return importDay
	}
	return a.date
}

func (tagged) parse(s *website, u *url.URL) place {
	if m := taggedPath.FindStringSubmatch(u.Path); m != nil {
		return s.numbered(m[1])
	}
	m := taggedList.FindStringSubmatch(u.Path)
	if m == nil {
		return place{}
	}
	page, _ := strconv.Atoi(m[2])
	for _, k := range s.columns {
		if k.path == m[1] {
			return listPlace(k, page+1)
		}
	}
	return place{}
}

// clean is a modern system: HTML5, UTF-8, a sitemap.
type clean struct{}

func (clean) template() string { return "clean" }
func (clean) list(k *column, page int) string {
	if page == 1 {
		return fmt.Sprintf("/col/col%d/index.html", k.index+11)
	}
	return fmt.Sprintf("/col/col%d/index.html?pageNum=%d", k.index+11, page)
}
func (clean) article(a *composition) string {
	return fmt.Sprintf("/art/%s/art_%d_%d.html", a.date.Format("2006/1/2"), a.column.index+11, a.number())
}
func (clean) attachment(a *composition) string { return fmt.Sprintf("/attach/%d.docx", a.number()) }

func (clean) parse(s *website, u *url.URL) place {
	if m := cleanPath.FindStringSubmatch(u.Path); m != nil {
		return s.numbered(m[1])
	}
	m := cleanColumn.FindStringSubmatch(u.Path)
	if m == nil {
		return place{}
	}
	id, _ := strconv.Atoi(m[1])
	page := 1
	if n := u.Query().Get("pageNum"); n != "" {
		page, _ = strconv.Atoi(n)
	}
	if id < 11 || id >= 11+len(s.columns) {
		return place{}
	}
	return listPlace(s.columns[id-11], page)
}

// at writes a path of a site as an absolute URL.
func (s *website) at(path string) string { return strings.TrimSuffix(s.URL, "/") + path }
