package moves

import (
	"fmt"
	"strings"
	"testing"
)

func TestWhichListAnOldOneHasBecome(t *testing.T) {
	for _, c := range []struct {
		name           string
		entries, homes int
		now            []Column
		want           string
	}{
		{"it holds nearly all", 40, 38, []Column{{"a", "公告", "", 36, 60}}, "proposed true a 旧列表 40 条里 38 条的新网页已知，36 条在这个列表里"},
		{"not the one that holds all of the site", 40, 40, []Column{{"all", "全部信息", "", 40, 2000}, {"a", "公告", "", 33, 45}}, "proposed true a"},
		{"the list of all departments, where there is no other", 40, 40, []Column{{"all", "公告", "", 40, 200}}, "proposed true all"},
		{"one that holds much else has to be looked at", 40, 40, []Column{{"all", "部门信息", "", 40, 600}}, "proposed false all"},
		{"one that holds everything is none", 40, 40, []Column{{"all", "全部信息", "", 40, 2000}}, ""},
		{"one that holds everything and has the name", 40, 40, []Column{{"all", "通知公告", "", 40, 2000}}, "proposed false all"},
		{"less than half", 40, 40, []Column{{"a", "公告", "", 20, 30}}, ""},
		{"half of it is nowhere", 40, 20, []Column{{"a", "公告", "", 20, 30}}, "proposed false a"},
		{"few entries", 4, 4, []Column{{"a", "公告", "", 4, 4}}, "proposed false a"},
		{"one entry", 1, 1, []Column{{"a", "公告", "", 1, 10}}, ""},
		{"one entry and the name", 1, 1, []Column{{"a", "通知公告", "", 1, 10}, {"b", "要闻", "", 1, 10}}, "proposed false a"},
		{"two that are alike", 40, 40, []Column{{"a", "公告", "", 40, 50}, {"b", "要闻", "", 40, 52}}, "ambiguous false "},
		{"two that are alike, told by name", 40, 40, []Column{{"a", "公告", "", 40, 50}, {"b", "通知 公告", "", 40, 52}}, "proposed true b"},
		{"two of the name", 40, 40, []Column{{"a", "通知公告", "", 40, 50}, {"b", "通知公告", "", 40, 52}}, "ambiguous false "},
		{"two addresses of one", 40, 40, []Column{{"a", "", "A", 40, 50}, {"a/index.html", "公告", "A", 40, 50}}, "proposed true a 旧"},
		{"two addresses of one, of which one has the name", 40, 40, []Column{{"a", "", "A", 40, 50}, {"a/index.html", "通知公告", "A", 40, 50}}, "proposed true a/index.html"},
		{"none", 40, 0, nil, ""},
	} {
		got := ""
		if m := MatchList("通知公告", c.entries, c.homes, c.now); m.State != "" {
			got = fmt.Sprint(m.State, " ", m.Sure, " ", m.New, " ", m.Evidence)
		}
		if !strings.HasPrefix(got, c.want) || c.want == "" && got != "" {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestAListMayBeToldByNameAndDepartment(t *testing.T) {
	if m := MatchColumn("通知公告", "教育局", nil); m.State != "" {
		t.Errorf("none: %+v", m)
	}
	if m := MatchColumn("通知公告", "教育局", []string{"a"}); m.State != Proposal || m.Sure || m.New != "a" || m.Evidence != "栏目同名（通知公告），属于同一部门（教育局）" {
		t.Errorf("one: %+v", m)
	}
	if m := MatchColumn("通知公告", "教育局", []string{"a", "b", "c", "d"}); m.State != Ambiguous || m.New != "" || !strings.HasSuffix(m.Evidence, "：a b c 另有 1 个") {
		t.Errorf("several: %+v", m)
	}
}
