package indextest

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"terrace/index"
)

var documentPromises = []promise{
	{"a document is found when Put has returned", func(l *lab) {
		l.serve()
		l.finds(find("loan"), "")
		l.put(doc("a", "", "loan"))
		l.finds(find("loan"), "a")
	}},
	{"every document of the live generation is read once", func(l *lab) {
		l.fails("before the first Promote", l.ix.Each(l.Context(), func(*index.Document) error { return nil }), index.ErrNoGeneration)
		var docs []index.Document
		for i := range 250 {
			docs = append(docs, doc(fmt.Sprintf("d%03d", i), "loan", strings.Repeat("school ", i)))
		}
		l.serve(docs...)
		l.must(l.live.Delete(l.Context(), "d007"))
		seen := map[string]int{}
		l.must(l.ix.Each(l.Context(), func(d *index.Document) error {
			seen[d.ID] += 1 + strings.Count(d.Body, "school")
			return nil
		}))
		l.same("documents", []any{len(seen), seen["d000"], seen["d007"], seen["d249"]}, []any{249, 1, 0, 250})
		enough := errors.New("enough")
		l.fails("an error of f", l.ix.Each(l.Context(), func(*index.Document) error { return enough }), enough)
	}},
	{"a document comes back as it was put", func(l *lab) {
		d := index.Document{
			ID: "a", Title: "关于印发《办法》的通知", Body: "第一条 loan\n第二条", Kind: index.Policy, DocNo: "云政发〔2022〕5号", Source: "云河州人民政府",
			Written: 20220301, Level: 2, Validity: index.Amended,
			Links: []index.Link{
				{Kind: index.AmendedBy, ID: "b", URL: "http://a.example/2", Title: "关于修改《办法》的决定"}, {Kind: index.ExplainedBy, ID: "c"},
			},
			Copies: []index.Copy{
				{URL: "http://a.example/1", Site: "a", Department: "gjj", County: "qingxi", Column: "公告", Date: 20220305},
				{URL: "http://b.example/2", Site: "b", Date: 20220306},
			},
			Details:     []index.Detail{{Name: "索引号", Value: "530000-2022\n甲"}, {Name: "主题", Value: ""}},
			Attachments: []index.Attachment{{URL: "http://a.example/1.doc", Name: "附件1", Text: "表格\n第二行"}, {URL: "http://a.example/2.zip"}},
		}
		l.serve(d)
		l.same("document", l.search(find("loan")).Hits[0].Document, d)
	}},
	{"a document comes back whatever its bytes", func(l *lab) {
		d := index.Document{
			ID: "\xff", Title: "loan\xff\xfe", Body: "loan\x00\xc0正文\r\n", Kind: "\xffkind", DocNo: "\xe4", Source: "\xff", Written: -1, Level: -3, Validity: "\xff",
			Details: []index.Detail{{Name: "\xff", Value: "\xfe"}}, Attachments: []index.Attachment{{URL: "\xff", Name: "\x00", Text: "\xc0"}},
			Links:  []index.Link{{Kind: "\xff", ID: "\xfe", URL: "\x00", Title: "\xc0"}},
			Copies: []index.Copy{{URL: "\xff", Site: "\xffsite", Department: "a\xffb", County: "\xf0", Column: "\xff\xff", Date: 20240131}},
		}
		l.serve(d)
		q := counting(where(find("loan"), index.Department, "a\xffb"), index.Site, 5)
		l.same("document", l.search(q).Hits[0].Document, d)
		l.counts(q, index.Site, "\xffsite:1")
		l.must(l.live.Delete(l.Context(), "\xff"))
		l.documents(0)
	}},
	{"a document of nothing but an id is kept", func(l *lab) {
		l.serve(index.Document{ID: "bare"}, doc("a", "", "loan"))
		l.documents(2)
		l.finds(find("loan"), "a")
	}},
	{"a document put again replaces the one before", func(l *lab) {
		l.serve(doc("a", "", "loan"))
		l.put(doc("a", "", "school"))
		l.finds(find("loan"), "")
		l.finds(find("school"), "a")
		l.documents(1)
	}},
	{"of equal ids in one Put the last wins", func(l *lab) {
		l.serve(doc("a", "", "loan"), doc("b", "", "loan"), doc("a", "", "school"))
		l.finds(find("loan"), "b")
		l.finds(find("school"), "a")
	}},
	{"a deleted document is found no more, and may be put again", func(l *lab) {
		l.serve(doc("a", "", "loan"), doc("b", "", "loan"))
		l.must(l.live.Delete(l.Context(), "a", "a"))
		l.finds(find("loan"), "b")
		l.put(doc("a", "", "loan"))
		l.finds(find("loan"), "a b")
	}},
	{"deleting an id that is not there changes nothing", func(l *lab) {
		l.serve(doc("a", "", "loan"))
		l.must(l.live.Delete(l.Context(), "z", ""))
		l.finds(find("loan"), "a")
	}},
	{"putting and deleting nothing does nothing", func(l *lab) {
		l.serve(doc("a", "", "loan"))
		l.put()
		l.must(l.live.Delete(l.Context()))
		l.documents(1)
	}},
	{"thousands of documents go in one Put", func(l *lab) {
		docs := make([]index.Document, 3000)
		for i := range docs {
			docs[i] = doc(fmt.Sprintf("n%05d", i), "", "loan")
		}
		l.serve(docs...)
		if got := l.search(find("loan")).Total; got != len(docs) {
			l.Errorf("%d found, want %d", got, len(docs))
		}
	}},
	{"a text of a megabyte is searched to its end", func(l *lab) {
		l.serve(doc("a", "", strings.Repeat("school ", 1<<17)+"loan"))
		l.finds(find("loan"), "a")
	}},
	{"a document of a hundred thousand places is found at each", func(l *lab) {
		d := doc("a", "", "loan")
		for i := range 100_000 {
			d.Copies = append(d.Copies, index.Copy{URL: fmt.Sprint("http://example.gov.cn/", i), Column: fmt.Sprint("column ", i)})
		}
		l.serve(d, doc("b", "", "loan"))
		q := where(find("loan"), index.Column, "column 99999")
		l.finds(q, "a")
		l.same("places", len(l.search(q).Hits[0].Document.Copies), len(d.Copies))
		l.same("values", len(l.search(counting(find("loan"), index.Column, 200_000)).Facets[index.Column]), 100_000)
	}},
	{"days of long ago filter and sort", func(l *lab) {
		l.serve(at(doc("a", "", "loan"), index.Copy{Date: 18981231}), at(doc("b", "", "loan"), index.Copy{Date: 10101}), at(doc("c", "", "loan"), index.Copy{Date: 19000101}))
		q := find("loan")
		q.Sort, q.Filter.To = index.ByDate, 18991231
		l.finds(q, "a b")
	}},
	{"a body that is too long is refused, and what came with it", func(l *lab) {
		l.serve(doc("a", "", "loan"))
		most := doc("b", "", strings.Repeat(".", index.MaxBody-5)+" loan")
		l.put(most)
		l.finds(find("loan"), "a b")
		long := doc("d", "", strings.Repeat("。", 50<<20/3))
		if err := l.live.Put(l.Context(), doc("c", "", "loan"), long); !errors.Is(err, index.ErrTooLarge) {
			l.Errorf("put: %v", err)
		}
		l.finds(find("loan"), "a b")
		l.same("cut", []any{long.Fit() > 30<<20, len(long.Body) <= index.MaxBody, utf8.ValidString(long.Body)}, []any{true, true, true})
		l.put(long)
		attached := attached(doc("e", "", ""), strings.Repeat("。", index.MaxAttached/3), strings.Repeat("。", 10))
		l.fails("attachments that are too long", l.live.Put(l.Context(), attached), index.ErrTooLarge)
		l.same("cut of attachments", attached.Fit(), 30)
		l.put(attached)
	}},
	{"values of any length filter and are counted", func(l *lab) {
		long := strings.Repeat("云河州", 15_000)
		l.serve(at(doc("a", "", "loan"), index.Copy{Department: long + "1"}), at(doc("b", "", "loan"), index.Copy{Department: long + "2"}))
		q := counting(find("loan"), index.Department, 5)
		l.counts(q, index.Department, long+"1:1 "+long+"2:1")
		l.finds(where(q, index.Department, long+"2"), "b")
	}},
	{"a value is matched whole, letter for letter", func(l *lab) {
		l.serve(at(doc("a", "", "loan"), index.Copy{Column: "Gong Gao"}), at(doc("b", "", "loan"), index.Copy{Column: "gong gao"}))
		l.finds(where(find("loan"), index.Column, "Gong Gao"), "a")
		l.finds(where(find("loan"), index.Column, "Gong"), "")
	}},
}
