package demo

import (
	"fmt"
	"strings"
)

// A service is something a citizen can apply for. 办事事项
type service struct {
	department, name, called string
	conditions, materials    []string
	limit, fee               string
}

// readServices reads the embedded list.
func readServices() []service {
	var all []service
	for line := range strings.Lines(mustText("services")) {
		line = strings.TrimSpace(line)
		if head, ok := strings.CutPrefix(line, "== "); ok {
			parts := split(head, "|")
			all = append(all, service{department: parts[0], name: parts[1], called: parts[2], fee: "不收费"})
			continue
		}
		label, value, ok := strings.Cut(line, " ")
		if !ok || len(all) == 0 {
			continue
		}
		s := &all[len(all)-1]
		switch label {
		case "条件":
			s.conditions = split(value, "；")
		case "材料":
			s.materials = split(value, "；")
		case "时限":
			s.limit = value
		case "费用":
			s.fee = value
		}
	}
	return all
}

// servicesOf lists what a site offers: a department its own, the others all.
func (c *Cluster) servicesOf(s *website) []service {
	if s.Department == "" {
		return c.services
	}
	var own []service
	for _, v := range c.services {
		if v.department == s.Department {
			own = append(own, v)
		}
	}
	return own
}

// composeGuide goes through the site's services, first in general, then for one town after the other.
func (c *Cluster) composeGuide(a *composition, w *writer) {
	site := a.column.site
	offered := c.servicesOf(site)
	s, round := offered[(a.index+site.index*7)%len(offered)], a.index/len(offered)
	a.topic = s.department
	for _, d := range departments() {
		if d.ID == s.department {
			w.set["部门"] = "州" + strings.TrimPrefix(d.Name, "云河州")
		}
	}
	a.title = s.name + "办事指南"
	if site.County != "" {
		w.set["部门"] = site.place + strings.TrimPrefix(w.set["部门"], "州")
		a.title = site.place + a.title
	}
	if round > 0 {
		towns := c.grammar["乡镇"]
		w.set["乡镇"] = towns[(round-1)%len(towns)]
		a.title += "（" + w.set["乡镇"] + "便民服务点）"
	}
	if again := round / 16; again > 0 {
		a.title += fmt.Sprintf("第%s版", numeral(again+1))
	}
	a.guide = layGuide(site.guides(), facts{
		name: s.name + "（常用名：" + s.called + "）", office: w.set["部门"], conditions: listed(s.conditions), materials: listed(s.materials), steps: w.rule("指南流程"),
		limit: s.limit, place: w.rule("窗口"), fee: s.fee, phone: w.rule("电话"), complaints: w.rule("电话"), tip: "温馨提示：" + w.rule("指南提示"),
	})
}

func listed(items []string) []string {
	out := make([]string, len(items))
	for i, item := range items {
		end := "；"
		if i == len(items)-1 {
			end = "。"
		}
		out[i] = fmt.Sprintf("%d.%s%s", i+1, item, end)
	}
	return out
}
