package server

import (
	"context"
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	terracev1 "terrace/proto/terrace/v1"
)

// A rule says who may make a call and how long it may take, whatever the caller asks for.
type rule struct {
	admin bool
	site  bool          // asks for a site's key
	cap   time.Duration // 0: as long as the caller stays
}

const (
	searchCap = 2 * time.Second
	adminCap  = 30 * time.Second
	trialCap  = 5 * time.Minute // two searches a query
)

// rules has one rule for each RPC. An RPC without one is refused.
var rules = map[string]rule{
	"/terrace.v1.SearchService/Search":            {cap: searchCap},
	"/terrace.v1.SearchService/ListSites":         {cap: searchCap},
	"/terrace.v1.SearchService/Suggest":           {cap: searchCap},
	"/terrace.v1.SiteService/NotifyPages":         {site: true, cap: adminCap},
	"/terrace.v1.AdminService/StartReindex":       {admin: true, cap: adminCap},
	"/terrace.v1.AdminService/GetJob":             {admin: true, cap: adminCap},
	"/terrace.v1.AdminService/ListJobs":           {admin: true, cap: adminCap},
	"/terrace.v1.AdminService/CancelJob":          {admin: true, cap: adminCap},
	"/terrace.v1.AdminService/ImportDocuments":    {admin: true},
	"/terrace.v1.AdminService/InspectPage":        {admin: true, cap: adminCap},
	"/terrace.v1.AdminService/GetCoverage":        {admin: true, cap: adminCap},
	"/terrace.v1.AdminService/ListMissing":        {admin: true, cap: adminCap},
	"/terrace.v1.AdminService/ListLosses":         {admin: true, cap: adminCap},
	"/terrace.v1.AdminService/DecideLosses":       {admin: true, cap: adminCap},
	"/terrace.v1.AdminService/TryDictionary":      {admin: true, cap: trialCap},
	"/terrace.v1.AdminService/ActivateDictionary": {admin: true, cap: trialCap},
	"/terrace.v1.AdminService/ListGenerations":    {admin: true, cap: adminCap},
	"/terrace.v1.AdminService/PromoteGeneration":  {admin: true, cap: adminCap},
	"/terrace.v1.AdminService/DropGeneration":     {admin: true, cap: adminCap},
	"/terrace.v1.AdminService/CreateBackup":       {admin: true},
	"/terrace.v1.AdminService/RestoreBackup":      {admin: true},
	"/terrace.v1.AdminService/Withdraw":           {admin: true},
	"/terrace.v1.AdminService/ListWithdrawals":    {admin: true, cap: adminCap},
	"/terrace.v1.AdminService/UndoWithdrawal":     {admin: true},
	"/terrace.v1.FindingService/ListFindingRules": {admin: true, cap: adminCap},
	"/terrace.v1.FindingService/ListFindings":     {admin: true, cap: adminCap},
	"/terrace.v1.FindingService/UpdateFindings":   {admin: true},
	"/terrace.v1.MoveService/ListMoves":           {admin: true, cap: adminCap},
	"/terrace.v1.MoveService/PutMoves":            {admin: true}, // a prefix may mean all pages of a closed site
	"/terrace.v1.MoveService/DecideMoves":         {admin: true},
	"/terrace.v1.MoveService/ProposeMoves":        {admin: true},
	"/terrace.v1.MoveService/ListHomeless":        {admin: true},
	"/terrace.v1.MoveService/ExportMoves":         {admin: true},
	"/grpc.health.v1.Health/Check":                {cap: searchCap},
	"/grpc.health.v1.Health/List":                 {cap: searchCap},
	"/grpc.health.v1.Health/Watch":                {cap: searchCap},
}

func (s *Server) unary(ctx context.Context, req any, info *grpc.UnaryServerInfo, next grpc.UnaryHandler) (res any, err error) {
	err = s.pass(ctx, info.FullMethod, func(ctx context.Context) error {
		if err := s.explaining(ctx, req); err != nil {
			return err
		}
		res, err = next(ctx, req)
		return err
	})
	if err != nil {
		return nil, err
	}
	return res, nil
}

func (s *Server) stream(srv any, stream grpc.ServerStream, info *grpc.StreamServerInfo, next grpc.StreamHandler) error {
	return s.pass(stream.Context(), info.FullMethod, func(ctx context.Context) error {
		return next(srv, streamWithin{stream, ctx})
	})
}

type streamWithin struct {
	grpc.ServerStream
	ctx context.Context
}

func (s streamWithin) Context() context.Context { return s.ctx }

// pass makes a call if its rule allows, within its cap; what it returns is a status, for a panic too.
func (s *Server) pass(ctx context.Context, method string, call func(context.Context) error) (err error) {
	start := time.Now()
	defer func() {
		if p := recover(); p != nil {
			s.log.Error("panic in a call", "method", method, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			err = errInternal
		}
		s.log.Debug("call", "method", method, "code", status.Code(err).String(), "took", time.Since(start))
	}()
	r, ok := rules[method]
	if !ok {
		return refuse(codes.PermissionDenied, "NO_RULE", "这个接口没有开放")
	}
	if r.admin {
		if err := s.authenticate(ctx); err != nil {
			return err
		}
	}
	if r.site {
		if ctx, err = s.asSite(ctx); err != nil {
			return err
		}
	}
	if r.cap > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, r.cap)
		defer cancel()
	}
	if err := call(ctx); err != nil {
		return s.status(method, err)
	}
	return nil
}

// explaining lets administrators alone ask why a search answers as it does.
func (s *Server) explaining(ctx context.Context, req any) error {
	if in, ok := req.(*terracev1.SearchRequest); ok && in.Explain {
		return s.authenticate(ctx)
	}
	return nil
}

// authenticate looks for "authorization: Bearer TOKEN" in the metadata, which holds the HTTP header as well.
func (s *Server) authenticate(ctx context.Context) error {
	if s.options.AdminToken == "" {
		return refuse(codes.PermissionDenied, "ADMIN_CLOSED", "没有配置管理令牌，管理接口未开放")
	}
	md, _ := metadata.FromIncomingContext(ctx)
	values := md.Get("authorization")
	if len(values) != 1 {
		return refuse(codes.Unauthenticated, "UNAUTHENTICATED", "请在 Authorization 头中提供管理令牌：Bearer 令牌")
	}
	scheme, token, _ := strings.Cut(values[0], " ")
	if !strings.EqualFold(scheme, "Bearer") || !same(token, s.options.AdminToken) {
		return refuse(codes.Unauthenticated, "UNAUTHENTICATED", "管理令牌不正确")
	}
	return nil
}
