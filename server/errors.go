package server

import (
	"context"
	"errors"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"terrace/index"
	"terrace/indexer"
	"terrace/indexer/archive"
	"terrace/query"
)

// domain is the google.rpc.ErrorInfo domain of our reason codes.
const domain = "terrace"

var errInternal = refuse(codes.Internal, "INTERNAL", "系统出现内部错误，请稍后再试")

// refuse makes the error that a caller sees. The reason code is for programs and never changes, the text is for people; what are pairs of
// names and values for programs, such as "parameter", "page".
func refuse(code codes.Code, reason, text string, what ...string) error {
	info := &errdetails.ErrorInfo{Reason: reason, Domain: domain}
	for i := 0; i+1 < len(what); i += 2 {
		if info.Metadata == nil {
			info.Metadata = map[string]string{}
		}
		info.Metadata[what[i]] = what[i+1]
	}
	st, err := status.New(code, text).WithDetails(info)
	if err != nil {
		panic(err) // an ErrorInfo always marshals
	}
	return st.Err()
}

func badParameter(name, text string) error {
	return refuse(codes.InvalidArgument, "BAD_PARAMETER", text, "parameter", name)
}

// reasons maps what the parts below say to what a caller sees.
var reasons = []struct {
	is     error
	code   codes.Code
	reason string
	text   string // empty: the error's own
}{
	{index.ErrQuery, codes.InvalidArgument, "BAD_REQUEST", "超出了可以查询的范围"},
	{indexer.ErrOrder, codes.InvalidArgument, "BAD_ORDER", ""},
	{indexer.ErrBusy, codes.FailedPrecondition, "BUSY", ""},
	{indexer.ErrUnknownJob, codes.NotFound, "UNKNOWN_JOB", ""},
	{archive.ErrUnknown, codes.NotFound, "UNKNOWN_PAGE", "存档里没有这个网页：请核对网址或编号"},
	{context.DeadlineExceeded, codes.DeadlineExceeded, "TIMEOUT", "系统繁忙，没有在规定时间内完成，请稍后再试"},
	{context.Canceled, codes.Canceled, "CANCELLED", "请求已取消"},
}

// status gives an error its code and reason. What has none is logged and told to nobody.
func (s *Server) status(method string, err error) error {
	if st, ok := err.(interface{ GRPCStatus() *status.Status }); ok {
		return st.GRPCStatus().Err()
	}
	if wrong := (*query.RequestError)(nil); errors.As(err, &wrong) {
		return badParameter(wrong.Parameter, wrong.Text)
	}
	for _, r := range reasons {
		if !errors.Is(err, r.is) {
			continue
		}
		if r.text != "" {
			return refuse(r.code, r.reason, r.text)
		}
		return refuse(r.code, r.reason, err.Error())
	}
	s.log.Error("call failed", "method", method, "error", err)
	return errInternal
}

// info is the reason code of a status and its details, by name. A status made by the libraries below is named by its code.
func info(st *status.Status) (reason string, what map[string]string) {
	for _, d := range st.Details() {
		if e, ok := d.(*errdetails.ErrorInfo); ok {
			return e.Reason, e.Metadata
		}
	}
	if st.Code() == codes.InvalidArgument {
		return "BAD_REQUEST", nil
	}
	return codeNames[st.Code()], nil
}

var codeNames = map[codes.Code]string{
	codes.Canceled: "CANCELLED", codes.DeadlineExceeded: "TIMEOUT", codes.NotFound: "NOT_FOUND", codes.Unimplemented: "UNIMPLEMENTED",
	codes.Unavailable: "UNAVAILABLE", codes.ResourceExhausted: "TOO_LARGE", codes.Internal: "INTERNAL", codes.Unknown: "INTERNAL",
	codes.PermissionDenied: "PERMISSION_DENIED", codes.Unauthenticated: "UNAUTHENTICATED",
}
