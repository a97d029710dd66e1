package finding

import (
	"fmt"
	"hash/fnv"
	"regexp"
	"strings"

	"golang.org/x/net/html/atom"

	"terrace/indexer/archive"
	"terrace/indexer/markup"
)

// varying are the parts of a script that differ from page to page and from day to day: what stands in quotes, and numbers.
var varying = regexp.MustCompile(`"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[0-9]+|\s+`)

// shortScript is how many bytes of its own a script must have to be told from others.
const shortScript = 40

// scripts looks for scripts that the site did not have before: from other domains on any page, written into the home page, or veiled.
func (s *subject) scripts() {
	hosts := map[string]bool{}
	for n := range s.page.Root.Descendants() {
		if n.DataAtom != atom.Script {
			continue
		}
		if src := strings.TrimSpace(markup.Attr(n, "src")); src != "" {
			if domain := s.outside(src); domain != "" && !hosts[domain] {
				hosts[domain] = true
				s.see(sight{rule: Script, subject: domain, group: "外部脚本", severity: Fault, novel: novelScript, evidence: src})
			}
			continue
		}
		if n.FirstChild == nil {
			continue
		}
		text := n.FirstChild.Data
		core := varying.ReplaceAllString(text, "")
		veil := veiled(text)
		if len(core) < shortScript || s.archived.Role != archive.Home && veil == "" {
			continue
		}
		h := fnv.New64a()
		h.Write([]byte(core))
		x := sight{rule: Script, subject: fmt.Sprintf("内嵌脚本 %016x", h.Sum64()), group: "内嵌脚本", severity: Hint, novel: novelScript, evidence: cut(oneLine(text), 200)}
		if veil != "" {
			x.severity, x.group = Fault, "加密或混淆的内嵌脚本（"+veil+"）"
		}
		s.see(x)
	}
}

var manyCodes = regexp.MustCompile(`(?:\\x[0-9a-fA-F]{2}){12}|(?:\\u[0-9a-fA-F]{4}){40}|(?:%u[0-9a-fA-F]{4}){12}`)

// veiled says by what a script hides what it does.
func veiled(text string) string {
	switch {
	case strings.Contains(text, "eval(function(p,a,c,k,e"):
		return "eval 打包"
	case strings.Contains(text, "String.fromCharCode(") && strings.Count(text, ",") > 40 && strings.Contains(text, "document.write"):
		return "fromCharCode"
	case strings.Contains(text, "eval(unescape(") || strings.Contains(text, "document.write(unescape("):
		return "unescape"
	case manyCodes.MatchString(text):
		return "成串的编码"
	}
	return ""
}
