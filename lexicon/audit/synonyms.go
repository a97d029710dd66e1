package audit

import (
	"context"
	"errors"
	"regexp"
	"strings"

	"terrace/dict"
	"terrace/lexicon"
	"terrace/segment"
)

// A synonyms audits a list of synonyms.
type synonyms struct {
	*teller
	v      *Vocabulary
	names  map[string]Name
	before map[string][]lexicon.Expansion // what the embedded list says of a term
	terms  map[string]*term
	order  []string           // terms as they come
	told   map[[2]string]bool // rules and words told of the present line
}

// A term of the list, all its lines together.
type term struct {
	line    int // the first
	drop    int // the line that says "甲 ->"; 0: none
	targets []target
	at      map[string]int // in targets
}

type target struct {
	text   string
	weight float64
	line   int
}

// Synonyms audits a list of synonyms. Time grows with the list.
func Synonyms(ctx context.Context, text []byte, o Options) (Report, error) {
	v, err := o.vocabulary()
	if err != nil {
		return Report{}, err
	}
	shipped, err := lexicon.Parse(dict.Synonyms(), "")
	if err != nil {
		return Report{}, err
	}
	s := &synonyms{newTeller(SynonymLines), v, named(o.Names), map[string][]lexicon.Expansion{}, map[string]*term{}, nil, map[[2]string]bool{}}
	for _, e := range shipped {
		s.before[e.Term] = append(s.before[e.Term], e.Expansions...)
	}
	if err := s.each(ctx, text, s.line); err != nil {
		return Report{}, err
	}
	for i, text := range s.order {
		if i%1024 == 0 && ctx.Err() != nil {
			return Report{}, ctx.Err()
		}
		s.whole(text, s.terms[text])
	}
	return s.finish(), nil
}

func (s *synonyms) line(n int, raw string) {
	entries, err := lexicon.Parse(raw, "")
	if err != nil {
		s.mistake(n, raw, err)
		return
	}
	clear(s.told)
	for _, e := range entries {
		s.entry(n, e)
	}
}

// mistake tells of a line that cannot be read. The program refuses the whole list for it.
func (s *synonyms) mistake(n int, raw string, err error) {
	reason := err.Error()
	if line := (*lexicon.LineError)(nil); errors.As(err, &line) {
		reason = line.Text
	}
	switch a := arrowIn(raw); {
	case a == "":
		s.tell(Error, "mixed", n, raw, "改成「甲 -> 乙」，或把这一行移到用户词表（dictionary.userWords）", "这个文件是同义词表，这一行却没有箭头")
	case !strings.HasSuffix(a, "->"):
		s.tell(Error, "arrow", n, raw, "箭头用半角的 -> 或 <->", "箭头写成了 %s，程序不认", a)
	case equalSides(raw):
		s.tell(Error, "syntax", n, raw, "删去这一行", "箭头两边是同一个词（繁体简体、全角半角不同也算相同）")
	default:
		s.tell(Error, "syntax", n, raw, "改正或删去这一行", "%s", reason)
	}
}

func equalSides(raw string) bool {
	left, right, _ := strings.Cut(strings.Replace(raw, "<->", "->", 1), "->")
	left, right = strings.TrimSpace(segment.Normalize(left)), strings.TrimSpace(segment.Normalize(right))
	rest, found := strings.CutPrefix(right, left)
	return found && left != "" && (rest == "" || strings.HasPrefix(rest, " ")) && !strings.ContainsAny(rest, ",、")
}

// entry audits what a line says of a term.
func (s *synonyms) entry(n int, e lexicon.Entry) {
	t := s.terms[e.Term]
	if t == nil {
		t = &term{line: n, at: map[string]int{}}
		s.terms[e.Term] = t
		s.order = append(s.order, e.Term)
	}
	if len(e.Expansions) == 0 {
		t.drop = n
	}
	s.alone(n, e.Term)
	for _, x := range e.Expansions {
		s.Entries++
		s.alone(n, x.Text)
		if i, twice := t.at[x.Text]; twice {
			s.twice(n, e.Term, t.targets[i], x.Weight)
			continue
		}
		t.at[x.Text] = len(t.targets)
		t.targets = append(t.targets, target{x.Text, x.Weight, n})
		s.pair(n, e.Term, x)
	}
}

// once tells a finding of a word once a line: the two directions of <-> repeat it.
func (s *synonyms) once(v Severity, rule string, n int, word, advice, reason string, args ...any) {
	if key := [2]string{rule, word}; !s.told[key] {
		s.told[key] = true
		s.tell(v, rule, n, word, advice, reason, args...)
	}
}

