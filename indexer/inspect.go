package indexer

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"strings"

	"terrace/index"
	"terrace/indexer/archive"
	"terrace/indexer/relate"
	"terrace/indexer/weburl"
)

// Inspect tells people all that is known of a page, by URL or id: its archived state, its history, what was extracted, and why it is or is not in
// the index. archive.ErrUnknown is wrapped where there is no such page.
func (x *Indexer) Inspect(ctx context.Context, page string) (string, error) {
	p, err := x.archive.Page(ctx, canonical(page))
	if err != nil {
		return "", err
	}
	r, err := x.related(ctx, p.ID)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	row := func(name string, value any) {
		if s := fmt.Sprint(value); s != "" && s != "0" {
			fmt.Fprintf(&b, "%s：%s\n", name, s)
		}
	}
	row("编号", p.ID)
	row("网址", p.URL)
	row("站点", x.registry.SiteName(p.Site))
	if e, withdrawn := x.withdrawn.Of(p.ID, p.URL); withdrawn {
		row("状态", "已撤回，不再答出")
		row("撤回", fmt.Sprintf("%s，%s，%s", e.ID, e.At.Format("2006-01-02 15:04:05"), e.Reason))
		row("采集", inChinese(string(p.State)))
	} else {
		row("状态", inChinese(string(p.State)))
	}
	row("原因", ReasonInChinese(p.Reason))
	row("角色", inChinese(string(p.Role)))
	row("指向", cmp.Or(p.MovedTo, r.Original))
	row("HTTP 状态", p.Status)
	row("类型", p.ContentType)
	row("字节", p.Size)
	if err := x.inspectBytes(ctx, p, row); err != nil {
		return "", err
	}
	row("变更号", p.Change)
	if !p.LastVerified.IsZero() {
		row("最近核实", p.LastVerified.Format("2006-01-02 15:04:05"))
	}
	if err := x.inspectTrouble(ctx, p.ID, row); err != nil {
		return "", err
	}
	if archive.IsUrgent(p) {
		row("下次访问", "马上")
	} else if !p.NextAt.IsZero() {
		row("下次访问", p.NextAt.Format("2006-01-02 15:04:05"))
	}
	past, err := x.archive.History(ctx, p.ID)
	if err != nil {
		return "", err
	}
	for _, v := range past {
		fmt.Fprintf(&b, "  %s %s %s %d\n", v.At.Format("2006-01-02 15:04:05"), inChinese(string(v.State)), ReasonInChinese(v.Reason), v.Status)
	}
	err = x.inspectDocument(ctx, &b, p, r)
	return b.String(), err
}

// inspectBytes tells where the bytes of a file are kept no longer.
func (x *Indexer) inspectBytes(ctx context.Context, p archive.Page, row func(string, any)) error {
	at, err := x.archive.Dropped(ctx, p.Content)
	if err != nil || at.IsZero() {
		return err
	}
	text := at.Format("2006-01-02") + " 起按 archive.keepFiles 不再保存，读出的文字保留"
	if t, err := x.text(ctx, p); err != nil {
		return err
	} else if t.Older {
		text += "；文字由旧版程序读出，重新采集这个网址可以重读"
	}
	row("原文", text)
	return nil
}

// inspectTrouble tells since when a page is kept though its visits do not show it to be there.
func (x *Indexer) inspectTrouble(ctx context.Context, id string, row func(string, any)) error {
	t, ok, err := x.archive.Trouble(ctx, id)
	if err != nil || !ok {
		return err
	}
	text := t.Since.Format("2006-01-02 15:04:05") + " 起没有核实到，内容保留"
	switch {
	case t.Kept:
		text += "；管理员已决定保留"
	case t.Accept:
		text += "；管理员已决定采用网站现在的内容"
	case t.Alarm:
		text += "；本站在告警中，见 terrace losses"
	case !t.Held.IsZero():
		text += "；本站其余网页正常时才删去"
	}
	row("存疑", text)
	return nil
}

// related is what the live generation knows of a page and others; nothing where there is none.
func (x *Indexer) related(ctx context.Context, id string) (r relate.Relations, err error) {
	live, ok, err := x.liveInfo(ctx)
	if err != nil || !ok {
		return r, err
	}
	all, err := x.relations.Relations(ctx, live.Name, []string{id})
	return all[id], err
}

