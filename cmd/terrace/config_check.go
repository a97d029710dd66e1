package main

import (
	"fmt"
	"maps"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/net/publicsuffix"
	"golang.org/x/text/encoding/htmlindex"

	"terrace/lexicon"
	"terrace/query"
	"terrace/segment"
	"terrace/site"
)

// check looks for values that read well but cannot be meant.
func (d *decoder) check(c *Config) {
	if c.Name == "" {
		d.failAt("name", "缺少 name：写上集群的名称，如 name: 云河州政府网站群")
	}
	departments := d.checkNamed("departments", "部门", c.Departments)
	places := d.checkNamed("places", "地区", c.Places)
	d.checkSites(c, departments, places)
	d.checkCrawl(c.Crawl)
	if c.Storage.Dir == "" {
		d.failAt("storage.dir", "storage.dir 是空的：写上存放数据的文件夹，或删去这一行（默认 terrace-data）")
	}
	d.checkArchive(c.Archive)
	d.checkIndex(c.Index)
	for i, f := range c.Ranking.Off {
		if !slices.Contains(query.Factors, f) {
			d.failAt(fmt.Sprintf("ranking.off[%d]", i), "ranking.off 里没有 %q 这个因素：可写 %s", f, strings.Join(query.Factors, "、"))
		}
	}
	if _, err := lexicon.Parse(strings.Join(c.Dictionary.Synonyms.Words, "\n"), ""); err != nil {
		d.failAt("dictionary.synonyms", "dictionary.synonyms 有误：%v", err)
	}
	for i, word := range c.Queries.Deny.Words {
		if problem := denyProblem(word); problem != "" {
			d.failAt(fmt.Sprintf("queries.deny[%d]", i), "queries.deny 里的 %q 不对：%s", word, problem)
		}
	}
	for i, domain := range c.Findings.Domains {
		if problem := hostProblem(strings.ToLower(domain), false); problem != "" {
			d.failAt(fmt.Sprintf("findings.domains[%d]", i), "findings.domains 里的 %q 不对：%s", domain, problem)
		}
	}
	d.checkAddress("listen.http", c.Listen.HTTP)
	if c.Listen.GRPC != off {
		d.checkAddress("listen.grpc", c.Listen.GRPC)
	}
	if c.Listen.HTTP == c.Listen.GRPC && !strings.HasSuffix(c.Listen.HTTP, ":0") {
		d.failAt("listen.grpc", "listen.http 与 listen.grpc 都是 %q：两者要用不同的端口", c.Listen.HTTP)
	}
	if p := c.Server.Prefix; p != "" && !prefixForm.MatchString(p) {
		d.failAt("server.prefix", "server.prefix 的值 %q 不对：写成 /search 这样，以 / 开头", p)
	}
	d.checkNotify(c)
	if t := c.Server.AdminToken; t != "" && !isSecret(t) {
		d.failAt("server.adminToken", "server.adminToken 太短或有特殊字符：至少 16 个字母、数字；删去这一行则自动生成")
	}
}

// isSecret reports a token that can be sent in a header and is not easily guessed.
func isSecret(t string) bool {
	return len(t) >= 16 && !strings.ContainsFunc(t, func(r rune) bool { return r <= ' ' || r > '~' })
}

func (d *decoder) checkNotify(c *Config) {
	sites, keys := map[string]bool{}, map[string]bool{}
	for i, n := range c.Notify {
		path := fmt.Sprintf("notify[%d]", i)
		switch {
		case !slices.ContainsFunc(c.Sites, func(s SiteConfig) bool { return s.ID == n.Site }):
			d.failAt(path+".site", "%s 的 site %q 不是 sites 里的站点：写它的 id", path, n.Site)
		case sites[n.Site]:
			d.failAt(path+".site", "%s 的站点 %q 写了两次：删去一处", path, n.Site)
		case !isSecret(n.Key):
			d.failAt(path+".key", "%s 的 key 太短或有特殊字符：至少 16 个字母、数字", path)
		case keys[n.Key] || n.Key == c.Server.AdminToken:
			d.failAt(path+".key", "%s 的 key 与别处的相同：每个站点用自己的", path)
		}
		sites[n.Site], keys[n.Key] = true, true
	}
}

// denyProblem says in Chinese why a word cannot be denied; empty if it can.
func denyProblem(word string) string {
	switch n := utf8.RuneCountInString(segment.TitleKey(word)); {
	case n == 0:
		return "里面没有文字：写上词语，或删去它"
	case n == 1:
		return "只有一个字，含有这个字的都会被挡住：写两个字以上的词语"
	case n > longestDenied:
		return fmt.Sprintf("有 %d 个字，太长：一行只写一个词语，最多 %d 个字", n, longestDenied)
	}
	return ""
}

const longestDenied = 60 // runes; no longer query is kept

