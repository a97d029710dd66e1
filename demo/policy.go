package demo

import (
	"fmt"
	"sort"
	"strings"
	"time"
)

// composePolicy writes a document with its number. Every second policy has a reading on the same site.
func (c *Cluster) composePolicy(a *composition, w *writer) {
	k := a.column
	articles := []string{fmt.Sprintf("第一条　为规范%s，维护%s合法权益，根据有关法律法规，结合%s实际，制定本办法。", w.rule("业务."+a.topic), w.rule("对象."+a.topic), k.site.place)}
	for _, text := range w.sample("条款."+a.topic, 4+w.rand.IntN(3)) {
		articles = append(articles, "第"+numeral(len(articles)+1)+"条　"+text)
	}
	begin := a.date.AddDate(0, 1, 0)
	articles = append(articles, fmt.Sprintf("第%s条　本办法自%d年%d月1日起施行，有效期%d年。", numeral(len(articles)+1), begin.Year(), begin.Month(), 2+w.rand.IntN(4)))
	w.set["条文"] = strings.Join(articles, "|")
	a.write(w.rule("政策"))
	a.written = a.date.AddDate(0, 0, -w.rand.IntN(9))
	if a.written.Year() != a.date.Year() {
		a.written = a.date
	}
	a.docNo = c.docNo(k, a.index, w)
	a.subject = w.rule("主题")
	signed := a.written
	a.paragraphs = append(a.paragraphs, k.site.short, fmt.Sprintf("%d年%d月%d日", signed.Year(), signed.Month(), signed.Day()))
	if readings := k.site.column(reading); readings != nil && a.index%2 == 0 && a.index/2 < readings.count {
		a.related = &place{readings, a.index / 2}
	}
}

// docNo numbers the policies of a year in order, from 1.
func (c *Cluster) docNo(k *column, i int, w *writer) string {
	year := c.day(k, i).Year()
	older := sort.Search(k.count, func(j int) bool { return c.day(k, j).Year() < year })
	code := k.site.code + "发"
	if strings.HasSuffix(k.site.code, "政") && w.odds(1, 2) {
		code = k.site.code + "办发"
	}
	return fmt.Sprintf("%s〔%d〕%d号", code, year, older-i)
}

// composeReading explains the policy it belongs to, in that policy's own words.
func (c *Cluster) composeReading(a *composition, w *writer) {
	of := c.compose(a.column.site.column(policy), a.index*2)
	w.set["部门代号"], a.topic = of.topic, of.topic
	if a.date.Before(of.date) || a.date.Sub(of.date) > 30*24*time.Hour {
		a.date = of.date.AddDate(0, 0, 1+w.rand.IntN(6))
	}
	name := of.title
	if what, issued := strings.CutPrefix(name, "关于印发"); issued {
		name = strings.Trim(strings.TrimSuffix(what, "的通知"), "《》")
	}
	w.set["文件"], w.set["文号"] = name, of.docNo
	w.set["要点一"], w.set["要点二"] = of.paragraphs[2], of.paragraphs[3]
	qa := split(w.rule("问题."+a.topic), "||")
	w.set["问"], w.set["答"] = qa[1], qa[2]
	a.write(w.rule("解读"))
	a.related = &place{of.column, of.index}
}

// numeral writes 1 to 19 in Chinese.
func numeral(n int) string {
	digits := [...]string{"", "一", "二", "三", "四", "五", "六", "七", "八", "九"}
	if n >= 10 {
		return "十" + digits[n-10]
	}
	return digits[n]
}
