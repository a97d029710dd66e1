package main

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// written saves a configuration and returns its path.
func written(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "terrace.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const smallest = `name: 云河州
sites:
  - id: portal
    name: 云河州人民政府
    hosts: [www.yunhe.example]
`

func TestTheSmallestConfigurationHasDefaults(t *testing.T) {
	path := written(t, smallest)
	c, err := LoadConfig(path)
	if err != nil {
		t.Fatal(err)
	}
	want := defaultConfig()
	want.Name = "云河州"
	want.Sites = []SiteConfig{{ID: "portal", Name: "云河州人民政府", Hosts: []string{"www.yunhe.example"}}}
	want.Storage.Dir = filepath.Join(filepath.Dir(path), "terrace-data")
	if !reflect.DeepEqual(c, want) {
		t.Errorf("%+v", c)
	}
}

func TestMistakesAreNamedWithLineAndRemedy(t *testing.T) {
	site := func(line string) string { return smallest + "    " + line + "\n" }
	for name, c := range map[string]struct{ text, want string }{
		"an unknown key":              {"nam: 云河州\n" + smallest, `terrace.yaml:1：有不认识的设置 "nam"，是否想写 "name"？`},
		"an unknown key of a site":    {site("host: a.example"), `terrace.yaml:6：sites[0] 有不认识的设置 "host"，是否想写 "hosts"？`},
		"a key in the wrong place":    {smallest + "adminToken: 0123456789abcdef\n", `terrace.yaml:6：有不认识的设置 "adminToken"，它应写在 server 之下`},
		"a key twice":                 {smallest + "name: 再来\n", `terrace.yaml:6：name 写了两次（前一次在第 1 行）：删去一处`},
		"no unit":                     {site("delay: 5"), `terrace.yaml:6：sites[0].delay 的值 "5" 不对：没有单位，写成 500ms、2s、30m、12h、7d 这样`},
		"a negative time":             {site("delay: -5s"), `terrace.yaml:6：sites[0].delay 的值 "-5s" 不对：时长不能是负的`},
		"no size":                     {smallest + "crawl: {maxBody: 很大}\n", `terrace.yaml:6：crawl.maxBody 的值 "很大" 不对：不是大小`},
		"no yes or no":                {site("insecureTLS: maybe"), `terrace.yaml:6：sites[0].insecureTLS 的值 "maybe" 不对：只能是「是」或「否」，写 true 或 false`},
		"a value where a list stands": {site("seeds: http://www.yunhe.example/"), `terrace.yaml:6：sites[0].seeds 应是列表，写成了单个值`},
		"a list where a value stands": {site("charset: [gbk]"), `terrace.yaml:6：sites[0].charset 应是一个值，写成了列表`},
		"a charset nobody knows":      {site("charset: klingon"), `terrace.yaml:6：sites[0].charset 的值 "klingon" 不对：写 gb18030、utf-8 或 big5`},
		"an unknown department":       {site("department: gjj"), `terrace.yaml:6：sites[0].department 的值 "gjj" 不在 departments 的 id 之中，先在 departments 里写上它`},
		"a department nearly right":   {site("department: gij") + "departments: [{id: gjj, name: 公积金中心}]\n", `terrace.yaml:6：sites[0].department 的值 "gij" 不在 departments 的 id 之中，是否想写 "gjj"？`},
		"a portal nobody knows":       {"portal: main\n" + smallest, `terrace.yaml:1：portal 的值 "main" 不在 sites 的 id 之中`},
		"a browser that is no yes":    {site("browser: {all: true}"), `terrace.yaml:6：sites[0].browser 的值不对：写 true`},
		"a browser for a word":        {site("browser: 有的"), `terrace.yaml:6：sites[0].browser 的值不对：写 true`},
		"a broken browser pattern":    {site("browser: ['(']"), "terrace.yaml:6：sites[0].browser[0] 不是正确的正则表达式 \"(\""},
		"no pages an hour":            {smallest + "crawl: {browser: {pagesPerHour: 0}}\n", `terrace.yaml:6：crawl.browser.pagesPerHour 的值 0 不对：应在 1 到 3600 之间`},
		"a broken pattern":            {site("deny: ['(']"), "terrace.yaml:6：sites[0].deny[0] 不是正确的正则表达式 \"(\""},
		"a seed elsewhere":            {site("seeds: ['http://other.example/']"), `terrace.yaml:6：sites[0].seeds[0] 的网址 "http://other.example/" 不在该站的 hosts 之中：把 "other.example" 加进 hosts`},
		"a seed that is no URL":       {site("seeds: [www.yunhe.example]"), `terrace.yaml:6：sites[0].seeds[0] 的值 "www.yunhe.example" 不对：写完整的网址`},
		"a host with a scheme":        {strings.Replace(smallest, "www.yunhe.example", "'http://www.yunhe.example/'", 1), `terrace.yaml:5：sites[0].hosts[0] 的值 "http://www.yunhe.example/" 不对：只写域名，不带 http:// 和路径`},
		"a wildcard too wide":         {strings.Replace(smallest, "www.yunhe.example", "'*.gov.cn'", 1), `terrace.yaml:5：sites[0].hosts[0] 的值 "*.gov.cn" 不对：范围太大`},
		"an index without a URL":      {smallest + "index: {user: a}\n", `terrace.yaml:6：index 里没有 url：写上 OpenSearch 的网址，或删去整段`},
		"an index URL that is none":   {smallest + "index: {url: '10.1.2.3:9200'}\n", `terrace.yaml:6：index.url 的值 "10.1.2.3:9200" 不对：写成 https://10.1.2.3:9200 这样`},
		"a password in an index URL":  {smallest + "index: {url: 'https://a:b@10.1.2.3:9200'}\n", `terrace.yaml:6：index.url 里不要写用户名和密码`},
		"a password without a user":   {smallest + "index: {url: 'https://10.1.2.3:9200', password: abc}\n", `写了 index.password 而没有 index.user`},
		"too many shards":             {smallest + "index: {url: 'https://10.1.2.3:9200', shards: 100}\n", `terrace.yaml:6：index.shards 的值 100 不对：应在 1 到 64 之间`},
		"a host twice":                {smallest + "  - {id: b, name: 乙, hosts: [WWW.yunhe.example]}\n", `terrace.yaml:6：sites[1].hosts[0] 的域名 "WWW.yunhe.example" 已属于 sites[0]`},
		"an id twice":                 {smallest + "  - {id: portal, name: 乙, hosts: [b.example]}\n", `terrace.yaml:6：sites[1] 的 id "portal" 与 sites[0] 重复：换一个`},
		"an id in capitals":           {strings.Replace(smallest, "id: portal", "id: Portal", 1), `terrace.yaml:3：sites[0] 的 id "Portal" 不对：只用小写字母`},
		"no sites":                    {"name: 云河州\n", "terrace.yaml:1：sites 里没有站点：至少写一个，或先用 terrace init 网址 生成一份配置"},
		"files kept for an hour":      {smallest + "archive: {keepFiles: 1h}\n", "archive.keepFiles 的值 1h0m0s 不对：至少 1d，如 90d；要永久保存就删去这一行"},
		"nothing":                     {"", "terrace.yaml：缺少 name"},
		"no mapping":                  {"云河州\n", "terrace.yaml:1：应是一组「键: 值」，写成了单个值"},
		"a tab":                       {"name: 云河州\nsites:\n\t- id: a\n", "terrace.yaml:3：YAML 写法有误"},
		"GBK":                         {"name: 云河州\n# \xd4\xc6\n" + smallest, "terrace.yaml:2：文件不是 UTF-8 编码：请用编辑器另存为 UTF-8"},
		"two documents":               {smallest + "---\nname: 二\n", "terrace.yaml:6：「---」之后又是一份配置"},
		"one port for two":            {smallest + "listen: {http: ':80', grpc: ':80'}\n", `terrace.yaml:6：listen.http 与 listen.grpc 都是 ":80"：两者要用不同的端口`},
		"a port too large":            {smallest + "listen: {http: ':70000'}\n", `terrace.yaml:6：listen.http 的值 ":70000" 不对`},
		"a short token":               {smallest + "server: {adminToken: secret}\n", "terrace.yaml:6：server.adminToken 太短或有特殊字符"},
		"a proxy without scheme":      {smallest + "crawl: {proxy: '10.1.2.3:3128'}\n", `terrace.yaml:6：crawl.proxy 的值 "10.1.2.3:3128" 不对`},
		"hours that are none":         {site("hours: 晚上"), `terrace.yaml:6：sites[0].hours 的值 "晚上" 不对`},
		"a denied character":          {smallest + "queries: {deny: [赌博网, 法]}\n", `terrace.yaml:6：queries.deny 里的 "法" 不对：只有一个字，含有这个字的都会被挡住：写两个字以上的词语`},
		"a denied sign":               {smallest + "queries: {deny: ['！！']}\n", `terrace.yaml:6：queries.deny 里的 "！！" 不对：里面没有文字`},
		"a denied essay":              {smallest + "queries: {deny: [" + strings.Repeat("长", 61) + "]}\n", `有 61 个字，太长：一行只写一个词语，最多 60 个字`},
		"a denylist that is a table":  {smallest + "queries: {deny: {a: b}}\n", `terrace.yaml:6：queries.deny 应是一个值，写成了一组设置`},
		"one name for two places":     {smallest + "places: [{id: a, name: 青溪县}, {id: b, name: 青溪县}]\n", "terrace.yaml:6：places[1] 的名称「青溪县」也属于 places[0]：一个名称只能指一个地区"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := LoadConfig(written(t, c.text))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

func TestEveryMistakeIsNamedAtOnce(t *testing.T) {
	_, err := LoadConfig(written(t, "nmae: x\nportal: y\nsites:\n  - id: A\n    delay: 3\n"))
	if err == nil {
		t.Fatal("no error")
	}
	var lines []string
	for l := range strings.SplitSeq(err.Error(), "\n") {
		lines = append(lines, regexp.MustCompile(`^terrace\.yaml(?::\d+)?`).FindString(l))
	}
	want := []string{"terrace.yaml:1", "terrace.yaml:1", "terrace.yaml:2", "terrace.yaml:4", "terrace.yaml:4", "terrace.yaml:4", "terrace.yaml:5"}
	if !slices.Equal(lines, want) {
		t.Errorf("%v", err)
	}
}

func TestAMissingFileSaysWhatToDo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "none.yaml")
	if _, err := LoadConfig(path); err == nil || err.Error() != "找不到配置文件 "+path+"：用 --config 指出它的位置，或先用 terrace init 网址 生成一份" {
		t.Error(err)
	}
}

