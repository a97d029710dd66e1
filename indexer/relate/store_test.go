package relate

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"terrace/db"
	"terrace/index"
)

func TestWhatIsNotDoneComesAgain(t *testing.T) {
	l := newLab(t)
	update := func(put []Page, gone ...string) string {
		ids, err := l.Update(t.Context(), "g", put, gone)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(ids, " ")
	}
	a, b := page("a", "云岭州推进重点工作", prose(1, 6)), page("b", "云岭州推进重点工作", prose(1, 6), dateOf(20230601))
	if got := update([]Page{b}); got != "b" {
		t.Errorf("%q", got)
	}
	if got := update([]Page{a}); got != "a b" {
		t.Errorf("%q", got)
	}
	if got := update([]Page{a}); got != "a b" {
		t.Errorf("the same once more: %q", got)
	}
	if got := update(nil, "unknown"); got != "a b unknown" {
		t.Errorf("with what was not done: %q", got)
	}
	if err := l.Done(t.Context(), "g"); err != nil {
		t.Fatal(err)
	}
	if got := update(nil); got != "" {
		t.Errorf("after Done: %q", got)
	}
	if got := update([]Page{a}); got != "a" {
		t.Errorf("a again: %q", got)
	}
	l.wantOriginal("b", "a")
}

func TestOnePageTwiceInABatch(t *testing.T) {
	l := newLab(t)
	l.update([]Page{page("a", "云岭州推进重点工作", prose(1, 6)), page("a", "云岭州人民政府关于机井的通知", prose(2, 6), policy)}, "a")
	l.put(page("b", "云岭州推进重点工作", prose(1, 6)))
	l.wantOriginal("b", "")
	l.wantOriginal("a", "")
}

func TestGenerationsKnowNothingOfEachOther(t *testing.T) {
	l := newLab(t)
	l.put(old())
	other := []Page{page("b", "云岭州人民政府关于印发《云岭州农村住房管理办法》的通知", prose(1, 6), policy, number("云政发〔2010〕5号"), dateOf(20100101)),
		page("new", "云岭州住房保障办法", "云政发〔2010〕5号文件同时废止。", policy)}
	if _, err := l.Update(t.Context(), "h", other, nil); err != nil {
		t.Fatal(err)
	}
	l.wantLinks("old", "")
	l.wantOriginal("old", "")
	all, err := l.Relations(t.Context(), "h", []string{"b", "old"})
	if err != nil || len(all) != 1 || all["b"].Validity != index.Repealed {
		t.Errorf("%+v, %v", all, err)
	}
	if err := l.Drop(t.Context(), "g"); err != nil {
		t.Fatal(err)
	}
	if again, err := l.Relations(t.Context(), "h", []string{"b"}); err != nil || again["b"].Validity != index.Repealed {
		t.Errorf("after the other was dropped: %+v, %v", again, err)
	}
	if err := l.Drop(t.Context(), "h"); err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"generation", "class", "band", "page", "name", "cite", "pending"} {
		if n := l.rows(table); n != 0 {
			t.Errorf("%d rows of %s are left", n, table)
		}
	}
	if err := l.Drop(t.Context(), "g"); err != nil {
		t.Errorf("twice: %v", err)
	}
}

func (l *lab) rows(table string) (n int) {
	l.Helper()
	err := l.db.View(l.Context(), func(tx *sql.Tx) error {
		return tx.QueryRowContext(l.Context(), "SELECT count(*) FROM "+table).Scan(&n)
	})
	if err != nil {
		l.Fatal(err)
	}
	return n
}

func TestPagesThatGoLeaveNothing(t *testing.T) {
	l := newLab(t)
	l.put(old(), old(func(p *Page) { p.Document.ID = "copy" }), page("new", "云岭州住房保障办法", "云政发〔2010〕5号文件同时废止。"+prose(2, 5), policy))
	l.remove("old", "copy", "new")
	for _, table := range []string{"class", "band", "page", "name", "cite", "pending"} {
		if n := l.rows(table); n != 0 {
			t.Errorf("%d rows of %s are left", n, table)
		}
	}
}

// TestADocumentChangesOnlyWhereItIsSaidTo puts, changes and removes pages at random: what a page's relations are must be the same after each turn for all pages that
// were not affected, and the same as in a store that got the pages at once.
func TestADocumentChangesOnlyWhereItIsSaidTo(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	l := newLab(t)
	held := map[string]Page{}
	before := map[string]string{}
	for turn := range 90 {
		var put []Page
		var gone []string
		for range 1 + random.IntN(3) {
			id := fmt.Sprint("p", random.IntN(14))
			if random.IntN(4) == 0 {
				gone = append(gone, id)
				delete(held, id)
				put = slices.DeleteFunc(put, func(p Page) bool { return p.Document.ID == id })
				continue
			}
			held[id] = randomPage(random, id)
			put = append(put, held[id])
			gone = slices.DeleteFunc(gone, func(g string) bool { return g == id })
		}
		affected := l.update(put, gone...)
		now := l.all(held)
		for id := range held {
			if now[id] != before[id] && !slices.Contains(affected, id) {
				t.Fatalf("turn %d: %s was %s and is %s, affected were %q", turn, id, before[id], now[id], affected)
			}
		}
		before = now
		if turn%15 > 0 {
			continue
		}
		fresh := newLab(t)
		var pages []Page
		for _, p := range held {
			pages = append(pages, p)
		}
		fresh.put(pages...)
		for id, want := range fresh.all(held) {
			if now[id] != want {
				t.Fatalf("turn %d: %s is %s, made anew %s", turn, id, now[id], want)
			}
		}
	}
}

