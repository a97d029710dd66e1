package indextest

import "terrace/index"

// town is a handful of documents at several places and days.
func town() []index.Document {
	kind := func(d index.Document, k string) index.Document { d.Kind = k; return d }
	return []index.Document{
		kind(at(doc("a", "", "loan"), index.Copy{Site: "s1", Department: "gjj", Date: 20240105}), index.Policy),
		kind(at(doc("b", "", "loan"), index.Copy{Site: "s1", Department: "jtj", Date: 20240110}), index.News),
		kind(at(doc("c", "", "loan"), index.Copy{Site: "s2", Department: "gjj", Date: 20230601}), index.News),
		kind(at(doc("d", "", "loan"), index.Copy{Site: "s2"}), index.News),
		kind(at(doc("e", "", "loan"), index.Copy{Site: "s3", County: "x", Date: 20240110}, index.Copy{Site: "s1", County: "y", Date: 20250101}), index.Other),
	}
}

var conditionPromises = []promise{
	{"a filter keeps documents with one of its values", func(l *lab) {
		l.serve(town()...)
		l.finds(where(find("loan"), index.Department, "gjj"), "a c")
		l.finds(where(find("loan"), index.Department, "gjj", "jtj", "none"), "a b c")
		l.finds(where(find("loan"), index.Department, "none"), "")
		l.finds(where(find("loan"), index.Kind, index.News), "b c d")
		l.finds(where(find("loan"), index.Year, "2024"), "a b e")
	}},
	{"filters on two fields both hold", func(l *lab) {
		l.serve(town()...)
		l.finds(where(where(find("loan"), index.Department, "gjj"), index.Site, "s1"), "a")
	}},
	{"a document of two places is found at either", func(l *lab) {
		l.serve(town()...)
		l.finds(where(find("loan"), index.Site, "s3"), "e")
		l.finds(where(find("loan"), index.Site, "s1"), "a b e")
		l.finds(where(find("loan"), index.County, "y"), "e")
	}},
	{"the first and the last day belong to a span of days", func(l *lab) {
		l.serve(town()...)
		q := find("loan")
		q.Filter = index.Filter{From: 20240105, To: 20240110}
		l.finds(q, "a b e")
		q.Filter = index.Filter{From: 20240106}
		l.finds(q, "b e")
		q.Filter = index.Filter{To: 20240105}
		l.finds(q, "a c")
	}},
	{"undated documents drop out where a day is asked for", func(l *lab) {
		l.serve(town()...)
		l.finds(find("loan"), "a b c d e")
		q := find("loan")
		q.Filter.From = 1
		l.finds(q, "a b c e")
	}},
	{"a document that holds one of Dated meets a span of days whatever its day", func(l *lab) {
		l.serve(dated(doc("a", "report 2023", "loan"), 20240301), dated(doc("b", "", "loan 2023"), 20240301), dated(doc("c", "", "loan"), 20230601), doc("d", "2023", "loan"))
		q := find("loan")
		q.Filter = index.Filter{From: 20230101, To: 20231231, Dated: []index.Phrase{{Field: index.Title, Terms: []string{"2023"}}}}
		q.Sort = index.ByDate
		l.finds(q, "a c d")
		q.Filter.From, q.Filter.To = 0, 0
		l.finds(q, "a b c d")
	}},
	{"a condition changes no score", func(l *lab) {
		l.serve(town()...)
		q := find("loan")
		l.same("score", l.search(where(q, index.Site, "s1")).Hits[0].Score, l.search(q).Hits[0].Score)
	}},
	{"the latest come first, the undated last, those of a day by id", func(l *lab) {
		l.serve(town()...)
		q := find("loan")
		q.Sort = index.ByDate
		l.finds(q, "b e a c d")
	}},
	{"sorted by date, an exact title has no precedence", func(l *lab) {
		l.serve(dated(doc("a", "loan", ""), 20230101), dated(doc("b", "", "loan"), 20240101))
		q := find("loan")
		q.Keys, q.Sort = []string{"loan"}, index.ByDate
		l.finds(q, "b a")
	}},
	{"equal scores come by id", func(l *lab) {
		docs := town()
		for i := range docs {
			l.serve(append(docs[i:len(docs):len(docs)], docs[:i]...)...)
			l.finds(find("loan"), "a b c d e")
		}
	}},
	{"a facet counts its values, the most frequent first, ties by value", func(l *lab) {
		l.serve(town()...)
		q := counting(counting(find("loan"), index.Site, 10), index.Kind, 2)
		l.counts(q, index.Site, "s1:3 s2:2 s3:1")
		l.counts(q, index.Kind, "news:3 other:1")
		l.counts(counting(find("loan"), index.County, 10), index.County, "x:1 y:1")
		l.counts(counting(find("loan"), index.Year, 10), index.Year, "2024:3 2023:1")
	}},
	{"a facet leaves out the filter on its own field and keeps the others", func(l *lab) {
		l.serve(town()...)
		q := counting(counting(where(where(find("loan"), index.Site, "s1"), index.Department, "gjj"), index.Site, 10), index.Department, 10)
		l.finds(q, "a")
		l.counts(q, index.Site, "s1:1 s2:1")
		l.counts(q, index.Department, "gjj:1 jtj:1")
	}},
	{"a document counts once for a value it holds at two places", func(l *lab) {
		l.serve(at(doc("a", "", "loan"), index.Copy{Site: "s"}, index.Copy{Site: "s", Column: "x"}))
		l.counts(counting(find("loan"), index.Site, 10), index.Site, "s:1")
	}},
	{"facets of nothing are empty", func(l *lab) {
		l.serve(town()...)
		l.counts(counting(find("school"), index.Site, 10), index.Site, "")
		l.counts(counting(find("loan"), index.Site, 0), index.Site, "")
	}},
	{"the year is the original's", func(l *lab) {
		l.serve(at(doc("a", "", "loan"), index.Copy{Date: 20231231}, index.Copy{Date: 20240101}))
		l.finds(where(find("loan"), index.Year, "2023"), "a")
		l.finds(where(find("loan"), index.Year, "2024"), "")
	}},
}
