// Package server is how the world talks to Terrace: the search page and JSON over HTTP, the same calls over gRPC, health for both.
//
// It promises that every call passes one gate, whichever way it came: the rule of its RPC (who may, how long), recovery from panics, and
// errors with a reason code that is the same on both faces. HTTP reaches the services inside the process, without a socket, through that gate.
// It holds no state but what its Options give.
package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
	"google.golang.org/grpc"
	"google.golang.org/grpc/health/grpc_health_v1"

	"terrace/indexer"
	terracev1 "terrace/proto/terrace/v1"
	"terrace/query"
	"terrace/site"
	"terrace/withdraw"
)

// A Searcher answers questions; *query.Searcher is one.
type Searcher interface {
	Search(ctx context.Context, r query.Request) (*query.Response, error)
	Overview(ctx context.Context) (*query.Response, error)           // of everything
	Sites(ctx context.Context) (documents map[string]int, err error) // by site id
	Suggest(ctx context.Context, typed string, n int) ([]query.Suggestion, error)
}

// A Withdrawn tells words that are the title of a withdrawn page, or hold it; *withdraw.List is one.
type Withdrawn interface {
	Hides(text string) bool
}

// An Indexer is what administrators govern the index by; *indexer.Indexer is one.
type Indexer interface {
	JobRunner
	GenerationKeeper
	Withdrawer
	Lister
	Import(ctx context.Context, lines [][]byte) (indexer.ImportReport, error)
	Inspect(ctx context.Context, page string) (string, error)
	Coverage(ctx context.Context, site string) (indexer.Coverage, error)
	Losses(ctx context.Context, site string) ([]indexer.Loss, error)
	DecideLosses(ctx context.Context, site string, d indexer.Decision) (pages, left int, err error)
}

// A JobRunner runs the jobs that make the index anew.
type JobRunner interface {
	Start(ctx context.Context, o indexer.Order) (indexer.Job, error)
	Job(ctx context.Context, id string) (indexer.Job, error)
	Jobs(ctx context.Context) ([]indexer.Job, error)
	Cancel(ctx context.Context, id string) (indexer.Job, error)
}

// A GenerationKeeper keeps the generations of the index and their backups.
type GenerationKeeper interface {
	Generations(ctx context.Context) ([]indexer.Generation, error)
	Promote(ctx context.Context, generation string) error
	Drop(ctx context.Context, generation string) error
	BackUp(ctx context.Context, generation, backup string) (folder string, err error)
	Restore(ctx context.Context, backup string) (generation string, err error)
}

// A Withdrawer takes pages out of every answer.
type Withdrawer interface {
	Withdraw(ctx context.Context, o indexer.WithdrawOrder) (indexer.Receipt, error)
	Withdrawals(ctx context.Context) ([]withdraw.Entry, error)
	UndoWithdrawal(ctx context.Context, id, by string) (indexer.Receipt, error)
}

// Options are what a Server is made of. Searcher, Indexer and Registry are required.
type Options struct {
	HTTP net.Listener // for everyone; nil: no HTTP
	GRPC net.Listener // for programs inside; nil: no gRPC

	Searcher  Searcher
	Queries   Queries   // remembers what is asked for on the page; nil: nobody does
	Withdrawn Withdrawn // words that are not to be shown to others any more; nil: none
	Indexer   Indexer
	Registry  *site.Registry
	Moves     Mover // knows where old pages have gone; nil: nobody does

	Notifier Notifier          // has pages fetched that sites tell of; nil: nobody does
	SiteKeys map[string]string // by site id: what its content management system presents; sites without one cannot notify

	Findings Findings // what is wrong with the sites; nil: nobody looks

	Dictionary Dictionary // the configured lists of words; nil: they cannot be exchanged

	AdminToken     string         // what administrators present; empty: the admin calls are refused
	PathPrefix     string         // such as "/search", where a proxy serves us below its root; requests come with or without it
	TrustedProxies []netip.Prefix // whose X-Forwarded-For is believed
	Ready          func() error   // nil error: questions can be answered; nil: always ready
	Version        string
	Log            *slog.Logger // nil: silent
}

