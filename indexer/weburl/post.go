package weburl

import (
	"net/url"
	"strings"
)

// postMark and jsonMark begin the fragment of a page that is asked for by POST, with a form or with JSON. Links in pages lose their fragments, so that no
// other URL has one.
const (
	postMark = "!post:"
	jsonMark = "!json:"
)

// CanonicalPost is the canonical form of a page that is asked for by POST: its URL, with the form as the fragment.
func CanonicalPost(u *url.URL, form url.Values) string {
	return Canonical(bare(u)) + "#" + postMark + form.Encode()
}

// CanonicalJSON is that of a page for which JSON is posted: its URL, with the text as the fragment.
func CanonicalJSON(u *url.URL, text string) string {
	return Canonical(bare(u)) + "#" + jsonMark + url.QueryEscape(text)
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
	return bare(u), form, true
}

// JSON returns the text of a URL in the form of CanonicalJSON, and the URL without it. ok is false for any other URL.
func JSON(u *url.URL) (plain *url.URL, text string, ok bool) {
	encoded, ok := strings.CutPrefix(u.EscapedFragment(), jsonMark)
	if !ok {
		return u, "", false
	}
	text, err := url.QueryUnescape(encoded)
	if err != nil {
		return u, "", false
	}
	return bare(u), text, true
}

// bare is a URL without its fragment.
func bare(u *url.URL) *url.URL {
	plain := *u
	plain.Fragment, plain.RawFragment = "", ""
	return &plain
}