// all tells the relations of pages as text. A copy's are its original's id, or nothing: under which it is folded makes no document.
func (l *lab) all(held map[string]Page) map[string]string {
	out := map[string]string{}
	for id := range held {
		if r := l.of(id); r.Original == "" {
			out[id] = fmt.Sprintf("%+v", r)
		} else {
			out[id] = "a copy"
		}
	}
	return out
}

func randomPage(random *rand.Rand, id string) Page {
	n := random.IntN(3)
	title := []string{"云岭州人民政府关于推进机井管理的通知", "云岭州农村住房管理办法", "《云岭州农村住房管理办法》解读"}[n]
	if random.IntN(4) == 0 {
		title = "【转发】" + title
	}
	text := prose(random.IntN(2), 8)
	switch random.IntN(5) {
	case 0:
		text += "《云岭州农村住房管理办法》（云政发〔2010〕5号）同时废止。"
	case 1:
		text += "云政发〔2009〕7号文件停止执行。"
	case 2:
		text = "云岭要闻\n" + text
	}
	p := page(id, title, text, dateOf(index.Date(20230501+random.IntN(4))), kind([]string{index.Policy, index.Policy, index.Interpretation}[n]))
	p.Document.DocNo = []string{"", "云政发〔2010〕5号", "云政发〔2009〕7号"}[random.IntN(3)]
	if random.IntN(3) == 0 {
		site("x", "临江县人民政府", 2)(&p)
		p.Document.Source = []string{"", "云岭州人民政府", "临江县人民政府"}[random.IntN(3)]
	}
	if random.IntN(4) == 0 {
		p.Links = []string{fmt.Sprint("https://s.example/p", random.IntN(14))}
	}
	return p
}

// BenchmarkUpdate puts 100,000 pages in batches of 200: a tenth are copies, a tenth cite; TERRACE_PAGES_COUNT says otherwise.
func BenchmarkUpdate(b *testing.B) {
	n := 100_000
	fmt.Sscan(os.Getenv("TERRACE_PAGES_COUNT"), &n)
	path := filepath.Join(b.TempDir(), "a.db")
	d, err := db.Open(b.Context(), path)
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	s, err := Open(b.Context(), d)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		for from := 0; from < n; from += 200 {
			b.StopTimer()
			var put []Page
			for i := from; i < min(n, from+200); i++ {
				put = append(put, benchPage(i))
			}
			b.StartTimer()
			ids, err := s.Update(b.Context(), "g", put, nil)
			if err != nil {
				b.Fatal(err)
			}
			if _, err = s.Relations(b.Context(), "g", ids); err != nil {
				b.Fatal(err)
			}
			if err = s.Done(b.Context(), "g"); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "pages/s")
	d.Close()
	if info, err := os.Stat(path); err == nil {
		b.ReportMetric(float64(info.Size())/float64(n), "bytes/page")
	}
}

func benchPage(i int) Page {
	text := i
	if i%10 == 9 {
		text = i - 1 // a copy of the page before
	}
	p := page(fmt.Sprint("page", i), fmt.Sprint("云岭州推进重点工作之", text), prose(text, 14), dateOf(index.Date(20230101+i%28)))
	switch i % 10 {
	case 0:
		policy(&p)
		p.Document.Title += "的通知"
		p.Document.DocNo = fmt.Sprintf("云政发〔2020〕%d号", i)
	case 1:
		policy(&p)
		p.Document.Title += "的办法"
		p.Document.Body += fmt.Sprintf("\n《云岭州推进重点工作之%d的通知》（云政发〔2020〕%d号）同时废止。", i-1, i-1)
	}
	return p
}

func TestNoPageIsACopyOfOneThatIsGone(t *testing.T) {
	l := newLab(t)
	const title, atOnce, copies = "关于公布名单的公告", 120, 160 // more than are settled together
	body := prose(1, 8)
	l.put(page("first", title, body), page("second", title, body, site("b", "云溪县人民政府", 0), dateOf(20230507)))
	original := newClass("g", title, "", body, 0)
	var some []Page
	for seed := 2; len(some) < copies; seed++ {
		p := page(fmt.Sprint("copy", len(some)), title, body+string([]rune(prose(seed, 8))[:len([]rune(body))/6])+"\n", dateOf(20230601))
		if c := newClass("g", title, "", p.Document.Body, 0); shared(c.bands, original.bands) == 1 { // so that each stands in one short list alone
			some = append(some, p)
		}
	}
	l.put(some[:atOnce]...)
	for _, p := range some[atOnce:] {
		l.put(p)
	}
	l.remove("first")
	for i := range some {
		if r := l.of(some[i].Document.ID); r.Original != "" && r.Original != "second" {
			t.Errorf("%s is a copy of %s", some[i].Document.ID, r.Original)
		}
	}
}

func shared(a, b []int64) (n int) {
	for _, k := range a {
		if slices.Contains(b, k) {
			n++
		}
	}
	return n
}
