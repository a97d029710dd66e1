package judge

import "testing"

func TestWantedDocumentsAreKnownHoweverTheyAreWritten(t *testing.T) {
	hits := []Hit{
		{ID: "n1", URL: "http://gjj.example/t1.html?a=1", Title: "《住房公积金提取办法》解读"},
		{ID: "n2", URL: "http://www.example/2023/%E5%85%AC.html", Title: "关于2023年放假的通知"},
		{ID: "n3", URL: "http://www.example/t3.html", Title: "关于2023年放假的通知"},
		{ID: "n4", URL: "", Title: "没有网址的文件"},
	}
	for text, rank := range map[string]int{
		"HTTP://GJJ.example:80/t1.html?a=1#top": 1,
		"http://gjj.example/t1.html":            0,
		"/t1.html?a=1":                          1,
		"/2023/公.html":                          2,
		"http://www.example/2023/公.html":        2,
		"n3":                                    3,
		"住房公積金提取办法 解读":                          1,
		"关于２０２３年放假的通知":                          2,
		"没有网址的文件":                               4,
		"/":                                     0,
		"放假的通知":                                 0,
	} {
		k, wrong := keys().of(text)
		if wrong != "" {
			t.Errorf("%s: %s", text, wrong)
		}
		if got := keys().found(hits).rank(k); got != rank {
			t.Errorf("%s is at rank %d, want %d", text, got, rank)
		}
	}
}

func TestTheNearestTitleSharesHalfOfItsPairsOrMore(t *testing.T) {
	f := keys().found([]Hit{{ID: "1", Title: "云河州养犬管理规定"}, {ID: "2", Title: "关于印发云河州养犬管理办法的通知"}, {ID: "3", Title: "通知"}})
	for title, want := range map[string]string{
		"云河州养犬管理办法（试行）": "1", "关于印发云河州养犬管理办法（修订）的通知": "2", "住房公积金提取": "", "通": "",
	} {
		got := ""
		if h := f.nearest(keys().Title(title)); h != nil {
			got = h.ID
		}
		if got != want {
			t.Errorf("nearest to %s is %q, want %q", title, got, want)
		}
	}
}
