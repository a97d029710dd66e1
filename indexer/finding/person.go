package finding

import (
	"context"
	"fmt"
	"path"
	"strings"
	"unicode/utf8"

	"terrace/indexer/archive"
	"terrace/personal"
)

var kindNames = map[personal.Kind]string{personal.Identity: "身份证号", personal.Card: "银行卡号", personal.Mobile: "手机号"}

// contacts are what stands before a telephone by which an office or a service is to be reached.
var contacts = []string{
	"电话", "联系", "咨询", "值班", "监督", "举报", "投诉", "热线", "服务", "报名", "客服", "办公", "传真", "负责人", "经办", "承办", "代理", "采购", "招标", "地址",
}

// contactReach is how many bytes before a telephone its purpose is looked for, on its line.
const contactReach = 90

// personsIn sees the numbers of persons in a text, a kind at a time: identity numbers whose check digit is right, bank cards, and mobile telephones that are not said to be there to be
// called.
func personsIn(text string) (out []sight) {
	found, masked := personal.Find(text)
	counts, first := map[personal.Kind]int{}, map[personal.Kind]string{}
	for _, n := range found {
		if !n.Checked || n.Kind == personal.Mobile && hasOne(lineBefore(text, n.From), contacts) || n.Kind == personal.Card && hasOne(lineBefore(text, n.From), accounts) {
			continue
		}
		if counts[n.Kind]++; counts[n.Kind] == 1 {
			first[n.Kind] = around(masked, n.From, n.To)
		}
	}
	for _, k := range []personal.Kind{personal.Identity, personal.Card, personal.Mobile} {
		if counts[k] == 0 {
			continue
		}
		severity := Serious
		if k == personal.Mobile {
			severity = Fault
		}
		out = append(out, sight{rule: Personal, subject: kindNames[k], severity: severity, own: true, evidence: fmt.Sprintf("%d 处：%s", counts[k], strings.TrimLeft(first[k], "：: "))})
	}
	return out
}

// lineBefore is what stands before a byte on its line, near it.
func lineBefore(text string, at int) string {
	from := max(0, at-contactReach)
	for from < at && !utf8.RuneStart(text[from]) {
		from++
	}
	before := text[from:at]
	return before[strings.LastIndexByte(before, '\n')+1:]
}

// accounts are what stands before a number that is the account of an office: one for payments.
var accounts = []string{"户名", "开户", "账户", "账号", "帐号", "帐户", "专户", "汇入", "缴纳"}

// around is a number as it stands in a text, with a little before and after it.
func around(text string, from, to int) string {
	const reach = 30 // bytes
	start, end := max(0, from-reach), min(len(text), to+reach)
	for start > 0 && !utf8.RuneStart(text[start]) {
		start++
	}
	for end < len(text) && !utf8.RuneStart(text[end]) {
		end++
	}
	return oneLine(text[start:end])
}

// lookAtFile looks at an attached file.
func (w *Watcher) lookAtFile(ctx context.Context, p archive.Page) (l looked, err error) {
	if w.Files == nil {
		return l, nil
	}
	text, err := w.Files.Text(ctx, p.Content, path.Base(p.URL), nil)
	if err != nil {
		if ctx.Err() != nil {
			return l, ctx.Err()
		}
		w.Log.Warn("attached file is not looked at", "url", p.URL, "error", err)
		return l, nil
	}
	l.sights = personsIn(text.Body)
	return l, nil
}