// A Server serves both faces.
type Server struct {
	options Options
	log     *slog.Logger
	prefix  string // without a slash at the end
	grpc    *grpc.Server
	sites   terracev1.SiteServiceClient // through the gate
	http    *http.Server
}

// MaxMessage is the largest HTTP body taken, in bytes. MaxCall is the largest gRPC message: it holds the longest line of an import.
const (
	MaxMessage = 1 << 20
	MaxCall    = indexer.MaxImportLine + MaxMessage
)

// New makes a Server. The only errors are missing Options and a path prefix that is none.
func New(o Options) (*Server, error) {
	if o.Searcher == nil || o.Indexer == nil || o.Registry == nil {
		return nil, errors.New("server: Searcher, Indexer and Registry are required")
	}
	prefix := strings.TrimRight(o.PathPrefix, "/")
	if prefix != "" && (!strings.HasPrefix(prefix, "/") || strings.HasPrefix(prefix, "//") || strings.ContainsAny(prefix, "?#%\\ ")) {
		return nil, fmt.Errorf("server: path prefix %q: not a path like /search", o.PathPrefix)
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Ready == nil {
		o.Ready = func() error { return nil }
	}
	s := &Server{options: o, log: o.Log, prefix: prefix}
	s.grpc = grpc.NewServer(grpc.UnaryInterceptor(s.unary), grpc.StreamInterceptor(s.stream), grpc.MaxRecvMsgSize(MaxCall))
	s.register(s.grpc)
	handler, err := s.handler()
	if err != nil {
		return nil, err
	}
	s.http = &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(o.Log.Handler(), slog.LevelDebug),
	}
	return s, nil
}

func (s *Server) register(r grpc.ServiceRegistrar) {
	terracev1.RegisterSearchServiceServer(r, searchService{searcher: s.options.Searcher, registry: s.options.Registry})
	terracev1.RegisterAdminServiceServer(r, adminService{indexer: s.options.Indexer, dictionary: s.options.Dictionary})
	terracev1.RegisterSiteServiceServer(r, siteService{notifier: s.options.Notifier})
	terracev1.RegisterFindingServiceServer(r, FindingService{Findings: s.options.Findings, Registry: s.options.Registry})
	terracev1.RegisterMoveServiceServer(r, moveService{mover: s.options.Moves})
	grpc_health_v1.RegisterHealthServer(r, health{ready: s.options.Ready})
}

// Handler is the HTTP face, for a listener of one's own.
func (s *Server) Handler() http.Handler { return s.http.Handler }

// grace is how long calls under way may take once the server stops.
const grace = 10 * time.Second

// Run serves until ctx is done, then lets the calls under way end, at most ten seconds, and returns nil. It closes the listeners. It can be called once.
func (s *Server) Run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	if l := s.options.HTTP; l != nil {
		g.Go(func() error {
			if err := s.http.Serve(l); !errors.Is(err, http.ErrServerClosed) {
				return fmt.Errorf("serve http on %s: %w", l.Addr(), err)
			}
			return nil
		})
	}
	if l := s.options.GRPC; l != nil {
		g.Go(func() error {
			if err := s.grpc.Serve(l); err != nil && !errors.Is(err, grpc.ErrServerStopped) {
				return fmt.Errorf("serve grpc on %s: %w", l.Addr(), err)
			}
			return nil
		})
	}
	g.Go(func() error {
		<-ctx.Done()
		s.stop()
		return nil
	})
	return g.Wait()
}

func (s *Server) stop() {
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	force := context.AfterFunc(ctx, s.grpc.Stop)
	defer force()
	var both errgroup.Group
	both.Go(func() error { return s.http.Shutdown(ctx) })
	both.Go(func() error { s.grpc.GracefulStop(); return nil })
	if err := both.Wait(); err != nil {
		s.log.Warn("http calls cut off at the end", "error", err)
		s.http.Close()
	}
}
