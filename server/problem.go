package server

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// problem answers with problem details (RFC 9457): the status's text as detail, its reason code, and what the reason is about by name.
func problem(w http.ResponseWriter, err error) {
	st := status.Convert(err)
	code := httpStatus(st.Code())
	reason, what := info(st)
	if reason == "METHOD_NOT_ALLOWED" {
		code = http.StatusMethodNotAllowed
	}
	out := map[string]any{}
	for k, v := range what {
		out[k] = v
	}
	out["type"], out["title"], out["status"], out["detail"], out["reason"] = "about:blank", http.StatusText(code), code, st.Message(), reason
	b, err := json.Marshal(out)
	if err != nil {
		panic(err) // strings and a number always marshal
	}
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	if code == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Bearer realm="terrace"`)
	}
	w.WriteHeader(code)
	w.Write(b)
}

func httpStatus(c codes.Code) int {
	switch c {
	case codes.FailedPrecondition:
		return http.StatusConflict
	case codes.ResourceExhausted:
		return http.StatusRequestEntityTooLarge
	case codes.DeadlineExceeded:
		return http.StatusServiceUnavailable
	}
	return runtime.HTTPStatusFromCode(c)
}

func apiError(_ context.Context, _ *runtime.ServeMux, _ runtime.Marshaler, w http.ResponseWriter, _ *http.Request, err error) {
	problem(w, err)
}

func routingError(_ context.Context, _ *runtime.ServeMux, _ runtime.Marshaler, w http.ResponseWriter, _ *http.Request, code int) {
	switch code {
	case http.StatusMethodNotAllowed:
		problem(w, refuse(codes.Unimplemented, "METHOD_NOT_ALLOWED", "这个接口不接受这种请求方法"))
	case http.StatusNotFound:
		problem(w, refuse(codes.NotFound, "NOT_FOUND", "没有这个接口"))
	default:
		problem(w, refuse(codes.InvalidArgument, "BAD_REQUEST", "请求无法解析"))
	}
}
