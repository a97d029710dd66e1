package server

import (
	"context"
	"errors"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/dynamicpb"

	terracev1 "terrace/proto/terrace/v1"
	"terrace/query"
)

func TestEveryRPCHasARule(t *testing.T) {
	tn := build(t, nil)
	known := map[string]bool{}
	for service, about := range tn.server.grpc.GetServiceInfo() {
		for _, m := range about.Methods {
			name := "/" + service + "/" + m.Name
			known[name] = true
			r, ok := rules[name]
			if !ok {
				t.Errorf("%s has no rule", name)
			}
			if (r.admin || r.site) == slices.Contains(public, name) {
				t.Errorf("%s: admin is %v, site is %v", name, r.admin, r.site)
			}
		}
	}
	for name := range rules {
		if !known[name] {
			t.Errorf("a rule for %s, which is no RPC", name)
		}
	}
}

func bearing(ctx context.Context, value string) context.Context {
	return metadata.AppendToOutgoingContext(ctx, "authorization", value)
}

// public are the RPCs that anyone may call.
var public = []string{
	"/terrace.v1.SearchService/Search", "/terrace.v1.SearchService/ListSites", "/terrace.v1.SearchService/Suggest",
	"/grpc.health.v1.Health/Check", "/grpc.health.v1.Health/List", "/grpc.health.v1.Health/Watch",
}

// methods are the RPCs that the server has, by full name, as their services describe them.
func (tn *town) methods() map[string]protoreflect.MethodDescriptor {
	tn.t.Helper()
	out := map[string]protoreflect.MethodDescriptor{}
	for name := range tn.server.grpc.GetServiceInfo() {
		d, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName(name))
		if err != nil {
			tn.t.Fatal(err)
		}
		methods := d.(protoreflect.ServiceDescriptor).Methods()
		for i := range methods.Len() {
			out["/"+name+"/"+string(methods.Get(i).Name())] = methods.Get(i)
		}
	}
	return out
}

// closed are the methods that are not public.
func (tn *town) closed() map[string]protoreflect.MethodDescriptor {
	out := tn.methods()
	for _, name := range public {
		if out[name] == nil {
			tn.t.Errorf("%s is listed as public and no RPC", name)
		}
		delete(out, name)
	}
	if len(out) == 0 {
		tn.t.Fatal("no RPC asks for the token")
	}
	return out
}

// call makes a call of any shape with an empty message, to its first answer.
func (tn *town) call(ctx context.Context, name string, m protoreflect.MethodDescriptor) error {
	shape := &grpc.StreamDesc{ClientStreams: m.IsStreamingClient(), ServerStreams: m.IsStreamingServer()}
	stream, err := tn.grpc.NewStream(ctx, shape, name)
	if err != nil {
		return err
	}
	if err := stream.SendMsg(dynamicpb.NewMessage(m.Input())); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if err := stream.CloseSend(); err != nil {
		return err
	}
	return stream.RecvMsg(dynamicpb.NewMessage(m.Output()))
}

func TestWhateverIsNotPublicAsksForTheToken(t *testing.T) {
	tn := build(t, nil)
	for name, m := range tn.closed() {
		for what, value := range map[string]string{"wrong": "Bearer wrong", "empty": "Bearer ", "another scheme": "Basic " + token, "bare": token, "": ""} {
			ctx := t.Context()
			if value != "" {
				ctx = bearing(ctx, value)
			}
			if err := tn.call(ctx, name, m); status.Code(err) != codes.Unauthenticated || reason(err) != "UNAUTHENTICATED" {
				t.Errorf("%s with token %q: %v", name, what, err)
			}
		}
		if err := tn.call(bearing(t.Context(), "Bearer "+token), name, m); status.Code(err) == codes.Unauthenticated {
			t.Errorf("%s with the token: %v", name, err)
		}
	}
	for _, name := range public {
		if err := tn.call(t.Context(), name, tn.methods()[name]); status.Code(err) == codes.Unauthenticated {
			t.Errorf("%s without a token: %v", name, err)
		}
	}
}

// route is the HTTP method and an address of an RPC; none where it has no HTTP face.
func route(m protoreflect.MethodDescriptor) (method, path string) {
	rule, _ := proto.GetExtension(m.Options(), annotations.E_Http).(*annotations.HttpRule)
	method, path = "GET", rule.GetGet()
	if rule.GetPost() != "" {
		method, path = "POST", rule.GetPost()
	}
	return method, strings.ReplaceAll(path, "{id}", "x")
}