var trailingNumber = regexp.MustCompile(`[ :=][0-9.]+%?$`)

// alone looks at a term or what may stand for it, by itself.
func (s *synonyms) alone(n int, word string) {
	switch {
	case stopwords()[word]:
		s.once(Danger, "stopword", n, word, "删去它", "「%s」是虚词或套话，对要找的内容没有意义", word)
	case arrowIn(word) != "":
		s.once(Danger, "arrow", n, word, "分成几行写，一行一个箭头", "「%s」里还有箭头，会被当作词的一部分", brief(word))
	case trailingNumber.MatchString(word):
		s.once(Danger, "unread", n, word, "分量写成空格加半角的小数，如「乙 0.8」", "「%s」末尾像是分量，却没有被认作分量", brief(word))
	case strings.ContainsAny(word, ";|/"):
		s.once(Danger, "separator", n, word, "几个词之间用逗号或顿号", "「%s」会被当作一个词", brief(word))
	}
}

func (s *synonyms) twice(n int, term string, first target, weight float64) {
	if first.weight == weight {
		s.once(Useless, "duplicate", n, term, "删去一处", "「%s → %s」在第 %d 行已经写过", term, first.text, first.line)
		return
	}
	s.once(Danger, "contradiction", n, term, "只留一处", "「%s → %s」这里的分量是 %v，第 %d 行是 %v：较大的算数，另一处白占一个位置",
		term, first.text, weight, first.line, first.weight)
}

// common is the share of running words from which a word is so common that it has many meanings: one in ten thousand, which about a thousand words reach
// (工作, 管理, 服务). No term of the embedded list does.
const common = 1e-4

// much is how many times as common one side must be to do harm.
const much = 10

// pair looks at a term and what may stand for it.
func (s *synonyms) pair(n int, term string, x lexicon.Expansion) {
	of, to := s.v.share(term), s.v.share(x.Text)
	a, named := s.names[term]
	b, toNamed := s.names[x.Text]
	switch {
	case stopwords()[term] || stopwords()[x.Text]: // told already
	case segment.TitleKey(term) == segment.TitleKey(x.Text):
		s.once(Note, "same", n, min(term, x.Text), "可以不写", "「%s」与「%s」只差标点或空格，写不写差别很小", term, x.Text)
	case named && toNamed && a.ID == b.ID && a.What == b.What:
		s.once(Useless, "sameName", n, min(term, x.Text), "删去这一行", "「%s」与「%s」在配置里已是同一%s的名称", term, x.Text, a.What)
	case named && toNamed && a.What == b.What:
		s.once(Danger, "otherName", n, min(term, x.Text), "删去这一行，除非确实并入了对方", "查「%s」会带出另一%s「%s」的网页", term, a.What, x.Text)
	case of >= common && to*much <= of:
		s.once(Danger, "common", n, term, "换成更具体的说法，如带上所办的事", "「%s」太常用、意思多（约每 %.0f 个词就有一个）：查它的人多半不是要找「%s」", term, 1/of, x.Text)
	case to >= common && of*much <= to:
		s.once(Danger, "flood", n, term, "换成更具体的词", "「%s」太常用（约每 %.0f 个词就有一个）：查「%s」会带出许多无关的网页", x.Text, 1/to, term)
	case named || toNamed:
		s.named(n, term, x.Text, a, b)
	case strings.Contains(x.Text, term):
		s.once(Note, "contains", n, term, "只是想让全称靠前，可以保留", "含「%s」的网页本来就含「%s」，不写也找得到，只影响先后", x.Text, term)
	}
	switch {
	case x.Weight < .1:
		s.once(Note, "weight", n, term, "删去，或写 0.3 以上", "「%s」的分量 %v 太小，几乎不起作用", x.Text, x.Weight)
	case x.Weight == 1:
		s.once(Note, "equal", n, term, "同义的写 0.9 即可", "「%s」的分量是 1：含「%s」的网页与含原词「%s」的不分先后", x.Text, x.Text, term)
	}
}

// named tells of a pair of which one side is the name of a department or a place.
func (s *synonyms) named(n int, term, to string, a, b Name) {
	name, other := a, to
	if a.Text == "" {
		name, other = b, term
	}
	s.once(Note, "name", n, term, "若「"+brief(other)+"」也是它的名称，写进配置里它的 names，筛选和排序才认得", "「%s」是配置里%s的名称", name.Text, name.What)
}
