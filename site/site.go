// Package site is the registry of a cluster: its sites, hosts, departments and places. The crawler asks it whose a URL is, the
// extractor which department a page is of, the query side what a name means.
//
// A Registry is made once from plain data and never changes.
package site

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// A Cluster is the plain data a Registry is made from.
type Cluster struct {
	Name        string
	Portal      string   // id of the portal's site
	Region      []string // names of the place that the cluster is of; none: see Registry.Region
	Sites       []Site
	Departments []Department
	Places      []Place
}

// A Site is one website of the cluster.
type Site struct {
	ID         string
	Name       string
	Hosts      []string // host or host:port; the first is the main one. A leading "*." takes in every host below
	Seeds      []string // absolute URLs; none: the main host's home page
	Department string   // id of the department it belongs to, if one
	County     string   // id of the county it belongs to, if one
	SiteIDCode string   // 网站标识码, ten digits (国办发〔2017〕47号)
	Allow      []string // regular expressions on the whole URL; where given, one must match
	Deny       []string // regular expressions on the whole URL; none may match

	Delay        time.Duration // between the end of a response and the next request to a host; 0: the crawler's default
	Revisit      time.Duration // between visits of home and list pages; 0: the crawler's default
	Hours        Hours         // requests are made in this span only; zero: always
	Charset      string        // overrides what the pages declare and look like; empty: found out page by page
	InsecureTLS  bool          // certificates of this site's hosts are not verified
	LegacyTLS    bool          // this site's hosts may speak TLS 1.0 and 1.1, RSA key exchange and old ciphers
	AllowPrivate bool          // hosts of this site may resolve to private or loopback addresses
	Browser      Browser       // which pages are opened in a browser; zero: none
	Closed       bool          `json:",omitempty"` // the site is no more: nothing of it is requested, what is kept of it are old pages
}

// A Browser says which pages of a site are opened in a browser, to see what their scripts make of them.
type Browser struct {
	Needed   bool     // those that show next to nothing without
	Patterns []string // those whose whole URL matches one of these regular expressions, whatever they show
}

// Asked reports whether any page may be.
func (b Browser) Asked() bool { return b.Needed || len(b.Patterns) > 0 }

// A Department is an office of the cluster's government. 部门
type Department struct {
	ID    string
	Name  string   // official name
	Names []string // other names: short, former, popular
}

// A Place is a county or another division below the cluster's own. 县市区
type Place struct {
	ID    string
	Name  string
	Names []string
}

// A Registry answers questions about a Cluster.
type Registry struct {
	cluster     Cluster
	byID        map[string]*Site
	hosts       hosts
	rules       map[string]rules
	departments names
	counties    names
}

type rules struct{ allow, deny, browser []*regexp.Regexp }

// New checks a Cluster and makes its Registry. An error names the entry that is wrong.
func New(c Cluster) (*Registry, error) {
	c.Sites = slices.Clone(c.Sites)
	r := &Registry{
		cluster: c, byID: map[string]*Site{}, rules: map[string]rules{},
		hosts: hosts{exact: map[string]*Site{}, below: map[string]*Site{}},
	}
	var err error
	if r.departments, err = newNames("department", c.Departments, func(d Department) (string, []string) { return d.ID, append([]string{d.Name}, d.Names...) }); err != nil {
		return nil, err
	}
	if r.counties, err = newNames("place", c.Places, func(p Place) (string, []string) { return p.ID, append([]string{p.Name}, p.Names...) }); err != nil {
		return nil, err
	}
	for i := range r.cluster.Sites {
		if err := r.add(&r.cluster.Sites[i]); err != nil {
			return nil, fmt.Errorf("site %q: %w", r.cluster.Sites[i].ID, err)
		}
	}
	if c.Portal != "" && r.byID[c.Portal] == nil {
		return nil, fmt.Errorf("portal %q: no such site", c.Portal)
	}
	return r, nil
}

func (r *Registry) add(s *Site) error {
	if s.ID == "" {
		return fmt.Errorf("has no id")
	}
	if r.byID[s.ID] != nil {
		return fmt.Errorf("id is used twice")
	}
	r.byID[s.ID] = s
	if err := r.addHosts(s); err != nil {
		return err
	}
	if s.Department != "" && !r.departments.has(s.Department) {
		return fmt.Errorf("department %q is not configured", s.Department)
	}
	if s.County != "" && !r.counties.has(s.County) {
		return fmt.Errorf("county %q is not a configured place", s.County)
	}
	return r.addRules(s)
}

func (r *Registry) addHosts(s *Site) error {
	if len(s.Hosts) == 0 {
		return fmt.Errorf("has no hosts")
	}
	s.Hosts = slices.Clone(s.Hosts)
	for i, h := range s.Hosts {
		host, err := canonicalHost(h)
		if err != nil {
			return err
		}
		if err := r.hosts.add(host, s); err != nil {
			return err
		}
		s.Hosts[i] = host
	}
	return nil
}

func (r *Registry) addRules(s *Site) error {
	var u rules
	var err error
	if u.allow, err = compile(s.Allow); err != nil {
		return fmt.Errorf("allow: %w", err)
	}
	if u.deny, err = compile(s.Deny); err != nil {
		return fmt.Errorf("deny: %w", err)
	}
	if u.browser, err = compile(s.Browser.Patterns); err != nil {
		return fmt.Errorf("browser: %w", err)
	}
	r.rules[s.ID] = u
	return nil
}

func compile(patterns []string) ([]*regexp.Regexp, error) {
	var out []*regexp.Regexp
	for _, p := range patterns {
		re, err := regexp.Compile(p)
		if err != nil {
			return nil, err
		}
		out = append(out, re)
	}
	return out, nil
}

