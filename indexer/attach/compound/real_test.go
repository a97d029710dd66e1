package compound

import (
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"terrace/indexer/attach/attachtest"
	"terrace/indexer/attach/plain"
)

// TestRealFiles reads files whose lines were seen in other programs.
func TestRealFiles(t *testing.T) {
	for _, c := range []struct {
		name, kind string
		characters int
		lines      []string
	}{
		{"2013policysummary.doc", "doc", 4200, []string{
			"2013年1月5日\t财政部\t2013年除了继续提供财政资金支持外，还将通过提供投资补助或贷款贴息、减免相关税收等多项举措确保今年城镇保障性安居工程任务顺利完成。",
			"2013年2月26日\t国务院\t《国务院办公厅关于继续做好房地产市场调控工作的通知》，在（国办发〔2011〕1号）基础上，进一步完善现行住房限购措施。",
		}},
		{"全国普通高等学校名单.xls", "xls", 40000, []string{"全国普通高校名单", "（共2101所）", "序号\t学校名称\t主管部门\t所在地\t办学层次", "1\t北京大学\t教育部\t北京市\t本科"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := attachtest.Real(t, c.name)[c.name]
			got, err := read(t, data)
			if err != nil || Kind(data) != c.kind {
				t.Fatalf("got kind %q, %v", Kind(data), err)
			}
			if n := utf8.RuneCountInString(got); n < c.characters {
				t.Errorf("got %d characters, want %d", n, c.characters)
			}
			for _, line := range c.lines {
				if !strings.Contains("\n"+got, "\n"+line+"\n") {
					t.Errorf("%q is missing", line)
				}
			}
		})
	}
}

func BenchmarkRead(b *testing.B) {
	for _, name := range []string{"2013policysummary.doc", "全国普通高等学校名单.xls"} {
		b.Run(filepath.Ext(name), func(b *testing.B) {
			data := attachtest.Real(b, name)[name]
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if err := Read(data, plain.New(2<<20)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
