package moves

import (
	"fmt"
	"strings"
	"testing"
)

// now are pages of a site of now.
var now = []Page{
	{URL: "http://new.example/a/t20200501_123456.html", Title: "关于做好2020年义务教育招生工作的通知", Date: "2020-05-01", DocNo: "云教发〔2020〕12号"},
	{URL: "http://new.example/a/t20190501_111111.html", Title: "关于做好2019年义务教育招生工作的通知", Date: "2019-05-01"},
	{URL: "http://new.example/b/1.html", Title: "通知公告", Date: "2020-01-01"},
	{URL: "http://new.example/b/t20200102_222222.html", Title: "每周安全生产情况通报", Date: "2020-01-02"},
	{URL: "http://new.example/b/t20200109_333333.html", Title: "每周安全生产情况通报", Date: "2020-01-09"},
	{URL: "http://new.example/b/t20200109_444444.html", Title: "每周安全生产情况通报", Date: "2020-01-09"},
	{URL: "http://new.example/c/2.html", Title: "云河州教育体育局关于印发校园足球发展规划的通知", Date: "2018-03-03", DocNo: "云教发〔2018〕3号"},
	{URL: "http://new.example/c/3.html", Title: "云河州中小学教师培训基地建设情况汇报", Date: ""},
}

func TestHowNewHomesAreProposed(t *testing.T) {
	m := NewMatcher()
	for _, p := range now {
		m.Add(p)
	}
	for _, c := range []struct {
		name string
		old  Page
		want string // state, sure, end of the new URL or part of the evidence
	}{
		{"title and day", Page{Title: "关于做好2020年义务教育招生工作的通知", Date: "2020-05-01"}, "proposed true t20200501_123456.html"},
		{"written otherwise", Page{Title: "关于做好２０２０年 义务教育招生工作的通知 - 要闻 - 云河州教育体育局", Date: "2020-05-01"}, "proposed true t20200501_123456.html"},
		{"number and title", Page{Title: "关于印发校园足球发展规划的通知", DocNo: "云教发[2018]3号"}, "proposed true c/2.html"},
		{"number alone", Page{Title: "关于别的事情的一份通知", DocNo: "云教发〔2018〕3号"}, "proposed false c/2.html"},
		{"another number", Page{Title: "关于做好2020年义务教育招生工作的通知", Date: "2020-05-01", DocNo: "云教发〔2020〕99号"}, "  "},
		{"file name of several of a title", Page{URL: "http://old.example/x/t20200102_222222.htm", Title: "每周安全生产情况通报"}, "proposed true t20200102_222222.html"},
		{"day of several of a title", Page{Title: "每周安全生产情况通报", Date: "2020-01-02"}, "proposed true t20200102_222222.html"},
		{"two of a day", Page{Title: "每周安全生产情况通报", Date: "2020-01-09"}, "ambiguous false 标题、日期相同"},
		{"two of a day, told by name", Page{URL: "http://old.example/t20200109_444444.html", Title: "每周安全生产情况通报", Date: "2020-01-09"}, "proposed true t20200109_444444.html"},
		{"no day", Page{Title: "每周安全生产情况通报"}, "ambiguous false 标题相同"},
		{"another day", Page{Title: "关于做好2020年义务教育招生工作的通知", Date: "2020-06-30"}, "ambiguous false 日期不同"},
		{"title alone", Page{Title: "关于做好2019年义务教育招生工作的通知"}, "proposed false t20190501_111111.html"},
		{"short title", Page{Title: "通知公告", Date: "2020-01-01"}, "ambiguous false 标题太短"},
		{"unknown day of now", Page{Title: "云河州中小学教师培训基地建设情况汇报", Date: "2017-01-01"}, "proposed false c/3.html"},
		{"nothing like it", Page{Title: "关于做好2021年义务教育招生工作的通知", Date: "2021-05-01"}, "  "},
		{"no title", Page{URL: "http://old.example/t20200102_222222.html"}, "  "},
	} {
		got := m.Match(c.old)
		state, rest, _ := strings.Cut(c.want, " ")
		sure, part, _ := strings.Cut(rest, " ")
		if string(got.State) != state || sure != "" && fmt.Sprint(got.Sure) != sure || !strings.Contains(got.New+got.Evidence, part) {
			t.Errorf("%s: %s %v %s %s, want %s", c.name, got.State, got.Sure, got.New, got.Evidence, c.want)
		}
	}
}

func TestOneOfSeveralOldPagesIsNotToldByItsTitleAlone(t *testing.T) {
	m := NewMatcher()
	m.Add(now[1])
	for range 2 {
		m.Count(Page{Title: now[1].Title})
	}
	if got := m.Match(Page{Title: now[1].Title}); got.State != Ambiguous {
		t.Errorf("%+v", got)
	}
}

func TestPrefixesAreLearnedFromPairs(t *testing.T) {
	r := NewRewritings()
	for i := range 12 { // in two folders
		r.Add(fmt.Sprintf("old.example/zw/%d/t%d.html", 201900+i%2, i), fmt.Sprintf("http://new.example/jyj/zw/%d/t%d.html", 201900+i%2, i))
	}
	for i := range 6 { // in one folder alone
		r.Add(fmt.Sprintf("old.example/only/a/b/%d.html", i), fmt.Sprintf("http://new.example/elsewhere/b/%d.html", i))
	}
	for i := range 4 { // too few
		r.Add(fmt.Sprintf("few.example/a/%d.html", i), fmt.Sprintf("http://new.example/few/%d.html", i))
	}
	for i := range 10 { // not agreed
		r.Add(fmt.Sprintf("odd.example/a/%d.html", i), fmt.Sprintf("http://new.example/odd%d/%d.html", i%2, i))
	}
	for i := range 10 { // into itself
		r.Add(fmt.Sprintf("self.example/a/%d.html", i), fmt.Sprintf("http://www.self.example/a/new/a/%d.html", i))
	}
	for i := range 10 { // by query
		r.Add(fmt.Sprintf("q.example/show.asp?id=%d", i), fmt.Sprintf("http://new.example/q/show.asp?id=%d", i))
	}
	for i := range 10 { // other names
		r.Add(fmt.Sprintf("names.example/a/%d.html", i), fmt.Sprintf("http://new.example/n/x%d.html", i))
	}
	var got []string
	for _, m := range r.Found() {
		got = append(got, m.Old.Text+" "+m.New)
	}
	want := "old.example/only/a/b/* http://new.example/elsewhere/b/, old.example/zw/* http://new.example/jyj/zw/, q.example/* http://new.example/q/"
	if strings.Join(got, ", ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, ", "), want)
	}
}