var (
	idForm     = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,63}$`)
	codeForm   = regexp.MustCompile(`^[0-9A-Za-z]{10}$`)
	prefixForm = regexp.MustCompile(`^/$|^(/[A-Za-z0-9._~-]+)+/?$`)
)

// checkID reports an id that is missing, malformed or used before.
func (d *decoder) checkID(path, id string, seen map[string]string) {
	switch {
	case id == "":
		d.failAt(path+".id", "%s 缺少 id：写一个简短的英文标识，如 id: gjj", path)
	case !idForm.MatchString(id):
		d.failAt(path+".id", "%s 的 id %q 不对：只用小写字母、数字、「-」和「_」，最多 64 个", path, id)
	case seen[id] != "":
		d.failAt(path+".id", "%s 的 id %q 与 %s 重复：换一个", path, id, seen[id])
	default:
		seen[id] = path
	}
}

// checkNamed checks departments or places and returns their ids.
func (d *decoder) checkNamed(section, what string, all []NamedConfig) map[string]string {
	ids, names := map[string]string{}, map[string]string{}
	for i, n := range all {
		path := fmt.Sprintf("%s[%d]", section, i)
		d.checkID(path, n.ID, ids)
		if n.Name == "" {
			d.failAt(path+".name", "%s 缺少 name：写上%s的正式名称", path, what)
		}
		for _, name := range n.all() {
			if other := names[name]; name != "" && other != "" && other != path {
				d.failAt(path, "%s 的名称「%s」也属于 %s：一个名称只能指一个%s", path, name, other, what)
			}
			names[name] = path
		}
	}
	for id, path := range ids {
		if other := names[id]; other != "" && other != path {
			d.failAt(other, "%s 的名称「%s」是 %s 的 id：换一个", other, id, path)
		}
	}
	return ids
}

func (d *decoder) checkSites(c *Config, departments, places map[string]string) {
	if len(c.Sites) == 0 {
		d.failAt("sites", "sites 里没有站点：至少写一个，或先用 terrace init 网址 生成一份配置")
	}
	ids, hosts := map[string]string{}, map[string]string{}
	for i := range c.Sites {
		s, path := &c.Sites[i], fmt.Sprintf("sites[%d]", i)
		d.checkID(path, s.ID, ids)
		if s.Name == "" {
			d.failAt(path+".name", "%s 缺少 name：写上站点的名称", path)
		}
		d.checkHosts(path, s, hosts)
		d.checkReference(path+".department", s.Department, departments, "departments")
		d.checkReference(path+".county", s.County, places, "places")
		d.checkPatterns(path+".allow", s.Allow)
		d.checkPatterns(path+".deny", s.Deny)
		d.checkPatterns(path+".browser", s.Browser.Patterns)
		if s.SiteIDCode != "" && !codeForm.MatchString(s.SiteIDCode) {
			d.failAt(path+".siteIDCode", "%s.siteIDCode 的值 %q 不对：网站标识码是十位数字", path, s.SiteIDCode)
		}
		if _, err := htmlindex.Get(s.Charset); s.Charset != "" && err != nil {
			d.failAt(path+".charset", "%s.charset 的值 %q 不对：写 gb18030、utf-8 或 big5，或删去这一行由程序辨认", path, s.Charset)
		}
	}
	d.checkReference("portal", c.Portal, ids, "sites")
}

// checkReference reports an id that is none of those configured.
func (d *decoder) checkReference(path, id string, ids map[string]string, section string) {
	if id == "" || ids[id] != "" {
		return
	}
	remedy := fmt.Sprintf("先在 %s 里写上它", section)
	if near := nearest(id, slices.Sorted(maps.Keys(ids))); near != "" {
		remedy = fmt.Sprintf("是否想写 %q？", near)
	}
	d.failAt(path, "%s 的值 %q 不在 %s 的 id 之中，%s", path, id, section, remedy)
}

func (d *decoder) checkPatterns(path string, patterns []string) {
	for i, p := range patterns {
		if _, err := regexp.Compile(p); err != nil {
			d.failAt(fmt.Sprintf("%s[%d]", path, i), "%s[%d] 不是正确的正则表达式 %q：%v", path, i, p, err)
		}
	}
}

// checkHosts checks hosts and seeds of a site and notes whose hosts they are.
func (d *decoder) checkHosts(path string, s *SiteConfig, owners map[string]string) {
	if len(s.Hosts) == 0 {
		d.failAt(path+".hosts", "%s 缺少 hosts：写上站点的域名，如 hosts: [www.example.gov.cn]", path)
		return
	}
	named, before := false, len(d.mistakes)
	for i, h := range s.Hosts {
		at := fmt.Sprintf("%s.hosts[%d]", path, i)
		host, wild := strings.CutPrefix(strings.ToLower(h), "*.")
		named = named || !wild
		if problem := hostProblem(host, wild); problem != "" {
			d.failAt(at, "%s 的值 %q 不对：%s", at, h, problem)
		} else if other := owners[strings.ToLower(h)]; other != "" {
			d.failAt(at, "%s 的域名 %q 已属于 %s：一个域名只能属于一个站点", at, h, other)
		}
		owners[strings.ToLower(h)] = path
	}
	if len(d.mistakes) > before {
		return
	}
	if !named && len(s.Seeds) == 0 {
		d.failAt(path+".hosts", "%s 的 hosts 只有泛域名：用 seeds 写明从哪个网址开始", path)
	}
	d.checkSeeds(path, s)
}

func hostProblem(host string, wild bool) string {
	u, err := url.Parse("http://" + host + "/")
	switch {
	case strings.Contains(host, "://") || strings.Contains(host, "/"):
		return "只写域名，不带 http:// 和路径，如 www.example.gov.cn"
	case err != nil || u.Hostname() == "" || u.Host != host || strings.ContainsAny(host, "* ,，"):
		return "写成 www.example.gov.cn、10.1.2.3:8080 或 *.example.gov.cn 这样"
	case u.Port() != "" && !validPort(u.Port()):
		return "端口应在 1 到 65535 之间"
	}
	if suffix, _ := publicsuffix.PublicSuffix(u.Hostname()); wild && suffix == u.Hostname() {
		return "范围太大，会包括别的单位的网站；写到本单位的域名，如 *.example.gov.cn"
	}
	return ""
}

func validPort(s string) bool {
	n, err := strconv.Atoi(s)
	return err == nil && n > 0 && n < 1<<16
}

// checkSeeds reports seeds that the crawler would refuse, since they are not URLs of the site.
func (d *decoder) checkSeeds(path string, s *SiteConfig) {
	own, err := site.New(site.Cluster{Sites: []site.Site{{ID: "own", Hosts: s.Hosts}}})
	if err != nil {
		return // reported with the hosts
	}
	for i, seed := range s.Seeds {
		at := fmt.Sprintf("%s.seeds[%d]", path, i)
		u, err := url.Parse(seed)
		switch {
		case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
			d.failAt(at, "%s 的值 %q 不对：写完整的网址，如 http://www.example.gov.cn/", at, seed)
		case own.Of(u) == nil:
			d.failAt(at, "%s 的网址 %q 不在该站的 hosts 之中：把 %q 加进 hosts，或改正网址", at, seed, u.Host)
		}
	}
}

func (d *decoder) checkCrawl(c CrawlConfig) {
	if c.Tika != "" {
		u, err := url.Parse(c.Tika)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
			d.failAt("crawl.tika", "crawl.tika 的值 %q 不对：写成 http://127.0.0.1:9998 这样", c.Tika)
		}
	}
	if c.Proxy != "" {
		u, err := url.Parse(c.Proxy)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "socks5" {
			d.failAt("crawl.proxy", "crawl.proxy 的值 %q 不对：写成 http://10.1.2.3:3128 这样", c.Proxy)
		}
	}
	if c.Concurrency < 1 || c.Concurrency > 256 {
		d.failAt("crawl.concurrency", "crawl.concurrency 的值 %d 不对：应在 1 到 256 之间", c.Concurrency)
	}
	if n := c.Browser.PagesPerHour; n < 1 || n > 3600 {
		d.failAt("crawl.browser.pagesPerHour", "crawl.browser.pagesPerHour 的值 %d 不对：应在 1 到 3600 之间", n)
	}
	if c.Timeout <= 0 {
		d.failAt("crawl.timeout", "crawl.timeout 要大于 0：写成 30s 这样")
	}
	if c.UserAgent == "" || strings.ContainsAny(c.UserAgent, "\r\n") {
		d.failAt("crawl.userAgent", "crawl.userAgent 是空的或有换行：写上单位和联系方式，或删去这一行")
	}
}

func (d *decoder) checkArchive(c ArchiveConfig) {
	if c.KeepFiles != 0 && c.KeepFiles < 24*time.Hour {
		d.failAt("archive.keepFiles", "archive.keepFiles 的值 %v 不对：至少 1d，如 90d；要永久保存就删去这一行", c.KeepFiles)
	}
}

func (d *decoder) checkIndex(c IndexConfig) {
	if c.URL == "" {
		if c != (IndexConfig{}) {
			d.failAt("index", "index 里没有 url：写上 OpenSearch 的网址，或删去整段（索引就存在数据文件夹里）")
		}
		return
	}
	for node := range strings.SplitSeq(c.URL, ",") {
		u, err := url.Parse(strings.TrimSpace(node))
		switch {
		case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
			d.failAt("index.url", "index.url 的值 %q 不对：写成 https://10.1.2.3:9200 这样，几个节点用逗号隔开", node)
		case u.User != nil:
			d.failAt("index.url", "index.url 里不要写用户名和密码：写在 index.user 和 index.password")
		}
	}
	if c.Password != "" && c.User == "" {
		d.failAt("index.user", "写了 index.password 而没有 index.user：补上用户名")
	}
	if c.Shards < 0 || c.Shards > 64 {
		d.failAt("index.shards", "index.shards 的值 %d 不对：应在 1 到 64 之间，一片约放一千万篇", c.Shards)
	}
}

func (d *decoder) checkAddress(path, address string) {
	_, port, err := net.SplitHostPort(address)
	if err != nil || port != "0" && !validPort(port) {
		d.failAt(path, "%s 的值 %q 不对：写成 127.0.0.1:8080 或 :8080 这样", path, address)
	}
}
