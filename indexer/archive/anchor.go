package archive

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A longer text is no name but what somebody put a link around.
const maxAnchor = 200 // characters

// Link texts that name no page, without blanks and the marks around them.
var empty = regexp.MustCompile(`^(查看|点击|阅读|浏览|了解|显示|进入|打开|下载|更多|全部|所有|详细|详情|全文|原文|内容|信息|新闻|文章|附件|此处|这里|链接|` +
	`首页|主页|尾页|末页|上一?[页篇条]|下一?[页篇条]|前一?[页篇条]|后一?[页篇条]|第\d+页|返回|上级|顶部|more|readmore|details?|next|prev|previous|home|download|` +
	`clickhere|here)*$`)

// telling returns the text of a link in one line, or nothing where the text says no more than "go on".
func telling(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	bare := strings.ToLower(strings.TrimFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) }))
	if empty.MatchString(strings.ReplaceAll(bare, " ", "")) || utf8.RuneCountInString(text) > maxAnchor || !strings.ContainsFunc(bare, unicode.IsLetter) {
		return ""
	}
	return text
}
