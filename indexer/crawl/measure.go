package crawl

import (
	"fmt"
	"net/url"
	"strings"
	"unicode"

	"terrace/indexer/markup"
)

// Limits on what servers say and the archive keeps.
const (
	maxReason    = 500     // bytes of a reason
	maxType      = 100     // bytes of a media type
	maxValidator = 1000    // bytes of an ETag or Last-Modified, which go back with each visit
	largePage    = 1 << 20 // bytes; of larger pages one is parsed at a time: the tree of one may take ten times its bytes
)

// tidy is what a server said, as one line that can be shown: no control characters, most bytes at most.
func tidy(s string, most int) string {
	cut := len(s) > most
	if cut {
		s = s[:most]
	}
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
	if cut {
		s += "…"
	}
	return s
}

// validator is an ETag or Last-Modified as it is kept; a longer one is nobody's and left out.
func validator(s string) string {
	if len(s) > maxValidator {
		return ""
	}
	return s
}

// parse reads a page. Large ones wait for each other.
func (c *Crawler) parse(u *url.URL, body []byte, contentType, charset string) (*markup.Page, error) {
	if len(body) > largePage {
		c.large <- struct{}{}
		defer func() { <-c.large }()
	}
	return markup.Parse(u, body, contentType, charset)
}

// remarks are what is to be known of a page that was fetched well, beside what is known already, which may be nothing.
func remarks(page *markup.Page, known string) string {
	var all []string
	if known != "" {
		all = append(all, known)
	}
	if page.Scripted {
		all = append(all, "its scripts make its text")
	}
	if page.NoIndex {
		all = append(all, "asks not to be indexed")
	}
	if page.LinksCut > 0 {
		all = append(all, fmt.Sprintf("%d links beyond the first %d left out", page.LinksCut, len(page.Links)))
	}
	if page.Cut {
		all = append(all, "page is larger than is read: its end is left out")
	}
	return strings.Join(all, "; ")
}
