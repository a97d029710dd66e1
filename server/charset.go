package server

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// utf8Query gives the query string in UTF-8. A name or value that is none is read as GB18030, which is what pages written in GBK send.
// Parts that cannot be unescaped stay as they are.
func utf8Query(raw string) string {
	if !strings.ContainsRune(raw, '%') && utf8.ValidString(raw) {
		return raw
	}
	pairs := strings.Split(raw, "&")
	for i, pair := range pairs {
		name, value, has := strings.Cut(pair, "=")
		pairs[i] = utf8Part(name)
		if has {
			pairs[i] += "=" + utf8Part(value)
		}
	}
	return strings.Join(pairs, "&")
}

func utf8Part(escaped string) string {
	s, err := url.QueryUnescape(escaped)
	if err != nil || utf8.ValidString(s) {
		return escaped
	}
	s, err = simplifiedchinese.GB18030.NewDecoder().String(s)
	if err != nil {
		return escaped
	}
	return url.QueryEscape(s)
}
