package crawl

import (
	"io"
	"mime"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"strings"
	"unicode"

	"terrace/indexer/markup"
	"terrace/indexer/weburl"
)

// maxFileName is the longest name of a file, in runes.
const maxFileName = 200

// sentName is what a server calls a file, empty where it does not: Content-Disposition (RFC 6266) as it ought to be written, and as it is: bytes of GBK or
// UTF-8, percent signs, encoded words of mail, no quotes, a whole path.
func sentName(h http.Header) string {
	raw := h.Get("Content-Disposition")
	if raw == "" {
		return ""
	}
	name := ""
	if _, parameters, err := mime.ParseMediaType(raw); err == nil {
		name = parameters["filename"]
	}
	if name == "" {
		name = parameter(raw, nameEncoded)
		if charset, rest, ok := strings.Cut(name, "'"); ok && charset != "" {
			_, name, _ = strings.Cut(rest, "'")
		}
	}
	if name == "" {
		name = parameter(raw, namePlain)
	}
	return cleanName(name)
}

// The names of the parameters that hold a file's.
var (
	nameEncoded = regexp.MustCompile(`(?i)filename\*=`)
	namePlain   = regexp.MustCompile(`(?i)filename=`)
)

// isDownload reports what is sent to be kept under the name of a file that people open, whatever its link and its type say. Frameworks that send everything inline as f.txt mean
// none.
func isDownload(h http.Header) bool {
	kind := strings.TrimSpace(h.Get("Content-Disposition"))
	return len(kind) > len("attachment") && strings.EqualFold(kind[:len("attachment")], "attachment") && weburl.NamesAttachment(sentName(h))
}

// parameter is what stands behind a name up to the next semicolon or, where it begins with a quote, up to the other.
func parameter(raw string, name *regexp.Regexp) string {
	at := name.FindStringIndex(raw)
	if at == nil {
		return ""
	}
	value := strings.TrimSpace(raw[at[1]:])
	if quoted, ok := strings.CutPrefix(value, `"`); ok {
		value, _, _ = strings.Cut(quoted, `"`)
		return value
	}
	value, _, _ = strings.Cut(value, ";")
	return strings.TrimSpace(value)
}

var mailWords = mime.WordDecoder{CharsetReader: func(charset string, in io.Reader) (io.Reader, error) {
	b, err := io.ReadAll(in)
	text, _ := markup.Decode(b, "text/plain; charset="+charset, "")
	return strings.NewReader(string(text)), err
}}

// cleanName is a name as people read it, without the folders it stood in.
func cleanName(name string) string {
	if words, err := mailWords.DecodeHeader(name); err == nil {
		name = words
	}
	if plain, err := url.PathUnescape(name); err == nil {
		name = plain
	}
	text, _ := markup.Decode([]byte(name), "", "")
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, string(text))
	name = strings.TrimSpace(name[strings.LastIndexAny(name, `/\`)+1:])
	if runes := []rune(name); len(runes) > maxFileName {
		name = string(runes[len(runes)-maxFileName:]) // its end tells what it is
	}
	return name
}

// fileName is what a file is called: as its server says, or else as its URL does.
func fileName(u *url.URL, sent string) string {
	if path.Ext(sent) != "" {
		return sent
	}
	return cleanName(u.Path)
}
