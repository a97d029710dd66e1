package server

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"terrace/analysis"
	"terrace/index"
	"terrace/index/indextest"
	"terrace/indexer"
	"terrace/indexer/archive"
	"terrace/query"
	"terrace/segment"
	"terrace/site"
)

const words = "公积金 500\n提取 300\n住房 400\n不动产 200\n登记 600\n办事 90\n指南 90\n通知 300\n曾老 10\n"

// town is a served search over a small cluster, at a path prefix or at the root.
type town struct {
	t      *testing.T
	http   *httptest.Server
	grpc   *grpc.ClientConn
	office *office
	told   told
	server *Server
}

func cluster() site.Cluster {
	return site.Cluster{
		Name: "云河州政府网站", Portal: "portal",
		Sites: []site.Site{
			{ID: "portal", Name: "云河州人民政府", Hosts: []string{"www.yunhe.example"}},
			{ID: "gjj", Name: "云河州住房公积金中心", Hosts: []string{"gjj.yunhe.example"}, Department: "gjj"},
			{ID: "yunling", Name: "云岭县人民政府", Hosts: []string{"yunling.example"}, County: "yunling"},
		},
		Departments: []site.Department{{ID: "gjj", Name: "云河州住房公积金中心", Names: []string{"公积金中心"}}, {ID: "rsj", Name: "云河州人社局"}},
		Places:      []site.Place{{ID: "yunling", Name: "云岭县"}},
	}
}

func documents() []index.Document {
	put := func(id, title, body, kind, department string, date index.Date) index.Document {
		return index.Document{ID: id, Title: title, Body: body, Kind: kind, Copies: []index.Copy{
			{URL: "http://gjj.yunhe.example/" + id, Site: "gjj", Department: department, Column: "通知公告", Date: date}}}
	}
	guide := put("guide", "住房公积金提取办事指南", "购买自住住房的，凭合同提取公积金。", index.Service, "gjj", 20240305)
	guide.DocNo, guide.Source = "云公积金〔2024〕3号", "云河日报"
	guide.Validity = index.Amended
	guide.Links = []index.Link{{Kind: index.AmendedBy, ID: "zeng", URL: "http://gjj.yunhe.example/decision", Title: "关于修改指南的<b>决定</b>"}, {Kind: index.ExplainedBy, URL: "javascript:alert(4)", Title: "解读"}}
	guide.Copies = append(guide.Copies, index.Copy{URL: "http://yunling.example/guide", Site: "yunling", County: "yunling", Column: "转载", Date: 20240309})
	out := []index.Document{
		guide,
		put("hostile", `公积金<script>alert(1)</script>`, `公积金"><img src=x onerror=alert(2)>`, index.News, "rsj", 20220101),
		put("script", "公积金链接", "公积金。", index.News, "rsj", 20220102),
		put("zeng", "曾老", "曾老的故事。", index.News, "", 20200101),
	}
	out[2].Copies[0].URL = "javascript:alert(3)"
	for i := range 1200 {
		d := put(fmt.Sprintf("n%04d", i), fmt.Sprintf("不动产登记通知第%d号", i), "不动产登记。", index.Disclosure, "rsj", index.Date(20210101+i%28))
		out = append(out, d)
	}
	return out
}

var searcher = sync.OnceValues(func() (*query.Searcher, error) { return searching() })

// searching is a searcher over the documents of the town and others that has learned from them.
func searching(others ...index.Document) (*query.Searcher, error) {
	dict, err := segment.LoadDictionary(strings.NewReader(words))
	if err != nil {
		return nil, err
	}
	seg := segment.New(dict)
	registry, err := site.New(cluster())
	if err != nil {
		return nil, err
	}
	ix := indextest.NewMemory(analysis.Index(seg))
	g, err := ix.Create(context.Background(), index.Fingerprints{})
	if err != nil {
		return nil, err
	}
	if err := g.Put(context.Background(), append(documents(), others...)...); err != nil {
		return nil, err
	}
	if err := ix.Promote(context.Background(), g.Name()); err != nil {
		return nil, err
	}
	s := query.New(ix, seg, registry, query.Options{})
	return s, s.Learn(context.Background())
}

// build serves the town; change may alter the Options first.
func build(t *testing.T, change func(*Options)) *town {
	t.Helper()
	s, err := searcher()
	if err != nil {
		t.Fatal(err)
	}
	registry, err := site.New(cluster())
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	tn := &town{t: t, office: &office{}}
	o := Options{GRPC: listener, Searcher: s, Indexer: tn.office, Registry: registry, AdminToken: token, SiteKeys: map[string]string{"gjj": siteToken}, Notifier: &tn.told}
	if change != nil {
		change(&o)
	}
	if tn.server, err = New(o); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- tn.server.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	tn.http = httptest.NewServer(tn.server.Handler())
	t.Cleanup(tn.http.Close)
	tn.grpc, err = grpc.NewClient(listener.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tn.grpc.Close() })
	return tn
}

const token = "s3cret-token"

// An answer is what came back over HTTP.
type answer struct {
	t    *testing.T
	code int
	http.Header
	body string
}

