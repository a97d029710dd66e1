package crawl

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"terrace/site"
)

// A wire stands between a crawl and the world: names are resolved by a server of its own, the crawl's own check sees every address, and what passes
// the check reaches the town in place of the internet.
type wire struct {
	town    *town
	names   sync.Map // host name to []netip.Addr
	mu      sync.Mutex
	dialled []string // host:port, as asked for
	reached []string // addresses that passed the check
}

var errPassed = errors.New("the address passed the check")

// newWire starts the name server. A name that ends in that of a host with a star stands for itself.
func newWire(n *town) *wire {
	n.Helper()
	w := &wire{town: n}
	return w
}

func (w *wire) name(host string, addresses ...string) {
	var all []netip.Addr
	for _, a := range addresses {
		all = append(all, netip.MustParseAddr(a))
	}
	w.names.Store(host, all)
}

// crawl crawls the town over the wire.
func (w *wire) crawl(t *testing.T) {
	t.Helper()
	server := w.serveNames(t)
	r, err := site.New(site.Cluster{Sites: append([]site.Site{w.town.site}, w.town.others...)})
	if err != nil {
		t.Fatal(err)
	}
	c, err := New(Options{Archive: w.town.archive, Registry: r, Delay: -1, Once: true, MaxBody: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range c.fetchers {
		w.under(f.transport, server)
	}
	if err := c.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// under puts the wire under a transport; its check of addresses stays.
func (w *wire) under(t *transport, server string) {
	var plain net.Dialer
	t.dialer.Resolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return plain.DialContext(ctx, "udp", server)
	}}
	check := t.dialer.Control
	t.dialer.Control = func(network, address string, c syscall.RawConn) error {
		if err := check(network, address, c); err != nil {
			return err
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		w.reached = append(w.reached, address)
		return errPassed
	}
	t.inner.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		w.mu.Lock()
		w.dialled = append(w.dialled, address)
		w.mu.Unlock()
		c, err := t.dialer.DialContext(ctx, network, address)
		if errors.Is(err, errPassed) {
			return plain.DialContext(ctx, network, w.town.server.Listener.Addr().String())
		}
		return c, err
	}
}

// serveNames answers questions for names until the test ends, and gives its address.
func (w *wire) serveNames(t *testing.T) string {
	t.Helper()
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var served sync.WaitGroup
	served.Go(func() {
		question := make([]byte, 1500)
		for {
			n, from, err := c.ReadFrom(question)
			if err != nil {
				return
			}
			if answer, err := w.answer(question[:n]); err == nil {
				c.WriteTo(answer, from)
			}
		}
	})
	t.Cleanup(func() { c.Close(); served.Wait() })
	return c.LocalAddr().String()
}

func (w *wire) answer(question []byte) ([]byte, error) {
	var m dnsmessage.Message
	if err := m.Unpack(question); err != nil || len(m.Questions) == 0 {
		return nil, errors.New("no question")
	}
	q := m.Questions[0]
	m.Response, m.RecursionAvailable, m.Additionals = true, true, nil
	known, ok := w.names.Load(strings.TrimSuffix(q.Name.String(), "."))
	if !ok {
		m.RCode = dnsmessage.RCodeNameError
		return m.Pack()
	}
	for _, a := range known.([]netip.Addr) {
		h := dnsmessage.ResourceHeader{Name: q.Name, Class: dnsmessage.ClassINET}
		switch {
		case a.Is4() && q.Type == dnsmessage.TypeA:
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: h, Body: &dnsmessage.AResource{A: a.As4()}})
		case a.Is6() && q.Type == dnsmessage.TypeAAAA:
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: h, Body: &dnsmessage.AAAAResource{AAAA: a.As16()}})
		}
	}
	return m.Pack()
}

// outside are the hosts that were dialled and are none of these.
func (w *wire) outside(hosts ...string) []string {
	return slices.DeleteFunc(slices.Clone(w.dialled), func(address string) bool {
		name, port, err := net.SplitHostPort(address)
		return err == nil && port == "80" && slices.ContainsFunc(hosts, func(h string) bool {
			below, wild := strings.CutPrefix(h, "*")
			return name == h || wild && strings.HasSuffix(name, below)
		})
	})
}
