package site

import (
	"net/url"
	"strings"
	"testing"
	"time"
)

func registry(t *testing.T, c Cluster) *Registry {
	t.Helper()
	r, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

var prefecture = Cluster{
	Name: "云河州", Portal: "portal",
	Sites: []Site{
		{ID: "portal", Name: "云河州人民政府", Hosts: []string{"www.yunhe.example"}},
		{ID: "gjj", Name: "公积金中心", Hosts: []string{"GJJ.yunhe.example.", "10.1.2.3:8080"}, Department: "gjj", Allow: []string{`/zcfg/`}, Deny: []string{`print=1`}},
		{ID: "qingxi", Name: "青溪县人民政府", Hosts: []string{"*.qingxi.example", "青溪.example"}, Seeds: []string{"http://www.qingxi.example/index.jsp"}, County: "qingxi"},
		{ID: "town", Name: "梅镇", Hosts: []string{"*.mei.qingxi.example"}},
	},
	Departments: []Department{
		{ID: "gjj", Name: "云河州住房公积金中心", Names: []string{"公积金中心"}},
		{ID: "jyj", Name: "教育局"}, {ID: "jyju", Name: "教育局考试院"},
	},
	Places: []Place{{ID: "qingxi", Name: "青溪县", Names: []string{"青溪"}}},
}

func TestAURLBelongsToTheSiteOfItsHost(t *testing.T) {
	r := registry(t, prefecture)
	for address, want := range map[string]string{
		"http://www.yunhe.example/a":          "portal",
		"https://WWW.YUNHE.EXAMPLE.:443/":     "portal",
		"http://yunhe.example/":               "",
		"http://www.yunhe.example:8080/":      "",
		"http://gjj.yunhe.example/":           "gjj",
		"http://10.1.2.3:8080/":               "gjj",
		"http://10.1.2.3/":                    "",
		"http://zwgk.qingxi.example/":         "qingxi",
		"http://a.b.qingxi.example/":          "qingxi",
		"http://qingxi.example/":              "",
		"http://x.mei.qingxi.example/":        "town",
		"http://青溪.example/":                  "qingxi",
		"http://xn--19w508f.example/":         "qingxi",
		"http://notqingxi.example/":           "",
		"http://www.yunhe.example.evil.test/": "",
		"http://www.yunhe.example@evil.test/": "",
		"ftp://www.yunhe.example/":            "portal",
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if s := r.Of(u); s != nil {
			got = s.ID
		}
		if got != want {
			t.Errorf("%s belongs to %q, want %q", address, got, want)
		}
	}
}

func TestPatternsLetAURLIn(t *testing.T) {
	r := registry(t, prefecture)
	for address, want := range map[string]bool{"http://h/zcfg/1": true, "http://h/news/1": false, "http://h/zcfg/1?print=1": false} {
		if got := r.Allowed(r.Site("gjj"), address); got != want {
			t.Errorf("%s: %v, want %v", address, got, want)
		}
	}
	if !r.Allowed(r.Site("portal"), "http://h/anything") {
		t.Error("a site without patterns is closed")
	}
}

func TestNamesMeanDepartments(t *testing.T) {
	r := registry(t, prefecture)
	for text, want := range map[string]string{
		"云河州住房公积金中心": "gjj", "州公积金中心办公室": "gjj", "云河州教育局": "jyj", "云河州教育局考试院": "jyju", "林业局": "",
	} {
		if got, ok := r.MatchDepartment(text); got != want || ok != (want != "") {
			t.Errorf("%s is of %q, want %q", text, got, want)
		}
	}
	if id, ok := r.Department("公积金中心"); !ok || id != "gjj" {
		t.Errorf("by another name: %q", id)
	}
	if _, ok := r.Department("州公积金中心"); ok {
		t.Error("a filter takes a name for another that holds it")
	}
	if id, ok := r.SiteNamed("青溪县人民政府"); !ok || id != "qingxi" {
		t.Errorf("site by name: %q", id)
	}
	if got := r.DepartmentName("gjj") + r.CountyName("qingxi") + r.SiteName("town") + r.SiteName("none"); got != "云河州住房公积金中心青溪县梅镇none" {
		t.Error(got)
	}
}

func TestThePortalIsAboveDepartmentsAndCounties(t *testing.T) {
	r := registry(t, prefecture)
	for id, want := range map[string]int{"portal": 0, "gjj": 1, "qingxi": 2} {
		if got := r.Level(r.Site(id)); got != want {
			t.Errorf("level of %s: %d, want %d", id, got, want)
		}
	}
}

func TestACrawlBeginsAtSeedsOrTheHomePage(t *testing.T) {
	for want, s := range map[string]Site{
		"http://www.a.example/":      {Hosts: []string{"*.a.example", "www.a.example"}},
		"https://www.a.example:443/": {Hosts: []string{"www.a.example:443"}},
		"http://b/1 http://b/2":      {Hosts: []string{"b"}, Seeds: []string{"http://b/1", "http://b/2"}},
	} {
		if got := strings.Join(s.SeedURLs(), " "); got != want {
			t.Errorf("seeds %s, want %s", got, want)
		}
	}
}

func TestAWrongClusterIsRefusedWithTheEntryThatIsWrong(t *testing.T) {
	one := Site{ID: "a", Hosts: []string{"a.example"}}
	for want, c := range map[string]Cluster{
		`site "a": id is used twice`:                   {Sites: []Site{one, {ID: "a", Hosts: []string{"b.example"}}}},
		`host "a.example" belongs to site "a" already`: {Sites: []Site{one, {ID: "b", Hosts: []string{"A.example."}}}},
		`site "a": has no hosts`:                       {Sites: []Site{{ID: "a"}}},
		`host "http://a.example": want a name`:         {Sites: []Site{{ID: "a", Hosts: []string{"http://a.example"}}}},
		`department "x" is not configured`:             {Sites: []Site{{ID: "a", Hosts: []string{"a.example"}, Department: "x"}}},
		`county "x" is not a configured place`:         {Sites: []Site{{ID: "a", Hosts: []string{"a.example"}, County: "x"}}},
		`site "a": deny:`:                              {Sites: []Site{{ID: "a", Hosts: []string{"a.example"}, Deny: []string{"("}}}},
		`portal "p": no such site`:                     {Portal: "p", Sites: []Site{one}},
		`department "d": id is used twice`:             {Departments: []Department{{ID: "d"}, {ID: "d"}}},
		`department "e": name "教育局" means "d" already`: {Departments: []Department{{ID: "d", Name: "教育局"}, {ID: "e", Name: "教育局"}}},
	} {
		if _, err := New(c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one that says %s", err, want)
		}
	}
}

func TestTheFingerprintFollowsWhatDocumentsGetAndNotThePace(t *testing.T) {
	base := registry(t, prefecture).Fingerprint()
	change := func(do func(*Cluster)) string {
		c := prefecture
		c.Sites = append([]Site(nil), c.Sites...)
		do(&c)
		return registry(t, c).Fingerprint()
	}
	if change(func(c *Cluster) {
		c.Sites[0].Delay, c.Sites[0].InsecureTLS, c.Sites[0].LegacyTLS = time.Second, true, true
	}) != base {
		t.Error("the pace changes the fingerprint")
	}
	if change(func(c *Cluster) { c.Sites[0].Department = "gjj" }) == base {
		t.Error("a department does not change the fingerprint")
	}
}

func TestHoursAreASpanOfTheDayInShanghai(t *testing.T) {
	at := func(clock string) time.Time {
		v, err := time.ParseInLocation("2006-01-02 15:04", "2024-03-05 "+clock, Zone)
		if err != nil {
			t.Fatal(err)
		}
		return v.UTC()
	}
	for _, c := range []struct {
		span, now string
		open      bool
		wait      time.Duration
	}{
		{"22:00-06:00", "23:00", true, 0}, {"22:00-06:00", "05:59", true, 0}, {"22:00-06:00", "06:00", false, 16 * time.Hour},
		{"08:30-17:00", "08:29", false, time.Minute}, {"08:30-17:00", "17:00", false, 15*time.Hour + 30*time.Minute}, {"0:00-24:00", "12:00", true, 0},
	} {
		h, err := ParseHours(c.span)
		if err != nil {
			t.Fatal(err)
		}
		now := at(c.now)
		if h.Open(now) != c.open || h.Next(now).Sub(now) != c.wait {
			t.Errorf("%s at %s: open %v, next in %v", c.span, c.now, h.Open(now), h.Next(now).Sub(now))
		}
		if again, err := ParseHours(h.String()); err != nil || again != h {
			t.Errorf("%s is written %s: %v", c.span, h, err)
		}
	}
	for _, s := range []string{"", "22:00", "22-06", "25:00-06:00", "22:60-06:00", "06:00-06:00", "00:00-00:00", "-1:00-06:00"} {
		if h, err := ParseHours(s); err == nil {
			t.Errorf("%q is read as %v", s, h)
		}
	}
	if !(Hours{}).Open(at("12:00")) {
		t.Error("no hours: closed")
	}
}
