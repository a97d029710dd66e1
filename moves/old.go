package moves

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"terrace/indexer/weburl"
)

// An Old is an old URL, or what old URLs begin with.
type Old struct {
	Text   string // a canonical URL; of a prefix without scheme and with a final *, as in old.example/zwgk/*
	Key    string // under which it is found, whether http or https, with or without www
	Prefix bool
}

var scheme = regexp.MustCompile(`(?i)^[a-z][a-z0-9+.-]*://`)

// ParseOld reads an old URL as people write it. With a final * it is what old URLs begin with, up to a slash; so is a host alone, and, without http://, what ends in a slash:
// old.example, old.example/zwgk/ and http://old.example/zwgk/* are prefixes, http://old.example/zwgk/ is one page. ErrURL says what is wrong.
func ParseOld(text string) (Old, error) {
	text = plain(text)
	rest, star := strings.CutSuffix(text, "*")
	if star && !strings.HasSuffix(rest, "/") {
		return Old{}, fmt.Errorf("%w：%s：* 前面应是 /，如 old.example.gov.cn/zwgk/*", ErrURL, shown(text))
	}
	bare := !scheme.MatchString(rest)
	u, err := Parse(rest)
	if err != nil {
		return Old{}, err
	}
	slash := strings.HasSuffix(rest, "/")
	hostAlone := !strings.ContainsAny(strings.TrimPrefix(scheme.ReplaceAllString(rest, ""), "//"), "/?#")
	o := Old{Text: weburl.Canonical(u), Key: Key(u), Prefix: star || hostAlone || bare && slash}
	if o.Prefix {
		if strings.Contains(o.Key, "?") {
			return Old{}, fmt.Errorf("%w：%s：前缀里不能有问号", ErrURL, shown(text))
		}
		o.Text = scheme.ReplaceAllString(o.Text, "") + "*"
		o.Key += "*"
	} else if strings.HasSuffix(o.Key, "*") {
		return Old{}, fmt.Errorf("%w：%s：一个网页的网址不能以 * 结尾", ErrURL, shown(text))
	}
	return o, nil
}

// within reports a key that begins with a prefix.
func (o Old) within(key string) bool {
	return o.Prefix && strings.HasPrefix(key, strings.TrimSuffix(o.Key, "*"))
}

// ParseNew reads the URL of a new page, or one that the rest of an old path is put behind, whose final * means nothing.
func ParseNew(text string) (string, error) {
	text = strings.TrimSuffix(Trim(text), "*")
	if !scheme.MatchString(text) {
		return "", fmt.Errorf("%w：%s：新网址要写完整，以 http:// 或 https:// 开头", ErrURL, shown(text))
	}
	u, err := Parse(text)
	if err != nil {
		return "", err
	}
	return weburl.Canonical(u), nil
}

// Parse reads a URL as people type it, with or without http://, escaped as a whole or not.
func Parse(text string) (*url.URL, error) {
	text = plain(text)
	if !scheme.MatchString(text) {
		text = "http://" + strings.TrimPrefix(text, "//")
	}
	u, err := weburl.Parse(nil, text)
	named := func(s string) bool { return strings.ContainsAny(s, ".:") } // a number alone would be an address, too
	if err != nil || !named(u.Hostname()) || !named(text[len(scheme.FindString(text)):]) {
		return nil, fmt.Errorf("%w：%s：写成 http://www.example.gov.cn/a.html 这样，至多 %d 字节", ErrURL, shown(text), weburl.MaxLength)
	}
	return u, nil
}

// plain is a URL without what pasting puts around it, and without the escapes of one that is escaped as a whole.
func plain(text string) string {
	text = Trim(text)
	if escapedScheme.MatchString(text) {
		if plain, err := url.PathUnescape(text); err == nil {
			return plain
		}
	}
	return text
}

var escapedScheme = regexp.MustCompile(`(?i)^https?%3a%2f%2f`)

// Trim takes away what pasting puts around a URL.
func Trim(text string) string {
	return strings.Trim(text, " \t\r\n\u00a0\u3000\u200b\ufeff\"“”<>《》，。")
}

func shown(text string) string {
	if r := []rune(text); len(r) > 100 {
		return string(r[:100]) + "…"
	}
	return text
}

// Key is equal for the URLs that are one as old ones: of http and https, with and without www. It always has a slash behind the host.
func Key(u *url.URL) string {
	return bare(weburl.Canonical(u))
}

// bare is a URL as keys are written.
func bare(u string) string { return strings.TrimPrefix(scheme.ReplaceAllString(u, ""), "www.") }

// keysOf are the keys under which a URL may be listed: its own, and that of the same characters in the other encoding, GBK for UTF-8 and the reverse.
func keysOf(key string) []string {
	if other := recoded(key); other != "" {
		return []string{key, other}
	}
	return []string{key}
}

// highBytes are runs of escapes that hold no plain ASCII but second bytes of GBK.
var highBytes = regexp.MustCompile(`(?:%[89A-F][0-9A-F](?:[@-~]|%[4-7][0-9A-F])?)+`)

// recoded is a key whose escapes stand for the same characters in the other encoding; empty where it has none, or they are of neither.
func recoded(key string) string {
	failed := false
	out := highBytes.ReplaceAllStringFunc(key, func(run string) string {
		raw, _ := url.PathUnescape(run)
		other, err := "", error(nil)
		if isUTF8(raw) {
			other, err = simplifiedchinese.GB18030.NewEncoder().String(raw)
		} else {
			other, err = simplifiedchinese.GB18030.NewDecoder().String(raw)
		}
		if err != nil || strings.ContainsRune(other, utf8.RuneError) && utf8.ValidString(other) {
			failed = true
		}
		return escapeHigh(other)
	})
	if failed || out == key {
		return ""
	}
	return out
}

// isUTF8 tells UTF-8 from GBK: pairs of GBK may be valid UTF-8, but then of letters that no URL of ours has.
func isUTF8(s string) bool {
	return utf8.ValidString(s) && strings.IndexFunc(s, func(r rune) bool { return r >= 0x2E80 }) >= 0
}

func escapeHigh(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; c >= 0x80 || strings.IndexByte("%\"<>\\^`{|} ", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// Twins are the canonical URLs that one has the Key of, itself first, in both encodings.
func Twins(u *url.URL) []string {
	own := weburl.Canonical(u)
	out := []string{own}
	for _, key := range keysOf(Key(u)) {
		for _, begin := range []string{"http://", "https://", "http://www.", "https://www."} {
			if t := begin + key; t != own {
				out = append(out, t)
			}
		}
	}
	return out
}
