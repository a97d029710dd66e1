package extract

import (
	"regexp"
	"slices"

	"terrace/index"
	"terrace/index/detail"
)

// A kindRule gives a kind to pages whose column, or else title, speaks of it.
type kindRule struct {
	kind   string
	column *regexp.Regexp
	title  *regexp.Regexp
}

// kindRules in order: what is about a policy before what is one; what a citizen does or asks before what an office tells.
var kindRules = []kindRule{
	{index.Interpretation, regexp.MustCompile(`解读|政策问答|图解`), regexp.MustCompile(`解读|^图解|一图读懂|政策问答|答记者问$`)},
	{index.Interaction, regexp.MustCompile(`信箱|互动|咨询|投诉|留言|来信|访谈|征集|问政|信访|调查`), regexp.MustCompile(`^(?:关于)?.{0,30}的?(?:咨询|投诉|来信|建议|诉求|反映)(?:及答复|的答复|回复)?$|公开征求.{0,40}意见`)},
	{index.Service, regexp.MustCompile(`办事|服务指南|便民|服务事项|行政审批|网上办|表格下载|(?:政务|在线|网上|个人|法人|企业)服务$`), regexp.MustCompile(`办事指南|服务指南|办理(?:指南|流程|须知|程序)|怎么办|如何(?:办理|申请|申领|查询)|申[请领报]指南|操作(?:指南|手册)|一次性告知`)},
	{index.Policy, regexp.MustCompile(`政策|法规|规章|规范性文件|文件|公文`), regexp.MustCompile(`(?:办法|条例|规定|细则|实施意见|实施方案|规划|决定|命令)(?:（[^）]*）|\([^)]*\))?(?:的通知)?$`)},
	{index.Disclosure, regexp.MustCompile(`公开|公示|公告|通知|招标|采购|预决?算|决算|人事|招聘|规划计划|财政|处罚|许可|年报|统计|机构|职能|清单|目录|领导(?:信息|之窗|分工|简介|介绍|成员|班子)`), regexp.MustCompile(`公示|公告|通告|通知|预算|决算|招聘|中标|采购|招标|年度报告|处罚决定|名单$`)},
	{index.News, reports, nil},
}

// reports are columns of news, and of what offices tell of their work.
var reports = regexp.MustCompile(`新闻|动态|要闻|工作|资讯|媒体|活动|头条|快讯|信息$`)

// kind reads the column first, for it is what the editors chose; a document number makes a policy of what only claims to be published.
func (r *reader) kind(title, text, column, docNo string) string {
	where := column + " " + r.said[columnType]
	for _, k := range kindRules {
		if k.kind == index.Disclosure && docNo != "" && (!notPolicy.MatchString(title) || order.MatchString(title)) {
			return index.Policy
		}
		if k.kind != index.Disclosure && k.column.MatchString(where) || k.title != nil && k.title.MatchString(title) && !k.doubtful(column, docNo) {
			return k.kind
		}
	}
	for _, k := range kindRules {
		if k.column.MatchString(where) {
			return k.kind
		}
	}
	if where == " " {
		return index.Other
	}
	return index.News
}

// doubtful reports a rule that the title alone does not prove: news of a guide or a policy is news, and what has a number of an office's letters is no guide or letter.
func (k kindRule) doubtful(column, docNo string) bool {
	switch k.kind {
	case index.Service:
		return tells.MatchString(column) || docNo != ""
	case index.Policy:
		return tells.MatchString(column) && docNo == ""
	case index.Interaction:
		return docNo != ""
	}
	return false
}

var (
	notPolicy = regexp.MustCompile(`公示|招聘|中标|采购|招标|名单|预算|决算`)
	order     = regexp.MustCompile(`关于.*的(?:通知|意见|决定|批复)$`) // what an office orders, be it about such a matter
	tells     = regexp.MustCompile(`新闻|要闻|动态|头条|快讯|媒体`)     // columns of news
)

// What a page has to say of a kind to be proven of it.
const (
	letterDetails = 4
	guideDetails  = 5
	guideOwn      = 2 // of those that only guides have
)

// guideMarks are details that only guides have.
var guideMarks = []string{detail.ServiceName, detail.ServiceCode, detail.ServiceType, detail.Office, detail.Audience, detail.LawfulLimit, detail.PromisedLimit, detail.Fee}

// proven is the kind that a page full of a kind's own labels is of, whatever its column is called.
func proven(kind, title, column string, said []saying) string {
	if !slices.Contains([]string{index.News, index.Other, index.Disclosure}, kind) {
		return kind
	}
	if letters := choose(said, letter); has(letters, detail.Question, detail.Answer) && len(letters) >= letterDetails {
		return index.Interaction
	}
	if guides(kind, !notice.MatchString(title) && !tells.MatchString(column), said) {
		return index.Service
	}
	if kind != index.Disclosure && !reports.MatchString(column) && has(choose(said, paper), detail.IndexNumber) {
		return index.Disclosure
	}
	return kind
}

// guides reports the labels of a guide. Headings of sections prove one only together with 事项名称, or where the title names a matter and the column is none of
// news, for notices and news have such, too; cells and elements where they tell both what to bring and how it goes, and little of that is enough where nothing
// else says what a page is.
func guides(kind string, matter bool, said []saying) bool {
	atLeast := func(least sureness) map[string]saying {
		return choose(slices.DeleteFunc(slices.Clone(said), func(s saying) bool { return s.how < least }), service)
	}
	all, own := atLeast(behind), 0
	inline := choose(slices.DeleteFunc(slices.Clone(said), func(s saying) bool { return s.how == under }), service)
	apart := atLeast(beside)
	for _, name := range guideMarks {
		if has(inline, name) {
			own++
		}
	}
	switch {
	case len(inline) >= guideDetails && own >= guideOwn,
		len(all) >= guideDetails && has(all, detail.ServiceName, detail.Materials, detail.Procedure),
		len(all) >= guideDetails && has(all, detail.Materials) && (has(all, detail.Procedure) || has(all, detail.Place)) && matter:
		return true
	}
	return has(apart, detail.Materials, detail.Procedure) && (kind == index.Other || len(apart) >= guideDetails)
}

// notice is in the titles of what tells of a matter rather than being its guide.
var notice = regexp.MustCompile(`关于|通知|公告|通告|公示|通报|方案|办法|意见|招[聘考生标]|采购|解读|[，。！？：]`)

func has(details map[string]saying, names ...string) bool {
	return !slices.ContainsFunc(names, func(name string) bool { return details[name].value == "" })
}