func reason(err error) string {
	for _, d := range status.Convert(err).Details() {
		if e, ok := d.(*errdetails.ErrorInfo); ok && e.Domain == "terrace" {
			return e.Reason
		}
	}
	return ""
}

func TestWhateverIsNotPublicAsksForTheTokenOverHTTP(t *testing.T) {
	tn := build(t, nil)
	tried := 0
	for name, m := range tn.closed() {
		method, path := route(m)
		if path == "" {
			continue
		}
		tried++
		for _, header := range [][]string{nil, {"Authorization", "Bearer wrong"}, {"Grpc-Metadata-Authorization", "Bearer " + token}} {
			got := tn.do(method, path, "", header...)
			got.isProblem(401, "UNAUTHENTICATED")
			if got.Get("WWW-Authenticate") == "" {
				t.Errorf("%s: no WWW-Authenticate", name)
			}
		}
		if got := tn.do(method, path, "", "Authorization", "Bearer "+token); got.code == 401 || got.code == 404 && got.json()["reason"] == "NOT_FOUND" {
			t.Errorf("%s with the token: %s", name, got.body)
		}
	}
	if tried < 5 {
		t.Errorf("only %d of them have an HTTP face", tried)
	}
}

func TestWithoutAConfiguredTokenAdminIsClosed(t *testing.T) {
	tn := build(t, func(o *Options) { o.AdminToken, o.SiteKeys = "", nil })
	for name, m := range tn.closed() {
		if err := tn.call(bearing(t.Context(), "Bearer "), name, m); status.Code(err) != codes.PermissionDenied || reason(err) != "ADMIN_CLOSED" {
			t.Errorf("%s: %v", name, err)
		}
	}
	tn.do("GET", "/api/v1/jobs", "", "Authorization", "Bearer ").isProblem(403, "ADMIN_CLOSED")
}

func TestBothFacesGiveTheSameAnswerAndReason(t *testing.T) {
	tn := build(t, nil)
	c := terracev1.NewSearchServiceClient(tn.grpc)
	res, err := c.Search(t.Context(), &terracev1.SearchRequest{Q: "公积金", Department: []string{"gjj"}})
	if err != nil || res.Total != 1 || res.Hits[0].Id != "guide" {
		t.Errorf("Search: %v, %v", res, err)
	}
	for name, w := range map[string]struct {
		in    *terracev1.SearchRequest
		query string
	}{
		"too long":             {&terracev1.SearchRequest{Q: strings.Repeat("字", 201)}, params("q", strings.Repeat("字", 201))},
		"10 kB":                {&terracev1.SearchRequest{Q: strings.Repeat("a", 10<<10)}, params("q", strings.Repeat("a", 10<<10))},
		"a page below one":     {&terracev1.SearchRequest{Q: "a", Page: -1}, "q=a&page=-1"},
		"beyond rank 1,000":    {&terracev1.SearchRequest{Q: "a", Page: 11, PageSize: 100}, "q=a&page=11&page_size=100"},
		"the last page number": {&terracev1.SearchRequest{Q: "a", Page: math.MaxInt32, PageSize: 100}, "q=a&page=2147483647&page_size=100"},
		"a page too large":     {&terracev1.SearchRequest{Q: "a", PageSize: 101}, "q=a&page_size=101"},
		"no day":               {&terracev1.SearchRequest{Q: "a", DateTo: "2024-13-01"}, "q=a&date_to=2024-13-01"},
		"days reversed":        {&terracev1.SearchRequest{Q: "a", DateFrom: "2024-02-03", DateTo: "2024-01-01"}, "q=a&date_from=2024-02-03&date_to=2024-01-01"},
		"an unknown order":     {&terracev1.SearchRequest{Q: "a", Sort: "size"}, "q=a&sort=size"},
		"an unknown place":     {&terracev1.SearchRequest{Q: "a", In: "body"}, "q=a&in=body"},
		"an unknown kind":      {&terracev1.SearchRequest{Q: "a", Kind: []string{"poem"}}, "q=a&kind=poem"},
	} {
		_, err := c.Search(t.Context(), w.in)
		st := status.Convert(err)
		why, what := info(st)
		if st.Code() != codes.InvalidArgument || why != "BAD_PARAMETER" || what["parameter"] == "" {
			t.Errorf("%s: %v, %s, %v", name, err, why, what)
		}
		p := tn.get("/api/v1/search?" + w.query)
		p.isProblem(400, why)
		if got := p.json(); got["detail"] != st.Message() || got["parameter"] != what["parameter"] {
			t.Errorf("%s: JSON says %s, gRPC %q of %v", name, p.body, st.Message(), what)
		}
	}
	if _, err = c.Search(t.Context(), &terracev1.SearchRequest{Q: strings.Repeat("字", MaxCall)}); status.Code(err) != codes.ResourceExhausted {
		t.Errorf("beyond the largest message: %v", err)
	}
}

