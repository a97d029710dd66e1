package crawl

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"terrace/indexer/archive"
	"terrace/indexer/markup"
)

// A bureau is a site of twelve articles whose answers can be exchanged, and a clock.
type bureau struct {
	*town
	now    time.Time
	answer func(path string) (body string, ok bool) // in place of the page
}

var matters = []string{"公积金提取", "养老保险转移", "居住证办理", "食品经营许可", "危房改造补助", "义务教育入学", "河道采砂管理", "林木采伐许可", "残疾人补贴发放", "出租汽车运价", "古树名木保护", "烟花爆竹燃放"}

// article is a page of the site: its own text between what all pages have.
func article(n int) string {
	m := matters[n]
	text := ""
	for i := range 8 {
		text += fmt.Sprintf("<p>%[1]s工作由%[1]s主管科室承担，第%[2]d项：办理%[1]s应当提交%[3]s所需的材料，窗口自受理之日起%[4]d个工作日内办结，并以%[1]s专用文书告知申请人%[3]s。</p>\n",
			m, i+1, strings.Repeat(string([]rune(m)[:2])+string(rune('甲'+i*37+n*211)), 3), 5+i)
	}
	return paged("关于"+m+"有关事项的通知", text)
}

func paged(title, text string) string {
	return "<title>" + title + "-云河州某某局</title><div>欢迎访问云河州某某局门户网站，今天是星期一</div><a href=/>首页</a><h1>" + title + "</h1>" + text +
		"<div>主办单位：云河州某某局 地址：云河市人民路一号 网站标识码和备案号见本页 未经许可不得转载本网站内容</div>"
}

func home() string {
	var b strings.Builder
	for i, m := range matters {
		fmt.Fprintf(&b, "<li><a href=/art/%d.html>关于%s有关事项的通知</a><span>2026-01-02</span>\n", i, m)
	}
	return paged("首页", "<ul>"+b.String()+"</ul><p>本局承担全州有关行政管理工作，欢迎社会各界监督。</p>")
}

func newBureau(t *testing.T) *bureau {
	b := &bureau{now: time.Now().Add(time.Minute)}
	b.answer = func(string) (string, bool) { return "", false }
	b.town = newTownOf(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		if body, ok := b.answer(r.URL.Path); ok {
			fmt.Fprint(w, body)
			return
		}
		var n int
		if r.URL.Path == "/" {
			fmt.Fprint(w, home())
		} else if _, err := fmt.Sscanf(r.URL.Path, "/art/%d.html", &n); err == nil && n < len(matters) {
			fmt.Fprint(w, article(n))
		} else {
			http.NotFound(w, r)
		}
	})
	b.visit(0)
	for i := range matters {
		if p := b.page(articlePath(i)); p.State != archive.OK || p.Role != archive.Article {
			t.Fatalf("%+v", p)
		}
	}
	return b
}

func articlePath(n int) string { return fmt.Sprintf("/art/%d.html", n) }

// visit crawls everything after a while.
func (b *bureau) visit(after time.Duration) {
	b.Helper()
	b.now = b.now.Add(after)
	if _, err := b.archive.Recrawl(b.Context(), archive.Scope{}, b.now); err != nil {
		b.Fatal(err)
	}
	b.crawl(func(o *Options) {
		o.Clock.Now = func() time.Time { return b.now }
		o.Clock.Wait = func(_ context.Context, until time.Time) error {
			if until.After(b.now) {
				b.now = until
			}
			return nil
		}
	})
}

func (b *bureau) kept(n int) string {
	b.Helper()
	raw, err := b.archive.Content(b.Context(), b.page(articlePath(n)).Content)
	if err != nil {
		b.Fatal(err)
	}
	return string(raw)
}

