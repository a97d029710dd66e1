package listing

// empire is 帝国 (EmpireCMS): <a title="总数"><b>300</b></a> and links to index_2.html.
var empire = adapter{"empire", func(v *view) bool { return v.has(`title="总数"`, `title="Total record"`) }, readEmpire}

func readEmpire(v *view, l *Listing) bool {
	for _, mark := range []string{`title="总数"`, `title="Total record"`} {
		for _, w := range v.windows(mark, 200) {
			if n := first(boldNumber, w); l.Items == 0 {
				l.Items = n
			}
		}
	}
	return v.linked(l) || l.Items > 0
}
