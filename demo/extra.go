package demo

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// The pages a crawler meets beside lists and articles.
const (
	privatePath  = "/private/neibu.html" // forbidden by robots.txt, linked all the same
	loginPath    = "/login.html"         // linked with nofollow
	noIndexPath  = "/wzsm.html"          // asks not to be indexed
	calendarPath = "/rili"               // a page for each month, for ever
	offCluster   = "http://www.example.com/"
	oldColumn    = "/gsgg/" // of the portal, moved to zwgk/tzgg
)

var yearMonth = regexp.MustCompile(`^[0-9]{4}-(0[1-9]|1[0-2])$`)

// moved tells where the portal's former column went.
func (s *website) moved(path string) (string, bool) {
	rest, ok := strings.CutPrefix(path, oldColumn)
	if !s.Portal || !ok {
		return "", false
	}
	return "/" + s.column(notice).path + "/" + rest, true
}

// stubs are pages that only send the reader on: path to target and means.
func (s *website) stubs() map[string]Redirect {
	switch s.style.template() {
	case "tagged":
		section, _, _ := strings.Cut(s.column(guide).path, "/")
		return map[string]Redirect{
			"/zwgk/":            {To: s.style.list(s.column(notice), 1), How: "refresh"},
			"/" + section + "/": {To: s.style.list(s.column(guide), 1), How: "script"},
		}
	case "old":
		return map[string]Redirect{"/default.asp": {To: "/index.asp", How: "script"}}
	}
	return nil
}

func (s *website) hasCalendar() bool { return s.Department == "jtj" || s.Department == "wjw" }

// dead is a linked article that is not there.
func (s *website) dead() string {
	k := s.column(notice)
	ghost := *k
	ghost.first = 900_000
	return s.style.article(&composition{column: &ghost, index: ghost.count, date: newest.AddDate(-3, 0, 0), dice: 1})
}

// extra answers for what is neither list nor article.
func (h *handler) extra(u *url.URL) (reply, bool, error) {
	s := h.site
	path := strings.TrimSuffix(u.Path, "index.html")
	if stub, ok := s.stubs()[path]; ok {
		return s.stub(stub), true, nil
	}
	draw := func(v *view, err error) (reply, bool, error) {
		if err != nil {
			return reply{}, true, err
		}
		p, err := h.draw(v, http.StatusOK, newest)
		return p, true, err
	}
	if fault, ok := s.faults()[path]; ok {
		v := h.message(fault.title, fault.text)
		v.NoIndex = true
		return draw(v, nil)
	}
	switch isOld := s.old(); {
	case path == "/", isOld && path == "/index.asp":
		return draw(h.home())
	case path == "/robots.txt":
		return reply{status: 200, kind: "text/plain", body: []byte(s.robots())}, true, nil
	case path == "/sitemap.xml" && !isOld && s.hasSitemap():
		return h.sitemap(), true, nil
	case path == "/style.css":
		return reply{status: 200, kind: "text/css", body: stylesheet(s.style), modified: newest}, true, nil
	case path == "/count.asp" && isOld:
		return reply{status: 200, kind: "application/x-javascript", body: []byte("document.write('328');")}, true, nil
	case path == privatePath:
		return draw(h.message("内部通讯录", "本页面仅供内部使用。值班室分机：8"+pad(3, s.index)+"。"), nil)
	case path == loginPath:
		return draw(h.message("用户登录", "请使用统一身份认证账号登录后办理业务。"), nil)
	case path == noIndexPath:
		v := h.message("网站声明", "本站为演示站点，机构、人员、电话和数字均为虚构，请勿据此办理任何事项。")
		v.NoIndex = true
		return draw(v, nil)
	case path == calendarPath && s.hasCalendar():
		if ym := u.Query().Get("ym"); yearMonth.MatchString(ym) {
			return draw(h.calendar(ym), nil)
		}
	}
	return reply{}, false, nil
}

func (s *website) hasSitemap() bool { _, ok := s.style.(clean); return ok }

// old reports a site of the old system's looks and manners.
func (s *website) old() bool { return s.style.template() == "old" }

func (s *website) stub(r Redirect) reply {
	body := `<html><head><meta http-equiv="refresh" content="0; url=` + r.To + `"></head><body></body></html>`
	if r.How == "script" {
		body = "<html>\n<head>\n<script language=\"javascript\">\nwindow.location.href=\"" + r.To + "\";\n</script>\n</head>\n<body></body>\n</html>"
	}
	return reply{status: 200, kind: "text/html", body: []byte(body)}
}

func (s *website) robots() string {
	text := "User-agent: *\nDisallow: /private/\n"
	if s.hasCalendar() && !s.open {
		text += "Disallow: " + calendarPath + "\n"
	}
	if s.hasSitemap() {
		text += "\nSitemap: " + s.at("/sitemap.xml") + "\n"
	}
	return text
}

func (h *handler) sitemap() reply {
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">` + "\n")
	for _, k := range h.site.columns {
		for i := range k.count {
			a := h.cluster.compose(k, i)
			fmt.Fprintf(&b, "<url><loc>%s</loc><lastmod>%s</lastmod></url>\n", h.site.at(h.site.style.article(a)), a.date.Format(time.DateOnly))
		}
	}
	b.WriteString("</urlset>\n")
	return reply{status: 200, kind: "application/xml", body: b.Bytes()}
}

// missing apologises: with 404, or as the old system does, with 200.
func (h *handler) missing() (reply, error) {
	status := http.StatusNotFound
	if h.site.old() {
		status = http.StatusOK
	}
	return h.draw(h.message("系统提示", "对不起，您要查看的内容不存在或已被删除。"), status, time.Time{})
}

// calendar is one month of a series without end.
func (h *handler) calendar(ym string) *view {
	month, _ := time.Parse("2006-01", ym)
	v := h.message(ym+"活动日历", "本月没有安排公开活动。")
	for _, step := range []int{-1, 1} {
		to := month.AddDate(0, step, 0)
		v.Months = append(v.Months, link{URL: calendarPath + "?ym=" + to.Format("2006-01"), Text: strconv.Itoa(to.Year()) + "年" + strconv.Itoa(int(to.Month())) + "月"})
	}
	return v
}