// canonical takes a URL as a person has it to the form the archive knows; an id stays as it is.
func canonical(idOrURL string) string {
	u, err := url.Parse(idOrURL)
	if err != nil || u.Host == "" {
		return idOrURL
	}
	if read, err := weburl.Parse(nil, idOrURL); err == nil { // a host's name in Chinese is another in the archive
		u.Host = read.Host
	}
	return weburl.Canonical(u)
}

func (x *Indexer) inspectDocument(ctx context.Context, b *strings.Builder, p archive.Page, r relate.Relations) error {
	m, err := x.document(ctx, p)
	if err != nil {
		return err
	}
	switch {
	case m.err != nil:
		fmt.Fprintf(b, "未进索引：%v\n", m.err)
		return nil
	case m.skip != "":
		fmt.Fprintf(b, "未进索引：%s\n", inChinese(m.skip))
		return nil
	}
	d := m.document
	fmt.Fprintln(b, "已进索引")
	if r.Original != "" {
		fmt.Fprintln(b, "内容与所指向的网页相同，合为一篇")
	}
	fmt.Fprintf(b, "标题：%s\n类别：%s\n文号：%s\n来源：%s\n成文日期：%s\n", d.Title, d.Kind, d.DocNo, d.Source, d.Written)
	for _, v := range d.Details {
		fmt.Fprintf(b, "%s：%s\n", v.Name, strings.ReplaceAll(v.Value, "\n", " / "))
	}
	fmt.Fprintf(b, "效力：%s\n", inChinese(r.Validity))
	for _, l := range r.Links {
		fmt.Fprintf(b, "%s：%s %s\n", inChinese(l.Kind), l.Title, l.URL)
	}
	for _, c := range append(d.Copies[:len(d.Copies):len(d.Copies)], r.Copies...) {
		fmt.Fprintf(b, "刊于：%s %s %s %s %s %s\n", c.Site, c.Department, c.County, c.Column, c.Date, c.URL)
	}
	for _, a := range d.Attachments {
		fmt.Fprintf(b, "附件：%s（%d 字节文字） %s\n", a.Name, len(a.Text), a.URL)
	}
	if m.cut > 0 {
		fmt.Fprintf(b, "正文过长，末尾 %d 字节没有进索引\n", m.cut)
	}
	fmt.Fprintf(b, "正文：%s\n", d.Body)
	return nil
}

var chinese = map[string]string{
	"new": "未抓取", "ok": "已抓取", "redirect": "已转向", "gone": "已删除", "retry": "抓取失败，将重试", "robots": "robots.txt 不许抓取",
	"out_of_scope": "不在收录范围", "waf": "被防火墙拦下", "too_large": "过大", "unsupported": "读不了", "quarantined": "已隔离",
	"needs_ocr": "扫描件，要文字识别", "needs_js": "靠脚本显示，要用浏览器打开",
	"suspect": "内容可疑，保留原来的", "held": "网站上已不在，暂时保留",
	"home": "首页", "list": "列表页", "article": "文章页", "attachment": "附件", "sitemap": "站点地图",

	index.Valid: "有效", index.Amended: "已修改", index.Repealed: "已废止",
	index.RepealedBy: "被废止", index.AmendedBy: "被修改", index.Explains: "解读的政策", index.ExplainedBy: "解读",

	"withdrawn": "已撤回", resettled: "网站已关闭，内容在新网址", "no content": "没有存下内容", "its site is not configured": "所属站点不在配置中", "not a web page": "不是网页", "redirect stub": "只是跳转页", "a login form": "是登录页",
	"a firewall's challenge": "是防火墙的验证页", "noindex": "网页声明 noindex", "home page": "是首页", archive.ListPage: "是列表页",
	"no title": "没有标题", "no text": "没有正文",
	"attachments are not read": "没有读附件", "found with its page": "随所属网页一起查到", "a file that belongs to no page": "没有网页提供它",
}

