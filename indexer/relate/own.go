package relate

import (
	"regexp"
	"strings"

	"terrace/index"
)

const ended = `(?:已经?|现已|现|全文|予以)?(?:被)?(?:宣布)?(?:废止|失效|作废)`

var (
	statusInTitle = regexp.MustCompile(`[(\[【〔<]\s*(?:` + ended + `|已修改|已修订|已被?修改|部分失效|部分废止|现行有效|有效)\s*[)\]】〕>]`)
	statusLabel   = regexp.MustCompile(`(?:有效性|时效性|时效|效力状态|文件状态|文件效力|有效状态|效力|是否有效|文件有效性)[\]】]?\s*[:\s]\s*([\p{Han}]{1,6})`)
	statusOfSelf  = regexp.MustCompile(`(?:本|此|该)(?:文件?|办法|规定|通知|条例|细则|意见|公告|通告|决定|方案|制度|政策文件|政策)(?:已经?|现已|现|自\d{4}年[^,。;]{0,16}(?:起|后))(?:被|宣布|予以|正式)*(?:废止|失效|停止执行|作废)`)
)

// atEnds is how many lines of a text, at its begin and its end, may hold labels and notices about it.
const atEnds = 12

// ownStatus is what a page says of its own validity: the label it was given, its title, labels and notices at the ends of its text.
func ownStatus(label, title, text string) string {
	if v := statusOf(label); v != "" {
		return v
	}
	if m := statusInTitle.FindString(title); m != "" {
		return statusOf(strings.Trim(m, "()[]【】〔〕<> "))
	}
	if !strings.Contains(text, "效") && !strings.Contains(text, "废") && !strings.Contains(text, "停止执行") {
		return ""
	}
	for _, l := range endLines(text) {
		if m := statusLabel.FindStringSubmatch(l); m != nil {
			if v := statusOf(m[1]); v != "" {
				return v
			}
		}
		if statusOfSelf.MatchString(l) {
			return index.Repealed
		}
	}
	return ""
}

// endLines are the first and the last lines of a text that are short enough to be labels or notices.
func endLines(text string) (out []string) {
	for range atEnds {
		l, rest, more := strings.Cut(text, "\n")
		out = appendShort(out, l)
		if text = rest; !more {
			return out
		}
	}
	for range atEnds {
		i := strings.LastIndexByte(text, '\n')
		out = appendShort(out, text[i+1:])
		if i < 0 {
			return out
		}
		text = text[:i]
	}
	return out
}

func appendShort(out []string, l string) []string {
	if len(l) > 0 && len(l) <= 300 {
		out = append(out, l)
	}
	return out
}

// statusOf reads the value of a label.
func statusOf(value string) string {
	v := strings.Join(strings.Fields(value), "")
	switch {
	case v == "":
		return ""
	case strings.HasPrefix(v, "部分"), strings.HasPrefix(v, "已修"), strings.HasPrefix(v, "已被修"), v == "修改", v == "修订", v == "被修改":
		return index.Amended
	case v == "否", strings.HasPrefix(v, "无效"), strings.HasPrefix(v, "尚未"), strings.HasPrefix(v, "未"):
		if v == "否" || strings.HasPrefix(v, "无效") {
			return index.Repealed
		}
		return ""
	case strings.Contains(v, "废止"), strings.Contains(v, "失效"), strings.Contains(v, "作废"):
		return index.Repealed
	case v == "是", strings.HasPrefix(v, "有效"), strings.HasPrefix(v, "现行有效"), strings.HasPrefix(v, "继续有效"):
		return index.Valid
	}
	return ""
}
