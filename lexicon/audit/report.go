package audit

import (
	"cmp"
	"slices"
)

// finish is the report, the worst findings first, each severity in the order of the file.
func (t *teller) finish() Report {
	if t.Entries == 0 && len(t.Findings) == 0 {
		t.tell(Note, "empty", 0, "", "确认选对了文件", "没有可用的内容")
	}
	slices.SortStableFunc(t.Findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Severity, b.Severity), cmp.Compare(a.Line, b.Line))
	})
	return t.Report
}
