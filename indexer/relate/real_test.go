package relate

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"terrace/segment"
)

// A text is a title and a main text of a saved page or a retrieval set.
type text struct{ title, body string }

func data(t testing.TB) string {
	dir := os.Getenv("TERRACE_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no real data in %s", dir)
	}
	return dir
}

func realPages(t testing.TB) (out []text) {
	t.Helper()
	err := filepath.WalkDir(filepath.Join(data(t), "pages"), func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".truth.json") {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var truth struct {
			Title string
			Text  string `json:"main_text"`
		}
		err = json.Unmarshal(raw, &truth)
		out = append(out, text{truth.Title, truth.Text})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func realSet(t testing.TB, set string) (out []text) {
	t.Helper()
	f, err := os.Open(filepath.Join(data(t), "retrieval", set, "corpus.jsonl"))
	if err != nil {
		t.Skip(err)
	}
	defer f.Close()
	for lines := json.NewDecoder(bufio.NewReader(f)); lines.More(); {
		var l struct{ Title, Text string }
		if err := lines.Decode(&l); err != nil {
			t.Fatal(err)
		}
		out = append(out, text{l.Title, l.Text})
	}
	return out
}

func classOf(x text) *class {
	return newClass("g", segment.TitleKey(x.title), "", segment.Normalize(x.body), 0)
}

// folds reports that two texts would fold: one class, or a common band and similar.
func folds(a, b *class) bool {
	if a == nil || b == nil {
		return false
	}
	found := slices.ContainsFunc(a.bands, func(k int64) bool { return slices.Contains(b.bands, k) })
	return a.key == b.key || found && a.similar(b)
}

// traditional undoes what normalising does, for some common characters.
var traditional = strings.NewReplacer("国", "國", "会", "會", "发", "發", "实", "實", "关", "關", "进", "進", "经", "經", "业", "業", "务", "務", "动", "動", "员", "員", "书", "書")

// republished are ways in which a site publishes another's text.
var republished = map[string]func(string) string{
	"header line": func(s string) string { return "云岭要闻\n" + s },
	"footer line": func(s string) string { return s + "\n云岭州融媒体中心" },
	"source line": func(s string) string {
		return "来源：云岭日报　发布时间：2023-05-08 10:20　浏览次数：1234\n" + s
	},
	"blanks": func(s string) string {
		return strings.ReplaceAll(strings.ReplaceAll(s, "，", "，　"), "\n", "\n\n　　")
	},
	"one line":        func(s string) string { return strings.ReplaceAll(s, "\n", " ") },
	"traditional":     traditional.Replace,
	"wide":            strings.NewReplacer("0", "０", "1", "１", "2", "２", ",", "，", "(", "（").Replace,
	"last line lost":  func(s string) string { return cutLine(s) },
	"header and lost": func(s string) string { return "云岭要闻\n" + cutLine(s) },
}

func cutLine(s string) string {
	s = strings.TrimSpace(s)
	if i := strings.LastIndexByte(s, '\n'); i > 0 {
		return s[:i]
	}
	return s
}

// template are ways in which another notice of one template differs; they return the text itself where they find nothing to change.
var template = map[string]func(string) string{
	"digit in the middle": func(s string) string { return replaceDigit(s, len(s)/2) },
	"first digit":         func(s string) string { return replaceDigit(s, 0) },
	"last digit":          func(s string) string { return replaceLastDigit(s) },
	"numeral":             func(s string) string { return strings.Replace(s, "一", "二", 1) },
	"name": func(s string) string {
		at := len(string([]rune(s)[:len([]rune(s))/2]))
		return s[:at] + "岩温" + s[at:]
	},
	"three characters": func(s string) string {
		r := []rune(s)
		copy(r[len(r)/3:], []rune("玉香罕"))
		return string(r)
	},
}

func replaceDigit(s string, from int) string {
	if i := strings.IndexAny(s[from:], "0123456789"); i >= 0 {
		i += from
		return s[:i] + string('0'+(s[i]-'0'+1)%10) + s[i+1:]
	}
	return s
}

func replaceLastDigit(s string) string {
	if i := strings.LastIndexAny(s, "0123456789"); i >= 0 {
		return s[:i] + string('0'+(s[i]-'0'+1)%10) + s[i+1:]
	}
	return s
}

// TestRealTextsRepublished folds real texts with what other sites would make of them, and holds them apart from other notices of their template.
func TestRealTextsRepublished(t *testing.T) {
	texts := realPages(t)
	for _, set := range []string{"news", "letters", "statutes"} {
		all := realSet(t, set)
		for i := 0; i < len(all); i += len(all) / 200 {
			texts = append(texts, all[i])
		}
	}
	texts = slices.DeleteFunc(texts, func(x text) bool {
		c := classOf(x)
		return c == nil || c.size < 150
	})
	for _, name := range sortedNames(republished) {
		n, of := 0, 0
		for _, x := range texts {
			other := republished[name](x.body)
			if lost := len(x.body) - len(other); lost*8 > len(x.body) {
				continue // a paragraph, not a line
			}
			of++
			if folds(classOf(x), classOf(text{x.title, other})) {
				n++
			}
		}
		t.Logf("%-20s %d of %d fold, %.3f", name, n, of, float64(n)/float64(of))
		if float64(n) < .93*float64(of) {
			t.Errorf("%s: %d of %d fold", name, n, of)
		}
	}
	for _, name := range sortedNames(template) {
		n, of := 0, 0
		for _, x := range texts {
			other := template[name](x.body)
			if other == x.body {
				continue
			}
			of++
			if folds(classOf(x), classOf(text{x.title, other})) {
				n++
				t.Logf("%s: %s %s", name, x.title, difference(x.body, other))
			}
		}
		t.Logf("%-20s %d of %d fold wrongly", name, n, of)
		if n*200 > of {
			t.Errorf("%s: %d of %d other notices fold", name, n, of)
		}
	}
}

func sortedNames(m map[string]func(string) string) (out []string) {
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// TestRealTextsThatFold tells what folds of real sets; with -v the pairs that are not equal, to be looked at.
func TestRealTextsThatFold(t *testing.T) {
	t.Run("pages", func(t *testing.T) { tellFolded(t, realPages(t)) })
	for _, set := range []string{"news", "letters", "statutes"} {
		t.Run(set, func(t *testing.T) { tellFolded(t, realSet(t, set)) })
	}
}

func tellFolded(t *testing.T, texts []text) {
	bands, classes := map[int64][]int{}, make([]*class, len(texts))
	exact, near, adorned, looked := 0, 0, 0, 0
	keys := map[int64]bool{}
	for i, x := range texts {
		c := classOf(x)
		if classes[i] = c; c == nil {
			continue
		}
		if keys[c.key] {
			exact++
			continue
		}
		keys[c.key] = true
		seen := map[int]bool{}
		for _, k := range c.bands {
			for _, j := range bands[k] {
				if seen[j] {
					continue
				}
				seen[j] = true
				looked++
				switch o := classes[j]; {
				case !c.similar(o):
				case c.title != o.title:
					adorned++
					t.Logf("title: %s | %s", x.title, texts[j].title)
				default:
					near++
					t.Logf("near: %s | %s", x.title, difference(x.body, texts[j].body))
				}
			}
			bands[k] = append(bands[k], i)
		}
	}
	t.Logf("%d texts: %d fold as equal, %d pairs as near, %d under an adorned title; %.2f candidates looked at a text", len(texts), exact, near, adorned,
		float64(looked)/float64(len(texts)))
}

// difference shows the lines that only one of two texts has.
func difference(a, b string) string {
	only := func(a, b string) (out []string) {
		for l := range strings.SplitSeq(a, "\n") {
			if l = strings.TrimSpace(l); l != "" && !strings.Contains(b, l) {
				out = append(out, runes(l, 50))
			}
		}
		return out
	}
	return fmt.Sprintf("%q and %q", only(a, b), only(b, a))
}