// Cluster is the data the registry was made from. It must not be changed.
func (r *Registry) Cluster() Cluster { return r.cluster }

// Region are the names of the place that the cluster is of: the configured ones, or what the portal's name says, in full and for short: 云河州人民政府 is of
// 云河州, or 云河.
func (r *Registry) Region() []string {
	if len(r.cluster.Region) > 0 || r.cluster.Portal == "" {
		return r.cluster.Region
	}
	name, _, found := strings.Cut(r.SiteName(r.cluster.Portal), "人民政府")
	if !found || name == "" {
		return nil
	}
	out := []string{name}
	for _, suffix := range []string{"自治州", "地区", "省", "州", "市", "盟", "县", "区"} {
		if short, cut := strings.CutSuffix(name, suffix); cut && utf8.RuneCountInString(short) >= 2 {
			return append(out, short)
		}
	}
	return out
}

// Site returns a site by id, or nil.
func (r *Registry) Site(id string) *Site { return r.byID[id] }

// Of returns the site that a URL's host belongs to, or nil where the host is none of the cluster's. A site registered for host:port
// owns that port alone; one registered without a port owns the scheme's default port. The host itself wins over a wildcard, the nearest
// wildcard over those above it.
func (r *Registry) Of(u *url.URL) *Site { return r.hosts.of(u) }

// Open is Of for those who fetch: a closed site owns no URL.
func (r *Registry) Open(u *url.URL) *Site {
	if s := r.Of(u); s != nil && !s.Closed {
		return s
	}
	return nil
}

// Closed reports whether a site is configured as closed.
func (r *Registry) Closed(id string) bool { s := r.byID[id]; return s != nil && s.Closed }

// AnyClosed reports whether there is a closed site.
func (r *Registry) AnyClosed() bool {
	return slices.ContainsFunc(r.cluster.Sites, func(s Site) bool { return s.Closed })
}

// Allowed reports whether a site's allow and deny patterns let a URL in.
func (r *Registry) Allowed(s *Site, url string) bool {
	allow := r.rules[s.ID].allow
	return !r.Denied(s, url) && (len(allow) == 0 || anyMatches(allow, url))
}

// Denied reports whether one of a site's deny patterns keeps a URL out.
func (r *Registry) Denied(s *Site, url string) bool { return anyMatches(r.rules[s.ID].deny, url) }

// Browsed reports whether a page is to be opened in a browser whatever it shows.
func (r *Registry) Browsed(s *Site, url string) bool { return anyMatches(r.rules[s.ID].browser, url) }

func anyMatches(patterns []*regexp.Regexp, url string) bool {
	return slices.ContainsFunc(patterns, func(re *regexp.Regexp) bool { return re.MatchString(url) })
}

// Level is 0 for the portal, 2 for a county's site, 1 for every other.
func (r *Registry) Level(s *Site) int {
	switch {
	case s.ID == r.cluster.Portal:
		return 0
	case s.County != "":
		return 2
	}
	return 1
}

// SeedURLs are where the crawl of a site begins: the seeds, or the home page of the first host that is no wildcard.
func (s *Site) SeedURLs() []string {
	if len(s.Seeds) > 0 {
		return s.Seeds
	}
	host := s.Hosts[0]
	for _, h := range s.Hosts {
		if !strings.HasPrefix(h, "*.") {
			host = h
			break
		}
	}
	scheme := "http"
	if strings.HasSuffix(host, ":443") {
		scheme = "https"
	}
	return []string{scheme + "://" + strings.TrimPrefix(host, "*.") + "/"}
}

// Department returns the id of the department with the given id or one of its names.
func (r *Registry) Department(name string) (id string, ok bool) { return r.departments.find(name) }

// County returns the id of the county with the given id or one of its names.
func (r *Registry) County(name string) (id string, ok bool) { return r.counties.find(name) }

// SiteNamed returns the id of the site with the given id or name.
func (r *Registry) SiteNamed(name string) (id string, ok bool) {
	if r.byID[name] != nil {
		return name, true
	}
	for i := range r.cluster.Sites {
		if r.cluster.Sites[i].Name == name {
			return r.cluster.Sites[i].ID, true
		}
	}
	return "", false
}

// MatchDepartment finds the department that a publisher as written on a page means: 「云河州住房公积金中心」, 「州教体局」, 「县人社局办公室」.
// Of several the longest name in the text wins; ok is false where none stands in it.
func (r *Registry) MatchDepartment(text string) (id string, ok bool) {
	return r.departments.longest(text)
}

// MatchCounty finds the county whose name stands in the text, the longest of several.
func (r *Registry) MatchCounty(text string) (id string, ok bool) { return r.counties.longest(text) }

// DepartmentName is the official name of a department id, or the id itself where it is none.
func (r *Registry) DepartmentName(id string) string { return r.departments.name(id) }

// CountyName is the name of a county id, or the id itself where it is none.
func (r *Registry) CountyName(id string) string { return r.counties.name(id) }

// SiteName is the name of a site id, or the id itself where it is none.
func (r *Registry) SiteName(id string) string {
	if s := r.byID[id]; s != nil && s.Name != "" {
		return s.Name
	}
	return id
}

// Fingerprint changes when what the registry gives to documents may change: sites, departments, places. Pace and schedule do not count.
func (r *Registry) Fingerprint() string {
	c := r.cluster
	c.Sites = append([]Site(nil), c.Sites...)
	for i := range c.Sites {
		s := &c.Sites[i]
		s.Delay, s.Revisit, s.Hours, s.Seeds, s.InsecureTLS, s.LegacyTLS, s.AllowPrivate, s.Browser = 0, 0, Hours{}, nil, false, false, false, Browser{}
	}
	b, err := json.Marshal(c)
	if err != nil {
		panic(err) // plain strings always marshal
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8])
}
