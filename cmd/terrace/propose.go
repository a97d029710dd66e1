package main

import (
	"cmp"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strings"
	"text/template"

	"go.yaml.in/yaml/v3"
)

// A proposed cluster is what init writes.
type proposed struct {
	Name, Portal, Proxy string
	Departments, Places []NamedConfig
	Sites, Doubtful     []proposedSite
}

type proposedSite struct {
	SiteConfig
	Doubt string
}

// cluster turns what was found into a proposal.
func (s *survey) cluster() *proposed {
	portal := s.found[0]
	c := &proposed{Proxy: s.proxy}
	area := ""
	if m := government.FindStringSubmatch(portal.name); m != nil {
		area = m[1]
	}
	c.Name = cmp.Or(area, siteName(portal.name)) + "政府网站群"
	ids := map[string]bool{}
	owners := map[string]string{} // department or place by name
	for i, f := range s.found {
		at := proposedSite{Doubt: short(f.doubt, 200), SiteConfig: SiteConfig{
			ID: unused(idFor(f.hosts[0]), ids), Name: cmp.Or(siteName(f.name), f.hosts[0]), Hosts: f.hosts, SiteIDCode: f.code,
			AllowPrivate: s.looker.allowPrivate,
		}}
		if f.home != (&url.URL{Scheme: "http", Host: f.hosts[0], Path: "/"}).String() {
			at.Seeds = []string{f.home}
		}
		if f.doubt != "" {
			c.Doubtful = append(c.Doubtful, at)
			continue
		}
		if i == 0 {
			c.Portal = at.ID
		} else {
			c.assign(&at, area, owners)
		}
		c.Sites = append(c.Sites, at)
	}
	return c
}

// assign makes the county or department out of a site's name.
func (c *proposed) assign(at *proposedSite, area string, owners map[string]string) {
	name := at.Name
	if m := government.FindStringSubmatch(name); m != nil && m[1] != area {
		county := shorten(m[1], area)
		if owners[county] == "" {
			owners[county] = at.ID
			c.Places = append(c.Places, NamedConfig{ID: at.ID, Name: county})
		}
		at.County = owners[county]
		return
	}
	if !department.MatchString(name) {
		return
	}
	if owners[name] == "" {
		owners[name] = at.ID
		n := NamedConfig{ID: at.ID, Name: name}
		if brief := shorten(name, area); brief != name && owners[brief] == "" {
			owners[brief] = at.ID
			n.Names = []string{brief}
		}
		c.Departments = append(c.Departments, n)
	}
	at.Department = owners[name]
}

var (
	government = regexp.MustCompile(`^(?:中国[·•]?)?(\p{Han}{1,20}?(?:省|市|州|盟|地区|县|区|旗))(?:人民)?政府`)
	department = regexp.MustCompile(`^\p{Han}{2,30}(?:局|委|委员会|办|办公室|中心|厅|院|处|队|会|馆|所|台|站)(?:（[^）]*）)?$`)
	office     = regexp.MustCompile(`(?:局|委|委员会|办|办公室|中心|厅|院|县|区|市|州|旗|政府)$`)
	siteSuffix = regexp.MustCompile(`(?:官方网站|门户网站|政务网站?|信息网|网站|网)$`)
	welcome    = regexp.MustCompile(`^(?:欢迎(?:访问|光临|来到|您)*)?`)
)

// isOffice reports anchor texts that name an office or a county, not an article.
func isOffice(text string) bool { return len(text) <= 60 && office.MatchString(text) }

// siteName is a website's name without the words that say it is a website: 「云河州教育体育局门户网站」.
func siteName(name string) string {
	name = welcome.ReplaceAllString(strings.TrimSpace(name), "")
	brief := siteSuffix.ReplaceAllString(name, "")
	if department.MatchString(brief) || government.MatchString(brief) {
		return brief
	}
	return name
}

// shorten drops the area before a name: 「云河州教育体育局」.
func shorten(name, area string) string {
	if brief := strings.TrimPrefix(name, area); len(brief) >= len("某局") {
		return brief
	}
	return name
}

// idFor makes an id from the part of a host that tells it from its neighbours: gjj of gjj.example.gov.cn, qingxi of www.qingxi.gov.cn.
func idFor(host string) string {
	if name, port, err := net.SplitHostPort(host); err == nil && net.ParseIP(name) != nil {
		return "site-" + port
	}
	label, rest, _ := strings.Cut(host, ".")
	if label == "www" {
		label, _, _ = strings.Cut(rest, ".")
	}
	label = strings.Trim(notInID.ReplaceAllString(label, "-"), "-_")
	if label == "" || net.ParseIP(host) != nil {
		return "site"
	}
	return label[:min(len(label), 40)]
}

var notInID = regexp.MustCompile(`[^a-z0-9_-]+`)

func unused(id string, used map[string]bool) string {
	free := id
	for n := 2; used[free]; n++ {
		free = fmt.Sprintf("%s-%d", id, n)
	}
	used[free] = true
	return free
}

// scalar writes a value so that YAML reads it back, within lists too.
func scalar(s string) (string, error) {
	if strings.ContainsAny(s, ",[]{}") {
		b, err := yaml.Marshal(&yaml.Node{Kind: yaml.ScalarNode, Value: s, Style: yaml.DoubleQuotedStyle})
		return strings.TrimSpace(string(b)), err
	}
	b, err := yaml.Marshal(s)
	return strings.TrimSpace(string(b)), err
}

func list(items []string) (string, error) {
	out := make([]string, len(items))
	for i, item := range items {
		var err error
		if out[i], err = scalar(item); err != nil {
			return "", err
		}
	}
	return "[" + strings.Join(out, ", ") + "]", nil
}

var proposal = template.Must(template.New("").Funcs(template.FuncMap{"v": scalar, "list": list}).Parse(
	`# terrace init 拟出的配置，请逐项核对。每个设置的含义见 docs/configuration.md。
name: {{v .Name}}
portal: {{v .Portal}}
{{with .Departments}}
# 部门：name 写正式名称，names 写简称、旧称和俗称
departments:
{{- range .}}
  - id: {{v .ID}}
    name: {{v .Name}}
{{- with .Names}}
    names: {{list .}}{{end}}
{{- end}}
{{end}}{{with .Places}}
# 县市区
places:
{{- range .}}
  - id: {{v .ID}}
    name: {{v .Name}}
{{- end}}
{{end}}
sites:
{{- range .Sites}}{{template "site" .}}{{end}}
{{- with .Doubtful}}

  # 门户还链接到下面的网站。属于本网站群的，去掉行首的「#」。
{{- range .}}
  # {{.Doubt}}：
{{- template "doubtful" .}}{{end}}
{{- end}}
{{with .Proxy}}
crawl:
  proxy: {{v .}}
{{end -}}
{{define "site"}}
  - id: {{v .ID}}
    name: {{v .Name}}
    hosts: {{list .Hosts}}
{{- with .Seeds}}
    seeds: {{list .}}{{end}}
{{- with .Department}}
    department: {{v .}}{{end}}
{{- with .County}}
    county: {{v .}}{{end}}
{{- with .SiteIDCode}}
    siteIDCode: {{v .}}{{end}}
{{- if .AllowPrivate}}
    allowPrivate: true{{end}}
{{- end}}
{{- define "doubtful"}}
#  - id: {{v .ID}}
#    name: {{v .Name}}
#    hosts: {{list .Hosts}}
{{- with .Seeds}}
#    seeds: {{list .}}{{end}}
{{- end}}`))
