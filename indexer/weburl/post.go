package weburl

import (
	"net/url"
	"strings"
)

// postMark begins the fragment of a page that is asked for by POST. Links in pages lose their fragments, so that no other URL has one.
const postMark = "!post:"

// CanonicalPost is the canonical form of a page that is asked for by POST: its URL, with the form as the fragment.
func CanonicalPost(u *url.URL, form url.Values) string {
	plain := *u
	plain.Fragment, plain.RawFragment = "", ""
	return Canonical(&plain) + "#" + postMark + form.Encode()
}

// Post returns the form of a URL in the form of CanonicalPost, and the URL without it. ok is false for any other URL.
func Post(u *url.URL) (plain *url.URL, form url.Values, ok bool) {
	encoded, ok := strings.CutPrefix(u.EscapedFragment(), postMark)
	if !ok {
		return u, nil, false
	}
	form, err := url.ParseQuery(encoded)
	if err != nil {
		return u, nil, false
	}
	bare := *u
	bare.Fragment, bare.RawFragment = "", ""
	return &bare, form, true
}