// do makes a request; header are pairs.
func (tn *town) do(method, path, body string, header ...string) answer {
	tn.t.Helper()
	r, err := http.NewRequestWithContext(tn.t.Context(), method, tn.http.URL+path, strings.NewReader(body))
	if err != nil {
		tn.t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	res, err := tn.http.Client().Do(r)
	if err != nil {
		tn.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		tn.t.Fatal(err)
	}
	return answer{tn.t, res.StatusCode, res.Header, string(b)}
}

func (tn *town) get(path string, pairs ...string) answer {
	tn.t.Helper()
	if len(pairs) > 0 {
		path += "?" + params(pairs...)
	}
	return tn.do("GET", path, "")
}

func params(pairs ...string) string {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v.Encode()
}

func (a answer) json() map[string]any {
	a.t.Helper()
	var out map[string]any
	if err := json.Unmarshal([]byte(a.body), &out); err != nil {
		a.t.Fatalf("not JSON: %v\n%s", err, a.body)
	}
	return out
}

// isProblem checks for problem details with a status and a reason code.
func (a answer) isProblem(code int, reason string) {
	a.t.Helper()
	if got := a.Get("Content-Type"); got != "application/problem+json" {
		a.t.Errorf("content type %q, want problem details: %s", got, a.body)
		return
	}
	p := a.json()
	if a.code != code || p["status"] != float64(code) || p["reason"] != reason || p["detail"] == "" || p["title"] == "" {
		a.t.Errorf("got %d %s, want %d %s with title and detail", a.code, a.body, code, reason)
	}
}

// A page is a parsed answer.
type page struct {
	t    *testing.T
	root *html.Node
}

func (a answer) page() page {
	a.t.Helper()
	n, err := html.Parse(strings.NewReader(a.body))
	if err != nil {
		a.t.Fatal(err)
	}
	return page{a.t, n}
}

// all gives the elements with a tag, in order, under those that have class (or an id "#id") where given.
func (p page) all(tag, under string) []*html.Node {
	var out []*html.Node
	var walk func(n *html.Node, in bool)
	walk = func(n *html.Node, in bool) {
		in = in || has(n, under)
		if in && n.Type == html.ElementNode && n.Data == tag {
			out = append(out, n)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, in)
		}
	}
	walk(p.root, under == "")
	return out
}

func has(n *html.Node, name string) bool {
	if id, ok := strings.CutPrefix(name, "#"); ok {
		return attr(n, "id") == id
	}
	for c := range strings.FieldsSeq(attr(n, "class")) {
		if c == name {
			return true
		}
	}
	return false
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// text is what stands in an element, blanks made one.
func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// link gives the address of the link that begins with these words.
func (p page) link(under, words string) string {
	p.t.Helper()
	for _, a := range p.all("a", under) {
		if strings.HasPrefix(text(a), words) {
			return attr(a, "href")
		}
	}
	p.t.Fatalf("no link %q in .%s", words, under)
	return ""
}

// total is the number in the heading.
func (p page) total() int {
	p.t.Helper()
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, text(p.all("small", "bar")[0]))
	n, _ := strconv.Atoi(digits)
	return n
}

// counted is the number that ends a link.
func counted(t *testing.T, a *html.Node) int {
	t.Helper()
	f := strings.Fields(text(a))
	n, err := strconv.Atoi(strings.ReplaceAll(f[len(f)-1], ",", ""))
	if err != nil {
		t.Fatalf("link %q has no count", text(a))
	}
	return n
}

// office keeps jobs in memory, in place of an indexer with its archive.
type office struct {
	Indexer // nil: what office does not answer is asked of the built program, in cmd/terrace
	mu      sync.Mutex
	jobs    []indexer.Job
	took    [][]byte
}

func (o *office) Start(_ context.Context, order indexer.Order) (indexer.Job, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if order.Site == "panic" {
		panic("a bug")
	}
	if order.Site == "broken" {
		return indexer.Job{}, fmt.Errorf("open /var/lib/secret: no such file")
	}
	if order.Site == "nowhere" {
		return indexer.Job{}, fmt.Errorf("%w：没有站点“nowhere”", indexer.ErrOrder)
	}
	for _, j := range o.jobs {
		if j.State == indexer.Running {
			return indexer.Job{}, indexer.ErrBusy
		}
	}
	o.jobs = append(o.jobs, indexer.Job{ID: "job-1", Order: order, State: indexer.Running, Created: time.Unix(1700000000, 0)})
	return o.jobs[len(o.jobs)-1], nil
}

func (o *office) Job(_ context.Context, id string) (indexer.Job, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, j := range o.jobs {
		if j.ID == id {
			return j, nil
		}
	}
	return indexer.Job{}, indexer.ErrUnknownJob
}

func (o *office) Jobs(context.Context) ([]indexer.Job, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]indexer.Job(nil), o.jobs...), nil
}

func (o *office) Cancel(_ context.Context, id string) (indexer.Job, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for i := range o.jobs {
		if o.jobs[i].ID == id {
			o.jobs[i].State = indexer.Cancelled
			return o.jobs[i], nil
		}
	}
	return indexer.Job{}, indexer.ErrUnknownJob
}

func (o *office) Import(_ context.Context, lines [][]byte) (indexer.ImportReport, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	var r indexer.ImportReport
	for i, l := range lines {
		if !json.Valid(l) {
			r.Bad = append(r.Bad, indexer.BadLine{Line: i, Reason: "不是 JSON"})
			continue
		}
		r.Imported++
		o.took = append(o.took, l)
	}
	return r, nil
}

func (o *office) Inspect(_ context.Context, page string) (string, error) {
	return "网页 " + page, nil
}

func (o *office) Coverage(_ context.Context, site string) (indexer.Coverage, error) {
	if site == "none" {
		return indexer.Coverage{}, fmt.Errorf("%w：%s", indexer.ErrUnknownSite, site)
	}
	return indexer.Coverage{Generation: "live", Told: true}, nil
}

func (o *office) Missing(_ context.Context, column, after string, limit int) (entries []indexer.MissingEntry, next string, err error) {
	return nil, "", fmt.Errorf("%w：%s", indexer.ErrUnknownColumn, column)
}

func (o *office) Unread(context.Context, string, int) ([]archive.Page, error) { return nil, nil }
