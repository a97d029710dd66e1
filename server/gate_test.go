package server

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

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
			if admin := strings.Contains(service, "Admin"); r.admin != admin {
				t.Errorf("%s: admin is %v", name, r.admin)
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

// adminCalls are the admin RPCs over gRPC.
func adminCalls(c terracev1.AdminServiceClient) map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"StartReindex": func(ctx context.Context) error {
			_, err := c.StartReindex(ctx, &terracev1.StartReindexRequest{})
			return err
		},
		"GetJob": func(ctx context.Context) error {
			_, err := c.GetJob(ctx, &terracev1.GetJobRequest{Id: "none"})
			return err
		},
		"ListJobs": func(ctx context.Context) error { _, err := c.ListJobs(ctx, &terracev1.ListJobsRequest{}); return err },
		"CancelJob": func(ctx context.Context) error {
			_, err := c.CancelJob(ctx, &terracev1.CancelJobRequest{Id: "none"})
			return err
		},
		"InspectPage": func(ctx context.Context) error {
			_, err := c.InspectPage(ctx, &terracev1.InspectPageRequest{Page: "x"})
			return err
		},
		"ImportDocuments": func(ctx context.Context) error {
			stream, err := c.ImportDocuments(ctx)
			if err != nil {
				return err
			}
			stream.CloseSend()
			if _, err = stream.Recv(); errors.Is(err, io.EOF) {
				return nil
			}
			return err
		},
	}
}

func TestAdminCallsAskForTheToken(t *testing.T) {
	tn := build(t, nil)
	calls := adminCalls(terracev1.NewAdminServiceClient(tn.grpc))
	if want := len(terracev1.AdminService_ServiceDesc.Methods) + len(terracev1.AdminService_ServiceDesc.Streams); len(calls) != want {
		t.Fatalf("%d calls tried, the service has %d", len(calls), want)
	}
	for name, call := range calls {
		for what, value := range map[string]string{"wrong": "Bearer wrong", "empty": "Bearer ", "another scheme": "Basic " + token, "bare": token, "": ""} {
			ctx := t.Context()
			if value != "" {
				ctx = bearing(ctx, value)
			}
			if err := call(ctx); status.Code(err) != codes.Unauthenticated || reason(err) != "UNAUTHENTICATED" {
				t.Errorf("%s with token %q: %v", name, what, err)
			}
		}
		if err := call(bearing(t.Context(), "Bearer "+token)); status.Code(err) == codes.Unauthenticated {
			t.Errorf("%s with the token: %v", name, err)
		}
	}
}

func reason(err error) string {
	for _, d := range status.Convert(err).Details() {
		if e, ok := d.(*errdetails.ErrorInfo); ok && e.Domain == "terrace" {
			return e.Reason
		}
	}
	return ""
}

func TestAdminCallsAskForTheTokenOverHTTP(t *testing.T) {
	tn := build(t, nil)
	for _, c := range [][2]string{
		{"POST", "/api/v1/reindex"}, {"GET", "/api/v1/jobs/x"}, {"GET", "/api/v1/jobs"}, {"POST", "/api/v1/jobs/x:cancel"}, {"GET", "/api/v1/pages:inspect?page=x"},
	} {
		for _, header := range [][]string{nil, {"Authorization", "Bearer wrong"}, {"Grpc-Metadata-Authorization", "Bearer " + token}} {
			got := tn.do(c[0], c[1], "", header...)
			got.isProblem(401, "UNAUTHENTICATED")
			if got.Get("WWW-Authenticate") == "" {
				t.Errorf("%s %s: no WWW-Authenticate", c[0], c[1])
			}
		}
		if got := tn.do(c[0], c[1], "", "Authorization", "Bearer "+token); got.code == 401 {
			t.Errorf("%s %s with the token: %s", c[0], c[1], got.body)
		}
	}
}

func TestWithoutAConfiguredTokenAdminIsClosed(t *testing.T) {
	tn := build(t, func(o *Options) { o.AdminToken = "" })
	for name, call := range adminCalls(terracev1.NewAdminServiceClient(tn.grpc)) {
		if err := call(bearing(t.Context(), "Bearer ")); status.Code(err) != codes.PermissionDenied || reason(err) != "ADMIN_CLOSED" {
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
	if _, err = c.Search(t.Context(), &terracev1.SearchRequest{Q: strings.Repeat("字", 201)}); status.Code(err) != codes.InvalidArgument || reason(err) != "BAD_REQUEST" {
		t.Errorf("too long: %v", err)
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
