// Package finding tells what is wrong with the sites, as a by-product of the crawl: dead links, columns that are blank or stale, faulty metadata tags, numbers of
// persons, signs of tampering. It asks nothing of any site: it reads the archive behind the index, page by page, and its state as a whole once in a while.
//
// A Finding that is no longer there is marked gone and kept for a time; one that comes back is open again, with a new beginning.
package finding

import "time"

// A Finding is one fault: of one page, or of many that share it, as a template's.
type Finding struct {
	Number   int64
	Rule     string // name of a Rule
	Site     string // id
	Subject  string // what it is about: a URL, a tag, a domain
	Group    string // what findings of one cause have in common, such as the place in a template; empty: nothing
	Severity Severity
	Pages    int // that show it
	Since    time.Time
	Seen     time.Time // when it was last found to be so
	Gone     time.Time // zero: it is open
	Examples []Example // at most maxExamples
}

// An Example is a page that shows a finding.
type Example struct {
	Page     string // id in the archive; empty: it is no page of the archive
	URL      string
	Evidence string // what stands there; numbers of persons are masked
	Fix      string // what is to stand there instead, ready to be pasted; empty: nothing can be proposed
}

// Severity orders findings.
type Severity int

const (
	Hint    Severity = iota + 1 // worth a look
	Fault                       // to be mended
	Serious                     // to be mended at once: it harms readers, or fails the whole site in an inspection
)

// A Rule is one kind of fault.
type Rule struct {
	Name  string
	Title string // Chinese
	Basis string // what asks for it, Chinese
	About string // how it is found and what it leaves out, Chinese
}

// The names of the rules.
const (
	DeadLink    = "dead-link"
	BadLink     = "bad-link"
	SoftMissing = "soft-404"
	ColumnStale = "column-stale"
	ColumnBlank = "column-blank"
	ColumnVeto  = "column-veto"
	GovTag      = "gov-tag"
	Personal    = "personal"
	Outbound    = "outbound"
	HiddenLink  = "hidden-link"
	BadWord     = "bad-word"
	Script      = "script"
	Undated     = "undated"
	Duplicate   = "duplicate"
)

const (
	inspection = "国办秘函〔2019〕19号"
	guideline  = "国办发〔2017〕47号"
	security   = inspection + "，单项否决：发布或链接反动、暴力、色情等内容，页面被挂马、内容被篡改没有及时处置"
)

// Rules are all rules in the order in which they are shown.
var Rules = []Rule{
	{HiddenLink, "暗链", security, "页面上看不见、指向集群以外的链接"},
	{BadWord, "标题或关键词含赌博、色情词语", security, "网页标题和 keywords 标签里的词语；查处、打击这类内容的报道和群众来信不算"},
	{Outbound, "指向名单以外域名的链接", security, "gov.cn 和集群自己的域名总是允许的；配置了 findings.domains 时报名单以外的，没有配置时只报一个站点初次看完以后、全集群都没有出现过的域名"},
	{Script, "新出现的脚本", security, "站点初次看完以后首页上新出现的内嵌脚本，和任何网页上新引用的外部脚本"},
	{Personal, "公开了个人的证件号、银行卡号或手机号", "《中华人民共和国政府信息公开条例》第十五条", "身份证号要校验码正确；写明联系、咨询、值班、监督等用途的号码不算"},
	{DeadLink, "失效链接", inspection + "，扣分指标：可用性", "指向集群内已不存在、返回假的 200 或域名不存在的网址；指向集群外的链接不抓取，不判断"},
	{BadLink, "写错的链接", inspection + "，扣分指标：可用性", "写法上就打不开的网址：协议重复、本机文件、本机或内网地址"},
	{ColumnVeto, "栏目不更新达到单项否决", inspection + "，单项否决：首页不更新、栏目不更新", "按日期规则文件的数目累计"},
	{ColumnStale, "栏目应更新未更新", inspection, "按栏目名称归类，以列表上最新的日期和最新一篇的发布日期计"},
	{ColumnBlank, "空白栏目", inspection + "，单项否决：空白栏目数量超过（含）5个", "列表页上写着暂无内容之类的话，而没有一条内容；由脚本列出内容的栏目看不出来"},
	{GovTag, "网页标签缺失或有误", guideline + " 附件《网页设计规范》", "网站、栏目、内容页标签；附有可直接粘贴的正确标签"},
	{SoftMissing, "不存在的网址返回 200", "HTTP 规范（RFC 9110）：没有的资源应返回 404", "站点对不存在的网址显示提示页，却不返回 404"},
	{Undated, "没有日期的稿件", "第一次全国政府网站普查评分表：未注明信息发布时间的视为不更新", "政策、新闻、公开、解读类的稿件，提取不到发布日期"},
	{Duplicate, "同一稿件在本站有几个网址", "一稿一址，便于检索、更正和撤稿", "标题、日期和正文都相同"},
}

// A sight is a fault as it is seen on a page, before it is compared with what is known.
type sight struct {
	rule     string
	subject  string
	group    string
	severity Severity
	own      bool // a finding of this page alone; else pages of a site share it
	evidence string
	fix      string
	novel    string // kind of what is only a fault where it is new, see seen; empty: it is one always
}

const (
	maxExamples = 20
	sharedKept  = 3 // examples of a finding that many pages share
)

// Kept is how long a finding is kept after it is gone.
const Kept = 180 * 24 * time.Hour