func TestTheEnvironmentOverridesTheFile(t *testing.T) {
	t.Setenv("TERRACE_CRAWL_DELAY", "3s")
	t.Setenv("TERRACE_ADMIN_TOKEN", "0123456789abcdef")
	t.Setenv("TERRACE_SERVER_TRUSTED_PROXIES", "10.0.0.1, 10.1.0.0/16")
	t.Setenv("TERRACE_LISTEN_GRPC", "off")
	t.Setenv("TERRACE_STORAGE_DIR", "")
	t.Setenv("TERRACE_PORT", "tcp://10.0.0.1:80") // as Kubernetes sets it
	c, err := LoadConfig(written(t, smallest+"crawl: {delay: 1s}\n"))
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprint(c.Crawl.Delay, c.Server.AdminToken, c.Server.TrustedProxies, c.Listen.GRPC, filepath.Base(c.Storage.Dir))
	if want := fmt.Sprint(3*time.Second, "0123456789abcdef", "[10.0.0.1/32 10.1.0.0/16]", "", "terrace-data"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}

	t.Setenv("TERRACE_CRAWL_DELAY", "3")
	if _, err := LoadConfig(written(t, smallest)); err == nil || !strings.Contains(err.Error(), `环境变量 TERRACE_CRAWL_DELAY：crawl.delay 的值 "3" 不对：没有单位`) {
		t.Error(err)
	}
}

