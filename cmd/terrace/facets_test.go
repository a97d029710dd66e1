package main

import (
	"maps"
	"net/url"
	"testing"
)

func TestAFacetsCountIsTheTotalThatAClickOnItGives(t *testing.T) {
	_, _, address := startDemo(t, 300)
	clicks := 0
	for _, start := range []url.Values{
		{"q": {"公积金"}},
		{"q": {"关于做好养老保险工作的通知"}},
		{"q": {"办事指南"}, "in": {"title"}},
		{"q": {"通知"}, "sort": {"date"}},
		{"q": {"公积金 提取 通知"}, "sort": {"date"}},
		{"q": {"公积金 提取 通知"}, "sort": {"date"}, "match": {"any"}},
		{"q": {"提取公积金 -贷款"}, "kind": {"news", "policy"}},
		{"q": {"会议"}, "date_from": {"2023-01-01"}},
	} {
		for field, counts := range ask(t, address, start).Facets {
			for _, c := range counts {
				click := maps.Clone(start)
				if field == "year" {
					click["date_from"], click["date_to"] = []string{c.Value + "-01-01"}, []string{c.Value + "-12-31"}
					if start.Has("date_from") {
						continue // a click on a year replaces the range
					}
				} else {
					click[field] = []string{c.Value}
				}
				if got := ask(t, address, click).Total; got != c.Count {
					t.Errorf("%v: %s %s counts %d, a click gives %d", start, field, c.Value, c.Count, got)
				}
				clicks++
			}
		}
	}
	if clicks < 50 {
		t.Errorf("only %d facets to click", clicks)
	}
}