func (b *bureau) alarm() string {
	b.Helper()
	alarms, err := b.archive.Alarms(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	if len(alarms) == 0 {
		return ""
	}
	return alarms[0].Site + ": " + alarms[0].Cause
}

// misread is UTF-8 taken for Latin-1 and written as UTF-8 again.
func misread(s string) string {
	var b strings.Builder
	for i := range len(s) {
		b.WriteRune(rune(s[i]))
	}
	return b.String()
}

func TestWhatIsNoLongerThePageIsNotTakenForIt(t *testing.T) {
	same := func(body string) func(string) (string, bool) {
		return func(string) (string, bool) { return body, true }
	}
	for name, c := range map[string]struct {
		answer func(string) (string, bool)
		state  archive.State
		cause  string
	}{
		"empty body": {same(""), archive.Suspect, "an empty page in its place"},
		"empty page": {same("<html><body><div id=app></div></body></html>"), archive.Suspect, "an empty page in its place"},
		"login form": {same(paged("统一身份认证", "<form>用户名<input name=u>密码<input type=password name=p></form>")), archive.Suspect, "a login form in its place"},
		"home page":  {same(home()), archive.Suspect, "another page in its place"},
		"error page": {same(paged("系统提示", "<p>对不起，系统正在维护升级，请稍后再访问，给您带来不便敬请谅解。</p>")), archive.Suspect, "another page in its place"},
		"parked domain": {same("<title>域名出售</title><h1>该域名正在出售</h1><p>如果您对该域名感兴趣，请点击这里提供您的报价，专业经纪人为您服务。</p><a href=//sale.example>购买</a>"),
			archive.Suspect, "another page in its place"},
		"firewall": {same("<script>document.cookie='a=1';location.reload()</script>"), archive.WAF, "a firewall's challenge"},
		"misread": {func(p string) (string, bool) {
			var n int
			if _, err := fmt.Sscanf(p, "/art/%d.html", &n); err != nil {
				return misread(home()), true
			}
			return misread(article(n)), true
		}, archive.Suspect, "text that cannot be read in its place"},
		"question marks": {func(p string) (string, bool) {
			var n int
			if _, err := fmt.Sscanf(p, "/art/%d.html", &n); err != nil {
				return "", false
			}
			return strings.Map(func(r rune) rune {
				if r > 0x7f {
					return '?'
				}
				return r
			}, article(n)), true
		}, archive.Suspect, "text that cannot be read in its place"},
		"text lost": {func(p string) (string, bool) {
			var n int
			if _, err := fmt.Sscanf(p, "/art/%d.html", &n); err != nil {
				return "", false
			}
			return paged("关于"+matters[n]+"有关事项的通知", ""), true
		}, archive.Suspect, "its text is gone"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBureau(t)
			b.answer = c.answer
			for range 10 {
				b.visit(12 * time.Hour)
			}
			for i := range matters {
				if p := b.page(articlePath(i)); p.State != c.state || b.kept(i) != article(i) {
					t.Errorf("%s is %s: %s, and keeps %.60q", p.URL, p.State, p.Reason, b.kept(i))
				}
			}
			if got := b.alarm(); got != "town: "+c.cause {
				t.Errorf("the alarm says %q", got)
			}
			b.answer = func(string) (string, bool) { return "", false }
			b.visit(time.Hour)
			b.visit(time.Hour)
			for i := range matters {
				if p := b.page(articlePath(i)); p.State != archive.OK || p.LastVerified.Before(b.now.Add(-2*time.Hour)) {
					t.Errorf("once it is back, %s is %s: %s, verified %v", p.URL, p.State, p.Reason, p.LastVerified)
				}
			}
			if got := b.alarm(); got != "" {
				t.Errorf("once it is back, the alarm says %q", got)
			}
		})
	}
}

func TestAPageThatChangedIsTaken(t *testing.T) {
	whole := article(3)
	for name, body := range map[string]string{
		"a word":              strings.Replace(whole, "应当提交", "须提交", 1),
		"shortened":           whole[:strings.Index(whole, "第3项")] + "</p>" + whole[strings.Index(whole, "<div>主办"):],
		"a paragraph more":    strings.Replace(whole, "</h1>", "</h1><p>本通知自发布之日起施行，原有规定同时废止，由本局负责解释。</p>", 1),
		"another headline":    strings.ReplaceAll(whole, "关于食品经营许可有关事项的通知", "食品经营许可办事指南（修订）"),
		"rewritten":           paged("关于食品经营许可有关事项的通知", strings.Repeat("<p>为优化营商环境，自今年起上述证照改为全程网上办理，当事人可登录政务服务平台提出，审批结果当日送达。</p>", 5)),
		"another frame":       "<html><head><title>新版</title></head><body><nav>新版导航</nav>" + whole[strings.Index(whole, "<h1>"):strings.Index(whole, "<div>主办")] + "<footer>新版页脚</footer></body></html>",
		"a login for readers": strings.Replace(whole, "<h1>", "<form><input type=password></form><h1>", 1),
	} {
		t.Run(name, func(t *testing.T) {
			b := newBureau(t)
			b.answer = func(p string) (string, bool) { return body, p == articlePath(3) }
			b.visit(12 * time.Hour)
			if p := b.page(articlePath(3)); p.State != archive.OK || b.kept(3) != body {
				t.Errorf("it is %s: %s", p.State, p.Reason)
			}
		})
	}
}

