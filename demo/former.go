package demo

import (
	"fmt"
	"time"
)

// FormerHost is the host of a site that was closed when its office became a part of the prefecture's government. Nobody serves it.
const FormerHost = "lyj.yunhe.example"

// FormerName is what the site was called.
const FormerName = "云河州旅游局"

// An OldPage is what the content management system of a closed site knew of one of its pages.
type OldPage struct{ URL, Title, Date string }

// formerPages is how many pages of the closed site are on the portal now, and lostPages how many are nowhere.
const (
	formerPages = 20
	lostPages   = 2
)

// Former are the pages of the closed site: some are notices of the portal now, under other URLs and without the site's name behind their titles, some are nowhere.
func (c *Cluster) Former() (out []OldPage) {
	k := c.sites[0].column(notice)
	for i := range min(formerPages, k.count) {
		a := c.compose(k, i)
		out = append(out, formerPage(i, a.title+" - "+FormerName, a.date))
	}
	for i := range lostPages {
		out = append(out, formerPage(900+i, fmt.Sprintf("旅游局机关第%d季度值班安排 - %s", i+1, FormerName), newest.AddDate(-5, 3*i, 0)))
	}
	return out
}

func formerPage(id int, title string, date time.Time) OldPage {
	return OldPage{URL: fmt.Sprintf("http://%s/show.asp?id=%d", FormerHost, 1001+id), Title: title, Date: date.Format(time.DateOnly)}
}
