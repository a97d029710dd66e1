package indexer

import (
	"slices"
	"strings"
	"testing"

	"terrace/indexer/archive"
)

func TestTheIndexFollowsTheArchive(t *testing.T) {
	l := newLab(t)
	l.crawl("portal", archive.OK, text, "/a.html", "/b.html")
	l.check(l.CatchUp(t.Context()))
	l.lives(2)

	l.crawl("portal", archive.Gone, "", "/a.html")
	l.crawl("portal", archive.OK, strings.ReplaceAll(text, "公积金", "补贴"), "/b.html")
	l.crawl("gjj", archive.OK, text, "/c.html")
	l.check(l.CatchUp(t.Context()))
	if got := l.live(); !slices.Equal(got, []string{"关于/c.html的通知"}) {
		t.Errorf("with one page gone, one changed and one new: %v", got)
	}
}

func TestABatchDoneTwiceChangesNothing(t *testing.T) {
	l := newLab(t)
	l.crawl("portal", archive.OK, text, paths(3)...)
	l.check(l.CatchUp(t.Context()))
	_, live := l.generations()
	l.check(l.archive.SetCursor(t.Context(), live.Name, 1)) // killed after the documents were put, before the cursor was moved
	l.check(l.CatchUp(t.Context()))
	l.lives(3)
}

func TestImportedDocumentsAreKeptByARebuild(t *testing.T) {
	l := newLab(t)
	r, err := l.Import(t.Context(), [][]byte{
		[]byte(`{"id":"1","title":"公积金提取","text":"公积金","site":"gjj","department":"公积金中心","date":"2024-03-05"}`),
		[]byte(`{"_id":"2","title":"公积金贷款","body":"公积金","site":"nowhere"}`),
		[]byte(`{"id":"3","title":`),
		nil,
		[]byte(`{"title":"没有编号"}`),
		[]byte(`{"id":"4"}`),
		[]byte(`{"id":"5","title":"日期","date":"2024年"}`),
		[]byte(`{"id":"6","title":"网址","url":"ftp://x/"}`),
		[]byte("{\"id\":\"7\",\"title\":\"\xb9\xab\"}"),
	})
	l.check(err)
	var bad []string
	for _, b := range r.Bad {
		bad = append(bad, string(rune('0'+b.Line))+" "+b.Reason)
	}
	want := []string{
		"2 不是一个 JSON 对象：unexpected end of JSON input",
		"4 缺少 id，或 id 超过 512 字节",
		"5 标题与正文都是空的",
		"6 日期“2024年”应写成 2024-01-31 的样子",
		"7 网址“ftp://x/”不是 http 或 https 网址",
		"8 不是有效的 UTF-8 文字",
	}
	if r.Imported != 2 || r.UnknownNames != 1 || !slices.Equal(bad, want) {
		t.Errorf("imported %d, %d unknown names, bad:\n%s", r.Imported, r.UnknownNames, strings.Join(bad, "\n"))
	}
	l.run()
	if j := l.ended(l.start(Order{}).ID); j.State != Done || j.Total != 2 {
		t.Errorf("%+v", j)
	}
	if got := l.live(); !slices.Equal(got, []string{"公积金提取", "公积金贷款"}) {
		t.Error(got)
	}
	got, err := l.Inspect(t.Context(), "1")
	if err != nil || !strings.Contains(got, "刊于：gjj gjj  2024-03-05") && !strings.Contains(got, "刊于：gjj gjj   2024-03-05") {
		t.Errorf("%s %v", got, err)
	}
}

func TestInspectSaysWhyAPageIsNotInTheIndex(t *testing.T) {
	l := newLab(t)
	l.crawl("portal", archive.OK, text, "/a.html")
	l.crawl("portal", archive.Gone, "", "/b.html")
	for path, want := range map[string]string{"/a.html": "已进索引\n标题：关于/a.html的通知", "/b.html": "未进索引：没有存下内容"} {
		got, err := l.Inspect(t.Context(), at("portal", path))
		if err != nil || !strings.Contains(got, want) {
			t.Errorf("%s: %v\n%s", path, err, got)
		}
	}
}
