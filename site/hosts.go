package site

import (
	"fmt"
	"net"
	"net/url"
	"strings"

	"golang.org/x/net/idna"
)

// hosts finds sites by host and port.
type hosts struct {
	exact map[string]*Site // by name or name:port
	below map[string]*Site // by the part after "*."
}

// add gives a host to a site. The host must be in its canonical form.
func (h hosts) add(host string, s *Site) error {
	sites := h.exact
	if rest, ok := strings.CutPrefix(host, "*."); ok {
		host, sites = rest, h.below
	}
	if other := sites[host]; other != nil {
		return fmt.Errorf("host %q belongs to site %q already", host, other.ID)
	}
	sites[host] = s
	return nil
}

func (h hosts) of(u *url.URL) *Site {
	name, port := canonicalName(u.Hostname()), u.Port()
	usual := defaultPort(u.Scheme)
	if port == "" {
		port = usual
	}
	if s := h.find(net.JoinHostPort(name, port)); s != nil || port != usual {
		return s
	}
	if strings.Contains(name, ":") {
		name = "[" + name + "]"
	}
	return h.find(name)
}

// find looks for a host itself, then for the nearest wildcard above it.
func (h hosts) find(host string) *Site {
	if s := h.exact[host]; s != nil {
		return s
	}
	for {
		_, parent, found := strings.Cut(host, ".")
		if !found {
			return nil
		}
		if s := h.below[parent]; s != nil {
			return s
		}
		host = parent
	}
}

func defaultPort(scheme string) string {
	switch scheme {
	case "http":
		return "80"
	case "https":
		return "443"
	}
	return ""
}

// canonicalHost is the form of a host or host:port of the configuration under which it is kept: lower case, without a last dot, international names in their ASCII
// form. It fails on what is no host, such as a whole URL.
func canonicalHost(host string) (string, error) {
	host = strings.TrimSpace(host)
	rest, wild := strings.CutPrefix(host, "*.")
	u, err := url.Parse("http://" + rest + "/")
	if err != nil || u.Hostname() == "" || u.Host != rest || strings.Contains(rest, "*") {
		return "", fmt.Errorf("host %q: want a name, with or without a port", host)
	}
	out := canonicalName(u.Hostname())
	if strings.Contains(out, ":") {
		out = "[" + out + "]"
	}
	if port := u.Port(); port != "" {
		out += ":" + port
	}
	if wild {
		out = "*." + out
	}
	return out, nil
}

func canonicalName(name string) string {
	name = strings.TrimSuffix(strings.ToLower(name), ".")
	if isASCII(name) {
		return name
	}
	if ascii, err := idna.Lookup.ToASCII(name); err == nil {
		return ascii
	}
	return name
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