func TestTheDenylistMayBeAFile(t *testing.T) {
	path := written(t, smallest+"queries: {deny: deny.txt}\n")
	c, err := LoadConfig(path)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(filepath.Dir(path), "deny.txt")
	for text, want := range map[string]string{
		"\uFEFF# 说明\r\n本地谣言\r\n\r\n  某某传闻 \n": "[本地谣言 某某传闻] <nil>",
		"\uFEFF本地谣言":       "[本地谣言] <nil>",
		"本地谣言\n\n谣":        "[] 屏蔽词表 " + file + ` 第 3 行的 "谣" 不对：只有一个字，含有这个字的都会被挡住：写两个字以上的词语`,
		"\xb1\xbe\xb5\xd8": "[] 屏蔽词表 " + file + " 不是 UTF-8 编码：请用编辑器另存为 UTF-8",
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		words, err := denied(c)
		if got := fmt.Sprint(words, " ", err); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if _, err := denied(c); err == nil || !strings.Contains(err.Error(), "读不了屏蔽词表") {
		t.Errorf("without the file: %v", err)
	}
}

// example is the commented configuration with the settings that are switched off switched on.
func example(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/terrace.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return regexp.MustCompile(`(?m)^( *)#(\w+:)`).ReplaceAllString(string(text), "$1$2")
}

func TestTheExampleNamesEverySettingAndLoads(t *testing.T) {
	if _, err := LoadConfig("../../docs/terrace.example.yaml"); err != nil {
		t.Error(err)
	}
	all := example(t)
	if _, err := LoadConfig(written(t, all)); err != nil {
		t.Error(err)
	}
	d := &decoder{lines: map[string]int{}}
	d.decode([]byte(all), defaultConfig())
	named := map[string]bool{}
	for path := range d.lines {
		named[regexp.MustCompile(`\[\d+\]`).ReplaceAllString(path, "[]")] = true
	}
	for _, s := range settingsOf(reflect.TypeFor[Config](), "") {
		if !named[s.path] {
			t.Errorf("the example does not name %s", s.path)
		}
	}
}

func TestTheDocumentationNamesEveryVariable(t *testing.T) {
	text, err := os.ReadFile("../../docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range settingsOf(reflect.TypeFor[Config](), "") {
		if s.index == nil {
			continue
		}
		var names []string
		for _, name := range s.variables() {
			names = append(names, "`"+name+"`")
		}
		if row := fmt.Sprintf("| %s | `%s` |\n", strings.Join(names, "、"), s.path); !strings.Contains(string(text), row) {
			t.Errorf("docs/configuration.md has no line %q", row)
		}
	}
}
