package markup

import "regexp"

// challengeText is how many bytes of text a firewall's page may show: 「请开启JavaScript并刷新该页」.
const challengeText = 600

// Marks of the challenges that firewalls in front of government sites answer with in place of a page: Knownsec (加速乐), WZWS (网站卫士),
// Yunsuo (云锁), Riversec (瑞数), Aliyun, and the plain kind that sets a cookie and loads the page again.
var challengeScript = regexp.MustCompile(`__jsl_clearance|wzwschallenge|WZWS_CONFIRM|YunSuoAutoJump|security_verify_data|acw_sc__v2|\$_ts\s*=|document\.cookie\s*=[\s\S]*?\blocation(?:\.href\s*=|\.reload\b|\.replace\b|\s*=)`)

var challengeWords = regexp.MustCompile(`请开启\s*JavaScript\s*并刷新|访问(?:请求)?(?:已)?被(?:拦截|拒绝|阻断)|请求(?:疑似|存在)攻击行为|网站防火墙|安全验证|Just a moment`)

// challenge reports a firewall's riddle or refusal in place of a page: next to no text, and a mark of one.
func (r *reader) challenge() bool {
	if r.seen > stubText {
		return false
	}
	for _, s := range r.page.Scripts {
		if challengeScript.MatchString(s) {
			return true
		}
	}
	return challengeWords.MatchString(innerText(r.page.Root, challengeText)) || challengeWords.MatchString(r.page.Title)
}
