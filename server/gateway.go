package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/fullstorydev/grpchan/inprocgrpc"
	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	terracev1 "terrace/proto/terrace/v1"
)

// gateway is the JSON face of the services. It calls them through a channel inside the process, so that the gate stands before it too.
func (s *Server) gateway() (http.Handler, error) {
	// Messages are handed over as they are: each is made for one call, and nobody keeps it.
	handOver := inprocgrpc.CloneFunc(func(message any) (any, error) { return message, nil })
	channel := new(inprocgrpc.Channel).WithServerUnaryInterceptor(s.unary).WithServerStreamInterceptor(s.stream).WithCloner(handOver)
	s.register(channel)
	mux := runtime.NewServeMux(
		runtime.WithMarshalerOption(runtime.MIMEWildcard, &marshaler{runtime.JSONPb{MarshalOptions: protojson.MarshalOptions{EmitDefaultValues: true}}}),
		runtime.WithIncomingHeaderMatcher(func(string) (string, bool) { return "", false }), // but Authorization, which the gateway always passes
		runtime.WithOutgoingHeaderMatcher(func(string) (string, bool) { return "", false }),
		runtime.WithErrorHandler(apiError),
		runtime.WithRoutingErrorHandler(routingError),
		runtime.WithMiddlewares(strictly(parameters())),
		runtime.WithDisablePathLengthFallback(),
		runtime.WithDisableHTTPMethodOverride(),
		runtime.WithWriteContentLength(),
	)
	ctx := context.Background()
	if err := terracev1.RegisterSearchServiceHandlerClient(ctx, mux, terracev1.NewSearchServiceClient(channel)); err != nil {
		return nil, fmt.Errorf("register search service: %w", err)
	}
	if err := terracev1.RegisterAdminServiceHandlerClient(ctx, mux, terracev1.NewAdminServiceClient(channel)); err != nil {
		return nil, fmt.Errorf("register admin service: %w", err)
	}
	s.sites = terracev1.NewSiteServiceClient(channel)
	if err := terracev1.RegisterSiteServiceHandlerClient(ctx, mux, s.sites); err != nil {
		return nil, fmt.Errorf("register site service: %w", err)
	}
	if err := terracev1.RegisterFindingServiceHandlerClient(ctx, mux, terracev1.NewFindingServiceClient(channel)); err != nil {
		return nil, fmt.Errorf("register finding service: %w", err)
	}
	if err := terracev1.RegisterMoveServiceHandlerClient(ctx, mux, terracev1.NewMoveServiceClient(channel)); err != nil {
		return nil, fmt.Errorf("register move service: %w", err)
	}
	return mux, nil
}

// strictly refuses what the gateway would pass over in silence: unknown or repeated parameters, numbers that are none, bodies too large.
func strictly(known map[string]protoreflect.MessageDescriptor) runtime.Middleware {
	return func(next runtime.HandlerFunc) runtime.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request, path map[string]string) {
			pattern, _ := runtime.HTTPPattern(r.Context())
			values, err := check(r, known[r.Method+" "+strings.ReplaceAll(pattern.String(), "=*}", "}")])
			if err == nil {
				r.Body, err = body(r)
			}
			if err != nil {
				problem(w, err)
				return
			}
			r.URL.RawQuery = values.Encode()
			r.Form = nil
			next(w, r, path)
		}
	}
}

func check(r *http.Request, fields protoreflect.MessageDescriptor) (url.Values, error) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, refuse(codes.InvalidArgument, "BAD_QUERY_STRING", "地址中的参数无法解析")
	}
	seen := map[protoreflect.Name]bool{}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		f, list := field(fields, name), values[name]
		if f == nil {
			return nil, refuse(codes.InvalidArgument, "UNKNOWN_PARAMETER", fmt.Sprintf("没有“%s”这个参数", name), "parameter", name)
		}
		if !f.IsList() && len(list) > 1 || seen[f.Name()] {
			return nil, badParameter(string(f.Name()), fmt.Sprintf("参数 %s 只能出现一次", f.Name()))
		}
		seen[f.Name()] = true
		if f.Kind() != protoreflect.Int32Kind {
			continue
		}
		if list[0] == "" {
			delete(values, name)
		} else if _, err := strconv.ParseInt(list[0], 10, 32); err != nil {
			return nil, badParameter(string(f.Name()), fmt.Sprintf("参数 %s 应是整数", f.Name()))
		}
	}
	return values, nil
}

func field(m protoreflect.MessageDescriptor, name string) protoreflect.FieldDescriptor {
	if m == nil {
		return nil
	}
	if f := m.Fields().ByTextName(name); f != nil {
		return f
	}
	return m.Fields().ByJSONName(name)
}

func body(r *http.Request) (io.ReadCloser, error) {
	if r.Body == nil || r.Body == http.NoBody {
		return http.NoBody, nil
	}
	b, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, MaxMessage))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return nil, refuse(codes.ResourceExhausted, "TOO_LARGE", "请求内容超过 1 MiB")
	}
	if err != nil {
		return nil, refuse(codes.InvalidArgument, "BAD_REQUEST", "请求内容没有完整收到")
	}
	return io.NopCloser(bytes.NewReader(b)), nil
}

// parameters gives, for each "METHOD /path" of the contract, the message whose fields may stand in the query string; those with a body have none.
func parameters() map[string]protoreflect.MessageDescriptor {
	out := map[string]protoreflect.MessageDescriptor{}
	for _, file := range []protoreflect.FileDescriptor{terracev1.File_terrace_v1_search_proto, terracev1.File_terrace_v1_admin_proto, terracev1.File_terrace_v1_finding_proto, terracev1.File_terrace_v1_move_proto} {
		for i := range file.Services().Len() {
			methods := file.Services().Get(i).Methods()
			for j := range methods.Len() {
				rule, _ := proto.GetExtension(methods.Get(j).Options(), annotations.E_Http).(*annotations.HttpRule)
				if path := rule.GetGet(); path != "" && !strings.Contains(path, "{") {
					out["GET "+path] = methods.Get(j).Input()
				}
			}
		}
	}
	return out
}
