package moves

import (
	"fmt"
	"strings"
	"testing"
)

// files reads lines of name, file name and bytes; - for bytes that are not known.
func files(host, text string) (out []File) {
	for line := range strings.Lines(strings.TrimSpace(text)) {
		f := strings.Fields(line)
		out = append(out, File{URL: "http://" + host + "/x/" + f[1], Name: f[0], Hash: strings.Trim(f[2], "-")})
	}
	return out
}

func TestWhichFileOfTheNewPageAnOldOneIs(t *testing.T) {
	for _, c := range []struct {
		name, old, now string
		want           []string // of each old file: sure, file name, evidence
	}{
		{"by bytes, whatever it is called", "附件1 a.doc A\n附件2 b.doc B", "附件1 1.doc B\n附件2 2.doc A",
			[]string{"true 2.doc 附件字节相同", "true 1.doc 附件字节相同"}},
		{"bytes of two, by name", "申请表 a.doc A", "承诺书 1.doc A\n申请表.doc 2.doc A", []string{"true 2.doc 附件字节相同"}},
		{"by the name in its URL", "下载 P020200501123456.pdf -", "申请表 P020200501123456.PDF A\n名单 1.pdf B", []string{"true P020200501123456.PDF 附件的文件名相同"}},
		{"by its link's text", "申请表 a.doc -\n名单 b.xls -", "名单.xls 1.xls X\n《申请表》 2.docx Y", []string{"true 2.docx 附件名相同", "true 1.xls 附件名相同"}},
		{"that was written anew", "申请表 a.doc A", "申请表 1.doc B", []string{"true 1.doc 附件名相同，字节不同"}},
		{"with another number", "附件1：2024年预算表.xls a.xls -", "附件：2024年预算表 1.xls -", []string{"true 1.xls 附件名相同，编号不同"}},
		{"by a number alone", "附件1 a.doc -\n附件2 b.doc -", "附件1 1.doc -\n附件2 2.doc -", []string{"false 1.doc 附件名相同", "false 2.doc 附件名相同"}},
		{"a number that another file has now", "附件1 a.doc -\n附件2 b.doc B", "附件1 1.doc B\n附件3 2.doc C", []string{"", "true 1.doc 附件字节相同"}},
		{"two of a name", "申请表 a.doc -\n申请表 b.doc -", "申请表 1.doc -", []string{"", ""}},
		{"two of a name now", "申请表 a.doc -", "申请表 1.doc -\n申请表 2.pdf -", []string{""}},
		{"a year is no number of a file", "附件2024年预算表 a.xls -", "附件2023年预算表 1.xls -", []string{""}},
		{"nothing like it", "申请表 a.doc A", "名单 1.doc B", []string{""}},
		{"a page without files", "申请表 a.doc A", "", []string{""}},
	} {
		olds, now := files("old.example", c.old), files("new.example", c.now)
		for i, old := range olds {
			got := ""
			if m := MatchFile(old, olds, now); m.State == Proposal {
				got = fmt.Sprint(m.Sure, " ", strings.TrimPrefix(m.New, "http://new.example/x/"), " ", m.Evidence)
			}
			if got != c.want[i] {
				t.Errorf("%s: %s is %q, want %q", c.name, old.Name, got, c.want[i])
			}
		}
	}
}