// A slowSearcher answers when its caller gives up.
type slowSearcher struct{ *query.Searcher }

func (slowSearcher) Search(ctx context.Context, _ query.Request) (*query.Response, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

func TestASearchEndsByItsCapWhateverTheCallerAsks(t *testing.T) {
	tn := build(t, func(o *Options) { o.Searcher = slowSearcher{o.Searcher.(*query.Searcher)} })
	t.Run("gRPC", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := terracev1.NewSearchServiceClient(tn.grpc).Search(ctx, &terracev1.SearchRequest{Q: "a"}); reason(err) != "TIMEOUT" || ctx.Err() != nil {
			t.Errorf("got %v", err)
		}
	})
	t.Run("JSON", func(t *testing.T) {
		t.Parallel()
		tn.do("GET", "/api/v1/search?q=a", "", "Grpc-Timeout", "60S").isProblem(503, "TIMEOUT")
	})
	t.Run("page", func(t *testing.T) {
		t.Parallel()
		got := tn.get("/?q=a")
		if got.code != 503 || attr(got.page().all("input", "box")[0], "value") != "a" {
			t.Errorf("got %d, keeps %q", got.code, attr(got.page().all("input", "box")[0], "value"))
		}
	})
}

func TestAPanicIsAnErrorOfThatCallAlone(t *testing.T) {
	tn := build(t, nil)
	c := terracev1.NewAdminServiceClient(tn.grpc)
	ctx := bearing(t.Context(), "Bearer "+token)
	if _, err := c.StartReindex(ctx, &terracev1.StartReindexRequest{Site: "panic"}); status.Code(err) != codes.Internal || reason(err) != "INTERNAL" {
		t.Errorf("got %v", err)
	}
}

func TestImportsAreAnsweredBatchByBatch(t *testing.T) {
	tn := build(t, nil)
	stream, err := terracev1.NewAdminServiceClient(tn.grpc).ImportDocuments(bearing(t.Context(), "Bearer "+token))
	if err != nil {
		t.Fatal(err)
	}
	for _, lines := range [][][]byte{{[]byte(`{}`), []byte(`{`)}, {[]byte(`{"id":"2"}`)}} {
		if err := stream.Send(&terracev1.ImportDocumentsRequest{Lines: lines}); err != nil {
			t.Fatal(err)
		}
		got, err := stream.Recv()
		if err != nil || got.Imported != 1 || len(got.Bad) != len(lines)-1 {
			t.Fatalf("%d lines: %v, %v", len(lines), got, err)
		}
	}
	stream.CloseSend()
	if _, err := stream.Recv(); !errors.Is(err, io.EOF) {
		t.Errorf("after the last: %v", err)
	}
}

func TestGRPCHealth(t *testing.T) {
	var sick error
	tn := build(t, func(o *Options) { o.Ready = func() error { return sick } })
	check := func() grpc_health_v1.HealthCheckResponse_ServingStatus {
		res, err := grpc_health_v1.NewHealthClient(tn.grpc).Check(t.Context(), &grpc_health_v1.HealthCheckRequest{}, grpc.WaitForReady(true))
		if err != nil {
			t.Fatal(err)
		}
		return res.Status
	}
	if got := check(); got != grpc_health_v1.HealthCheckResponse_SERVING {
		t.Errorf("ready: %v", got)
	}
	sick = errInternal
	if got := check(); got != grpc_health_v1.HealthCheckResponse_NOT_SERVING {
		t.Errorf("not ready: %v", got)
	}
}
