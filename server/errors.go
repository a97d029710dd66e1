package server

import (
	"cmp"
	"context"
	"errors"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"terrace/index"
	"terrace/indexer"
	"terrace/indexer/archive"
	"terrace/indexer/finding"
	"terrace/moves"
	"terrace/query"
	"terrace/withdraw"
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

// A wording is what a caller is told of an error of the parts below.
type wording struct {
	is     error
	code   codes.Code
	reason string
	text   string // empty: the error's own
}

func (r *wording) say(err error) string { return cmp.Or(r.text, err.Error()) }

func wordingOf(err error) *wording {
	for i := range wordings {
		if errors.Is(err, wordings[i].is) {
			return &wordings[i]
		}
	}
	return nil
}

// Explain says an error of the parts below as the server says it. One that callers are told nothing of stays as it is.
func Explain(err error) error {
	if r := wordingOf(err); r != nil {
		return errors.New(r.say(err))
	}
	return err
}

var wordings = []wording{
	{index.ErrQuery, codes.InvalidArgument, "BAD_REQUEST", "超出了可以查询的范围"},
	{indexer.ErrOrder, codes.InvalidArgument, "BAD_ORDER", ""},
	{indexer.ErrBusy, codes.FailedPrecondition, "BUSY", ""},
	{indexer.ErrProposing, codes.FailedPrecondition, "BUSY", ""},
	{indexer.ErrUnknownJob, codes.NotFound, "UNKNOWN_JOB", ""},
	{indexer.ErrInUse, codes.FailedPrecondition, "GENERATION_IN_USE", ""},
	{indexer.ErrBackup, codes.InvalidArgument, "BAD_BACKUP", ""},
	{indexer.ErrUnknownGeneration, codes.NotFound, "UNKNOWN_GENERATION", ""},
	{indexer.ErrUnknownSite, codes.NotFound, "UNKNOWN_SITE", ""},
	{indexer.ErrUnknownColumn, codes.NotFound, "UNKNOWN_COLUMN", ""},
	{finding.ErrRule, codes.InvalidArgument, "UNKNOWN_RULE", ""},
	{indexer.ErrWithdraw, codes.InvalidArgument, "BAD_WITHDRAWAL", ""},
	{indexer.ErrConfirm, codes.FailedPrecondition, "CONFIRM", ""},
	{withdraw.ErrPattern, codes.InvalidArgument, "BAD_PATTERN", ""},
	{withdraw.ErrUnknown, codes.NotFound, "UNKNOWN_WITHDRAWAL", ""},
	{indexer.ErrMoves, codes.InvalidArgument, "BAD_MOVE", ""},
	{moves.ErrURL, codes.InvalidArgument, "BAD_URL", ""},
	{moves.ErrPrefix, codes.FailedPrecondition, "TOO_MANY_PREFIXES", ""},
	{ErrDictionary, codes.FailedPrecondition, "DICTIONARY", ""},
	{index.ErrNoGeneration, codes.Unavailable, "NOT_READY", "索引还没有建好，请稍后再试"},
	{index.ErrUnavailable, codes.Unavailable, "INDEX_UNAVAILABLE", "索引暂时不可用，请稍后再试"},
	{index.ErrFormat, codes.FailedPrecondition, "GENERATION_FORMAT", "这一代索引是另一个版本的程序写的，本程序读不了：用 terrace reindex 重建"},
	{index.ErrDamaged, codes.DataLoss, "GENERATION_DAMAGED", "这一代索引的文件已损坏：换一份备份，或用 terrace reindex 重建"},
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
	if r := wordingOf(err); r != nil {
		return refuse(r.code, r.reason, r.say(err))
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
