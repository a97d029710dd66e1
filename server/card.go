package server

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"terrace/index"
	"terrace/index/detail"
)

// A row of a hit's card is one thing that the document says of itself.
type row struct{ Name, Text string }

// Characters of a row's text.
const (
	rowRunes      = 72
	questionRunes = 80
	answerRunes   = 120
)

// card is what a reader would open the page for: where to go with what, how a letter was answered, whose a policy is and whether it holds. What the lines above say
// already is left out.
func card(h *hit) []row {
	switch h.Kind {
	case index.Service:
		return serviceCard(h.Details)
	case index.Interaction:
		return letterCard(h.Details)
	case index.Policy, index.Disclosure:
		return paperCard(h)
	}
	return nil
}

func serviceCard(of []index.Detail) (out []row) {
	for _, r := range []struct {
		name string
		from []string // the first there is
	}{
		{"地点", []string{detail.Place}}, {"时间", []string{detail.Hours}}, {"电话", []string{detail.Phone}}, {"材料", []string{detail.Materials}},
		{"时限", []string{detail.PromisedLimit, detail.LawfulLimit, detail.Limit}},
	} {
		for _, name := range r.from {
			if v := detail.Value(of, name); v != "" {
				out = append(out, row{r.name, shortened(v, rowRunes)})
				break
			}
		}
	}
	return out
}

func letterCard(of []index.Detail) (out []row) {
	add := func(name, text string, most int, about ...string) {
		if text == "" {
			return
		}
		about = slices.DeleteFunc(about, func(s string) bool { return s == "" })
		out = append(out, row{name, strings.Join(append(about, shortened(text, most)), "　")})
	}
	add("来信", detail.Value(of, detail.Question), questionRunes, detail.Value(of, detail.Asked))
	answer := withoutGreeting(detail.Value(of, detail.Answer))
	add("答复", answer, answerRunes, detail.Value(of, detail.Answerer), detail.Value(of, detail.Answered))
	return out
}

// greeting is what stands before an answer: 「您好！您反映的问题收悉，现答复如下：」.
var greeting = regexp.MustCompile(`^[^：:]{0,120}?如下[：:]\s*`)

func withoutGreeting(answer string) string {
	if rest := strings.TrimSpace(greeting.ReplaceAllString(answer, "")); rest != "" {
		return rest
	}
	return answer
}

func paperCard(h *hit) (out []row) {
	add := func(name, text string, said ...string) {
		if text != "" && !slices.ContainsFunc(said, func(s string) bool { return s != "" && strings.Contains(s, text) }) {
			out = append(out, row{name, shortened(text, rowRunes)})
		}
	}
	add("文号", detail.Value(h.Details, detail.DocNo), h.DocNo)
	add("机关", detail.Value(h.Details, detail.Issuer), append(slices.Clone(h.Where), h.Source)...)
	add("成文", detail.Value(h.Details, detail.Written), h.Date.String())
	if h.Validity == "" {
		add("效力", detail.Value(h.Details, detail.Effect))
	}
	return out
}

// shortened is a value in one line, its items parted by semicolons, at most so many characters long.
func shortened(value string, most int) string {
	var b strings.Builder
	for line := range strings.SplitSeq(value, "\n") {
		last, _ := utf8.DecodeLastRuneInString(b.String())
		switch {
		case b.Len() == 0:
		case strings.ContainsRune("；;。！？：:，,、", last):
		default:
			b.WriteString("；")
		}
		b.WriteString(line)
	}
	text := b.String()
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return strings.TrimRight(string([]rune(text)[:most-1]), "；;，,、：: ") + "…"
}

