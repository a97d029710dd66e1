package crawl

import (
	"net/http"
	"testing"
)

func TestAFileIsCalledAsItsServerCallsIt(t *testing.T) {
	for sent, want := range map[string]string{
		`attachment; filename="gjj.doc"`:                                        "gjj.doc",
		`attachment; filename*=UTF-8''%E5%85%AC%E7%A7%AF%E9%87%91.doc`:          "公积金.doc",
		`attachment; filename="x.doc"; filename*=utf-8''%E5%85%AC.doc`:          "公.doc",
		`attachment; filename*=GBK''%B9%AB%BB%FD%BD%F0.doc`:                     "公积金.doc",
		"attachment; filename=\"\xb9\xab\xbb\xfd\xbd\xf0.doc\"":                 "公积金.doc",
		"attachment;filename=\xb9\xab\xbb\xfd\xbd\xf0 \xcc\xe1\xc8\xa1.xls":     "公积金 提取.xls",
		"attachment; filename=公积金.doc":                                          "公积金.doc",
		`attachment; filename=%E5%85%AC%E7%A7%AF%E9%87%91.doc`:                  "公积金.doc",
		`attachment; filename="=?UTF-8?B?5YWs56ev6YeR?=.doc"`:                   "公积金.doc",
		`attachment; filename="=?gb2312?B?uau7/b3w?=.doc"`:                      "公积金.doc",
		`inline; filename="C:\files\公积金.doc"`:                                   "公积金.doc",
		`attachment; filename="../../etc/公积金.doc"`:                              "公积金.doc",
		`attachment; filename="100%.doc"`:                                       "100%.doc",
		"attachment; name=\xb9\xab\xbb\xfd\xbd\xf0\xcc\xe1\xc8\xa1; filename=a": "a",
		"attachment; name=\xb9\xab\xbb\xfd\xbd\xf0; FileName=gjj.doc; x=1":      "gjj.doc",
		`attachment`:            "",
		``:                      "",
		`attachment; filename=`: "",
	} {
		if got := sentName(http.Header{"Content-Disposition": {sent}}); got != want {
			t.Errorf("%q: %q, want %q", sent, got, want)
		}
	}
}

func FuzzSentName(f *testing.F) {
	f.Add(`attachment; filename*=GBK''%B9%AB.doc; filename="=?UTF-8?B?5YWs56ev6YeR?=.doc"`)
	f.Add("attachment; name=\xb9\xab\xbb\xfd; filename=\xb9")
	f.Fuzz(func(t *testing.T, sent string) {
		if n := len([]rune(sentName(http.Header{"Content-Disposition": {sent}}))); n > maxFileName {
			t.Errorf("%d runes", n)
		}
	})
}
