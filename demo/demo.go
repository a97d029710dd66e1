// Package demo is the sample cluster: the sites of 云河州 (Yunhe), a prefecture that does not exist, made by rule and served on loopback.
// It is there to try the product, to test it end to end, and to load it.
//
// It promises that the same Options give the same articles, paths and bytes (but for the ports in absolute links); that a page is made
// when it is asked for, so that 200,000 pages need no more memory than ten; and that Expect tells the truth about every article served.
// The styles of page show what real systems do wrong: undeclared GBK, dirty metadata, lists that only a script pages, dead links, traps.
package demo

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"
)

// Options say how large the cluster is and where it listens. The zero value is the usual sample.
type Options struct {
	Pages    int          // articles over all sites, at most 200,000; 0: 700. Home, list and other pages come on top
	Seed     uint64       // another seed gives other articles; 0: 1
	BasePort int          // the sites listen on this port and the following; 0: any free ports
	Log      *slog.Logger // nil: silent
}

// MaxPages is the largest Options.Pages; more are cut to it.
const MaxPages = 200_000

// A Site is one website of the cluster.
type Site struct {
	ID         string // such as "gjj"
	Name       string // such as 云河州住房公积金中心
	Host       string // 127.0.0.1:port; empty before Start
	URL        string // of the home page; empty before Start
	Department string // id of its department, or empty
	County     string // id of its county, or empty
	Portal     bool   // true for exactly one
	SiteIDCode string // 网站标识码, ten digits
}

// A Department is an office of the prefecture. 部门
type Department struct {
	ID      string
	Name    string   // official name
	Aliases []string // short and popular names
}

// A County is a county or city of the prefecture. 县市
type County struct {
	ID      string
	Name    string
	Aliases []string
}

// A Cluster is the sample cluster. Its methods may be called from any number of goroutines once Start has returned.
type Cluster struct {
	options   Options
	log       *slog.Logger
	grammar   grammar
	services  []service
	sites     []*website
	listeners []net.Listener
}

// New makes the cluster's plan. It makes no page and opens no port.
func New(o Options) *Cluster {
	if o.Pages <= 0 {
		o.Pages = 700
	}
	o.Pages = min(o.Pages, MaxPages)
	if o.Seed == 0 {
		o.Seed = 1
	}
	c := &Cluster{options: o, log: o.Log, grammar: readGrammar(), services: readServices(), sites: layout()}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	apportion(c.sites, o.Pages)
	return c
}

// Start opens one port of 127.0.0.1 for each site, so that the hosts are known. Pages are served once Run is called.
func (c *Cluster) Start(ctx context.Context) error {
	if c.listeners != nil {
		return errors.New("start the sample cluster: it is started already")
	}
	var listen net.ListenConfig
	for i, s := range c.sites {
		port := 0
		if c.options.BasePort != 0 {
			port = c.options.BasePort + i
		}
		l, err := listen.Listen(ctx, "tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			c.close()
			return fmt.Errorf("start the sample cluster: site %s: %w", s.ID, err)
		}
		c.listeners = append(c.listeners, l)
		s.Host = l.Addr().String()
		s.URL = "http://" + s.Host + "/"
	}
	return nil
}

// Run serves the sites until ctx ends, and returns nil then. It calls Start where that was not done. A Cluster runs once.
func (c *Cluster) Run(ctx context.Context) error {
	if c.listeners == nil {
		if err := c.Start(ctx); err != nil {
			return err
		}
	}
	defer c.close()
	g, ctx := errgroup.WithContext(ctx)
	for i, s := range c.sites {
		srv := &http.Server{
			Handler:           &handler{cluster: c, site: s},
			ReadHeaderTimeout: 10 * time.Second,
			IdleTimeout:       time.Minute,
			ErrorLog:          slog.NewLogLogger(c.log.Handler(), slog.LevelWarn),
		}
		g.Go(func() error {
			if err := srv.Serve(c.listeners[i]); !errors.Is(err, http.ErrServerClosed) {
				return fmt.Errorf("serve site %s: %w", s.ID, err)
			}
			return nil
		})
		g.Go(func() error {
			<-ctx.Done()
			return srv.Close()
		})
	}
	return g.Wait()
}

func (c *Cluster) close() {
	for _, l := range c.listeners {
		l.Close() // a listener that a server has closed says so; nothing to learn from it
	}
}

// Sites lists the sites, the portal first.
func (c *Cluster) Sites() []Site {
	out := make([]Site, len(c.sites))
	for i, s := range c.sites {
		out[i] = s.Site
	}
	return out
}

// Departments lists the departments that have a site.
func (c *Cluster) Departments() []Department { return departments() }

// Counties lists the counties.
func (c *Cluster) Counties() []County { return counties() }