func TestAPageWhoseTextOthersHaveTooIsTakenWithAnotherFrame(t *testing.T) {
	form := func(name, foot string) string {
		text := article(3)
		return "<title>行政处罚公示" + name + "</title><h1>行政处罚公示" + name + "</h1>" + text[strings.Index(text, "<p>"):strings.Index(text, "<div>主办")] + "<div>" + foot + "</div>"
	}
	parse := func(body string) *markup.Page {
		p, err := markup.Parse(&url.URL{}, []byte(body), "", "utf-8")
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	around := []*wording{wordingOf(parse(form("李四", "网站地图")), false), wordingOf(parse(form("王五", "网站地图")), false)}
	if why := mistaken(parse(form("张三", "网站地图")), parse(form("张三", "联系我们")), "行政处罚公示张三", around, false); why != "" {
		t.Errorf("it is taken for another: %s", why)
	}
}

func TestAnotherPageThatStaysIsTakenAtLast(t *testing.T) {
	b := newBureau(t)
	other := paged("全新页面", strings.Repeat("<p>本栏目已经改版，请从新的入口办理各项业务，咨询电话照旧。</p>", 3))
	b.answer = func(p string) (string, bool) { return other, p == articlePath(3) }
	for i := range 5 {
		b.visit(12 * time.Hour)
		if want := article(3); b.kept(3) != want && i < 4 {
			t.Errorf("it was taken at visit %d", i+1)
		}
	}
	if p := b.page(articlePath(3)); p.State != archive.OK || b.kept(3) != other {
		t.Errorf("after two days it is %s: %s", p.State, p.Reason)
	}
	if got := b.alarm(); got != "" {
		t.Errorf("an alarm for one page: %s", got)
	}
}

func TestAnApologyThatStaysIsAnEnd(t *testing.T) {
	b := newBureau(t)
	b.answer = func(p string) (string, bool) {
		return paged("提示", "<p>您访问的页面不存在或者已经被删除，请返回首页。</p>"), p == articlePath(3) || p == articlePath(4) || strings.Contains(p, "no-such-page")
	}
	for range 4 {
		b.visit(12 * time.Hour)
	}
	if b.kept(3) != article(3) {
		t.Error("it went before two days were over")
	}
	b.visit(12 * time.Hour)
	b.visit(time.Hour)
	if p := b.page(articlePath(3)); p.State != archive.Quarantined || !p.Deleted {
		t.Errorf("after two days it is %s: %s", p.State, p.Reason)
	}
}

func TestPagesThatACanonicalLinkLeadsToByMistakeStay(t *testing.T) {
	b := newBureau(t)
	b.answer = func(p string) (string, bool) {
		var n int
		if _, err := fmt.Sscanf(p, "/art/%d.html", &n); err != nil {
			return "", false
		}
		return strings.Replace(article(n), "<title>", "<link rel=canonical href=/art/0.html><title>", 1), true
	}
	b.visit(12 * time.Hour)
	b.visit(12 * time.Hour)
	for i := range matters {
		if p := b.page(articlePath(i)); p.State != archive.OK || p.Content == "" {
			t.Errorf("%s is %s: %s", p.URL, p.State, p.Reason)
		}
	}
}

func TestOfAnEndlessTextOnlyTheBeginningIsCompared(t *testing.T) {
	u := &url.URL{Scheme: "http", Host: "www.example.gov.cn", Path: "/"}
	page, err := markup.Parse(u, []byte("<html><body><p>"+strings.Repeat("政务公开abc", 2*maxLetters)), "text/html; charset=utf-8", "")
	if err != nil {
		t.Fatal(err)
	}
	if w := wordingOf(page, true); w.letters != maxLetters || len([]rune(w.text)) != maxLetters {
		t.Errorf("%d letters are looked at, %d kept", w.letters, len([]rune(w.text)))
	}
}