// inChinese is the word for a state, a role or a reason to skip a page; what it does not know stays as it is.
func inChinese(s string) string {
	if c, ok := chinese[s]; ok {
		return c
	}
	return s
}

// reasons are the words in which the crawl says why a page is in its state, and what is said of them to people; longer ones before those within them.
var reasons = strings.NewReplacer(
	"robots.txt forbids it", "robots.txt 不许抓取",
	"robots.txt cannot be had: ", "取不到 robots.txt，等它恢复：",
	"its robots tag asks not to index it any more", "网页改成了声明不收录（robots meta）",
	"X-Robots-Tag asks not to index it", "X-Robots-Tag 声明不收录",
	"asks not to be indexed", "网页声明 noindex",
	"the list's pages go on without anything new", "列表一页页翻下去不再有新内容，不再往后翻",
	"the list's data holds no rows", "列表的接口没有给出一行：栏目是空的，或者要先取令牌、答验证码",
	"a web page came in place of the file", "该是文件，却来了网页",
	"a file that cannot be read in its place", "返回的文件读不了",
	"a scan: pictures and no text", "只有图片，没有文字",
	"attachments are not read", "没有读附件",
	"text is too long, all beyond is left out: ", "文字过长，只要了前面的：",
	" of its pages are pictures without text", " 页是图片，没有文字",
	"no file of the archive gives text: ", "包里没有一个文件读得出：",
	" files of the archive gave no text: ", " 个包里的文件没有读出文字：",
	"file: ", "文件：",
	"open PDF: ", "",
	"file is encrypted", "加了密码",
	"file is broken", "已损坏",
	"format is not supported: ", "认不出格式：",
	"file goes beyond the limit", "超过读取的限度",
	"reading takes too long", "读的时间太长",
	"reading takes too much memory", "读它要的内存太多",
	"reading ended its process", "读它时子进程退出",
	"its scripts make its text, and no browser is to open it", "不运行脚本就没有内容；该站没有写 browser，或网址不在其中",
	"its scripts make its text, and there is no Chromium", "不运行脚本就没有内容；本机没有 Chromium",
	"its scripts make its text", "不运行脚本就没有内容",
	"shows nothing in the browser either", "用浏览器打开也没有内容",
	"waits for its turn at the browser: ", "等待用浏览器打开，每站每小时页数：",
	" pages an hour", "",
	"a page that its scripts make in its place", "返回的网页不运行脚本就没有内容",
	" of its parts forbidden by robots.txt", " 个脚本或数据被 robots.txt 禁止",
	" of its requests over the limit of the browser", " 个请求超过浏览器的上限，没有发出",
	"the rendered page is larger than the cap: ", "脚本生成的网页超过大小上限：",
	"not rendered: ", "浏览器没有打开它：",
	"the browser does not start", "浏览器启动不了",
	"the browser crashed", "浏览器崩溃了",
	"the page took too much memory", "占用内存超过上限",
	"the page did not come to an end", "到时限也没有显示完",
	"a firewall's challenge", "防火墙的验证页，请网站放行",
	"an empty page in its place", "返回空白页",
	"a login form in its place", "返回登录页",
	"text that cannot be read in its place", "返回乱码",
	"another page in its place", "返回的是别的页面",
	"the same as in the place of other pages", "与顶替其他网页的内容相同",
	"no sitemap in its place", "返回的不是站点地图",
	"its text is gone", "只剩标题，正文没有了",
	"the site's allow and deny patterns leave it out", "被站点配置的 allow、deny 排除",
	"host is not one of the site's", "主机不属于本站",
	"soft 404: the same as for an address that does not exist", "与不存在的网址内容相同（软 404）",
	"not modified", "没有变化",
	"the program failed on it, its log says where", "程序读它时出错，请把日志里的记录报告给开发者",
	"not a web page: ", "不是网页：",
	"bytes are no text, though sent as ", "内容不是文字，却声明为 ",
	"moved here for good from ", "永久转向而来，原在 ",
	"moved for good, not seen there yet", "永久转到了新址，新址还没有答复",
	", where it had moved", "（在转向的新址）",
	"status 404, once", "HTTP 404 一次，会再核实",
	" answers with status ", " 答复 HTTP ",
	"sitemap: status ", "站点地图，HTTP ",
	"status ", "HTTP ",
	" without a usable target", "，没有可用的转向目标",
	": redirects in a row: ", "，接连转向次数 ",
	": wants a cookie first", "，要先有 Cookie 才给看（程序不带 Cookie），请网站放行",
	": leads out of the cluster, to ", "，转到集群之外：",
	": leads to itself", "，转向自己",
	"withdrawn and purged: nothing is kept", "已撤回并清除，不再保存",
	"redirect loop: ", "转向成环：",
	" leads to ", " 转到 ",
	" and back", " 又转回来",
	"refresh or location script", "网页自己跳转",
	"address is private: ", "解析到内网地址，没有允许：",
	"page is larger than the cap: ", "超过大小上限：",
	"more than ", "多于 ",
	" bytes declared, ", " 字节，上限 ",
	" allowed", "",
	" bytes", " 字节",
	"headers are larger than the cap: ", "回答的头部超过上限：",
	"answer is packed in a way that was not asked for: ", "回答用了没有要求的压缩方式：",
	"answer cannot be read to its end within ", "内容没有及时读完，时限 ",
	"answer cannot be read to its end: ", "内容没有读完：",
	"unpack response: ", "",
	"no answer within ", "没有及时答复，时限 ",
	"no answer: EOF", "没有答复：对方断开连接",
	"no answer: ", "没有答复：",
	"unexpected EOF", "对方中途断开",
	"gzip: invalid header", "不是 gzip",
	"net/http: HTTP/1.x transport connection broken: ", "不合 HTTP 规则：",
	"net/http: TLS handshake timeout", "TLS 握手超时",
	"malformed HTTP response ", "不是 HTTP 的回答 ",
	"http: message cannot contain multiple Content-Length headers; got ", "长度声明了几次 ",
	"http: server gave HTTP response to HTTPS client", "对方说的不是 https",
	"certificate is out of date, insecureTLS would accept it: ", "证书已过期或尚未生效，请网站更换，或在该站写 insecureTLS: true：",
	"certificate is out of date, insecureTLS would accept it", "证书已过期或尚未生效，请网站更换，或在该站写 insecureTLS: true",
	"certificate is not trusted, insecureTLS would accept it: ", "证书不受信任，请网站更换，或在该站写 insecureTLS: true：",
	"certificate is not trusted, insecureTLS would accept it", "证书不受信任，请网站更换，或在该站写 insecureTLS: true",
	"certificate is of another host, insecureTLS would accept it: ", "证书与域名不符，请网站更换，或在该站写 insecureTLS: true：",
	"certificate is of another host, insecureTLS would accept it", "证书与域名不符，请网站更换，或在该站写 insecureTLS: true",
	"server may know outdated TLS only, legacyTLS would accept it: ", "服务器可能只支持过时的 TLS，请网站升级，或在该站写 legacyTLS: true：",
	"server may know outdated TLS only, legacyTLS would accept it", "服务器可能只支持过时的 TLS，请网站升级，或在该站写 legacyTLS: true",
	"no request was sent", "请求没有发出",
	"connection refused", "连接被拒绝",
	"connection reset by peer", "连接被对方中断",
	"no such host", "域名解析失败",
	": context deadline exceeded", "",
	"context deadline exceeded", "超时",
	"i/o timeout", "超时",
	"trap: a path segment repeats", "疑似陷阱：路径中的一段反复出现",
	"trap: ", "疑似陷阱：",
	" goes on without end", " 没有尽头",
	"indexes of sitemaps within one another: not followed further", "站点地图的索引层层相套，不再往下读",
	" of its links have one time of change, which is not believed", " 条链接的 lastmod 是同一个时间，不采用",
	" links beyond the first ", " 条链接没有跟随，只取前 ",
	" left out; page is larger than is read: its end is left out", " 条；网页过大，末尾没有读",
	"page is larger than is read: its end is left out", "网页过大，末尾没有读",
	" left out", " 条",
	"; ", "；",
)

// ReasonInChinese is what the reason of a visit or of a file says to people.
func ReasonInChinese(s string) string { return reasons.Replace(s) }
