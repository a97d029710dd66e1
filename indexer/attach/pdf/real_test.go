package pdf

import (
	"strings"
	"testing"

	"terrace/indexer/attach/attachtest"
	"terrace/indexer/attach/plain"
)

// TestRealFiles reads files whose words were seen in a viewer.
func TestRealFiles(t *testing.T) {
	for name, c := range map[string]struct {
		words    []string
		pictures int
	}{
		"题目说明.pdf":             {[]string{"近年来，随着微信、微博、市长信箱、阳光热线等网络问政平台逐步成为政府了解民意、汇聚民智、凝聚民气的重要渠道", "热点问题表.xls", "相关部门对部分群众留言的答复意见"}, 0},
		"xbrl-001.pdf":         {[]string{"电子发票（航空运输电子客票行程单）", "中国南方航空股份有限公司"}, 0},
		"Test.pdf":             {[]string{"竞争性磋商文件", "气势汹汹地瞪着全班的学生。六个学生应声从板凳上站了起来"}, 0},
		"direct_extract.pdf":   {[]string{"The war in Ukraine is no exception, including for cyberattacks and cybersecurity protection."}, 0},
		"direct_and_image.pdf": {[]string{"has received increasing research attention"}, 1},
		"image.pdf":            {nil, 1},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := read(t, attachtest.Real(t, name)[name])
			if err != nil {
				t.Fatal(err)
			}
			for _, w := range c.words {
				if !strings.Contains(out.String(), w) {
					t.Errorf("%q is missing in\n%s", w, out)
				}
			}
			if out.Pictures() != c.pictures {
				t.Errorf("got %d pictures, want %d", out.Pictures(), c.pictures)
			}
		})
	}
}

func BenchmarkRead(b *testing.B) {
	data := attachtest.Real(b, "题目说明.pdf")["题目说明.pdf"]
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if err := shared.Read(b.Context(), data, plain.New(2<<20)); err != nil {
			b.Fatal(err)
		}
	}
}
