package extract

import (
	"strings"
	"sync"

	"terrace/index"
	"terrace/index/detail"
)

// A group is kinds of documents that use the same labels.
type group int

const (
	service group = iota
	letter
	paper // policies, their interpretations, and what is disclosed
	news
	groups
)

func groupOf(kind string) group {
	switch kind {
	case index.Service:
		return service
	case index.Interaction:
		return letter
	case index.Policy, index.Interpretation, index.Disclosure:
		return paper
	}
	return news
}

// A label is what pages write before a detail, or before something else that a detail ends at.
type label struct {
	names [groups]string // standard name by group; empty: it is none of that group's details
	weak  bool           // a common word, which is a label only alone in a cell or before a colon
}

// of reports whether the label is one of a group's, or of those that end any detail.
func (l *label) of(g group) bool { return l.names[g] != "" || *l == label{} }

// A naming is the labels of one detail: its words, each of its stems behind each of its prefixes, and weak ones.
type naming struct {
	name, words, prefixes, stems string
	weak                         string // words that are weak labels
}

const (
	doing  = "办理 受理 申请 申办 申报 办事 服务 业务 审批 许可 登记 审核 申领 现场办理 线下办理 窗口办理 业务办理 "
	giving = "申请 申报 申办 申领 所需 办理 提交 需提交 需提交的 应提交 应提交的 须提交 须提交的 受理 报送 报送的 办事 需要 需要的 应提供的 所需提供的 需提供的 提供的 办理所需 申请所需"
	bodies = "机构 机关 部门 单位 主体 科室"
)

var serviceNamings = []naming{
	{name: detail.ServiceName, words: "事项名称 服务事项 办理事项 办事事项 服务项目 办理项目 办事项目 办事名称 业务名称 服务名称 服务事项名称 办理事项名称 许可事项 许可事项名称 审批事项 审批事项名称 主项名称 项目名称"},
	{name: detail.ServiceCode, words: "事项编码 实施编码 基本编码 事项代码 权力编码 职权编码 实施清单编码 业务办理项编码 项目编码"},
	{name: detail.ServiceType, words: "事项类型 事项性质 事项类别 权力类型 权力类别 职权类型 职权类别 办件类型"},
	{name: detail.Office, prefixes: "办理 受理 实施 承办 审批 许可 办事 责任 执行 决定 经办 主管 服务 行使", stems: bodies, words: "办理处室 实施主体名称"},
	{name: detail.Audience, prefixes: doing + "面向 适用 受益 补助 补贴 实施 保障 救助", stems: "对象 人群 对象及范围", words: "行政相对人 适用范围 受理范围 受理对象和范围 申请人范围"},
	{name: detail.Conditions, prefixes: doing + "享受 准予 准予许可 准予批准 补贴 补助 认定 报考 获取 取得 予以批准的 予以许可的", stems: "条件 资格 资格条件 条件及要求 要求", weak: "条件"},
	{name: detail.Materials, prefixes: giving, stems: "材料 资料 要件 证件 材料清单 材料目录 资料清单 证明材料 文件 文件资料 材料及要求 材料要求", words: "所需手续 审批材料 审核材料 登记材料 许可材料",
		weak: "材料 资料 材料清单 材料目录 材料名称"},
	{name: detail.Procedure, prefixes: doing + "工作 操作 处理 审查 运行", stems: "流程 程序 步骤 环节 流程图 流程说明 程序和步骤 过程", weak: "流程 程序 步骤"},
	{name: detail.Place, prefixes: doing + "办公 联系 受理窗口 办理窗口 服务窗口 窗口 接待 政务大厅 办证 受理单位 咨询", stems: "地点 地址 场所 位置 具体地址",
		words: "受理窗口 办理窗口 办事窗口 服务窗口 办理大厅 办事大厅 受理大厅 办理地点及窗口 办理地点和窗口", weak: "地点 地址"},
	{name: detail.Hours, prefixes: doing + "办公 工作 对外办公 对外服务 窗口 窗口服务 接待 上班 营业 办证 窗口工作 大厅工作 开放", stems: "时间 时段"},
	{name: detail.Phone, prefixes: doing + "咨询 联系 办公 窗口 咨询服务 业务咨询 政策咨询 咨询联系 对外 服务咨询 值班", stems: "电话 热线 电话号码 号码 服务电话 热线电话",
		words: "咨询方式 联系方式 咨询途径 咨询渠道 咨询联系方式", weak: "电话 咨询"},
	{name: detail.Complaints, prefixes: "投诉 监督 监督投诉 投诉监督 投诉举报 举报 监督举报 举报投诉 服务监督", stems: "电话 热线 方式 渠道 途径 电话号码"},
	{name: detail.Limit, prefixes: doing + "办结 工作 审查", stems: "时限 期限 时限要求", weak: "时限 期限"},
	{name: detail.LawfulLimit, prefixes: "法定", stems: "时限 期限 办结时限 办理时限 办结期限 办理期限 审批时限 审批期限 办结时间 工作日"},
	{name: detail.PromisedLimit, prefixes: "承诺", stems: "时限 期限 办结时限 办理时限 办结期限 办理期限 审批时限 审批期限 办结时间 工作日"},
	{name: detail.Fee, words: "收费标准 收费情况 是否收费 办理费用 办事费用 收费项目 收费项目及标准 收费标准及依据 收费依据及标准 收费依据和标准 收费标准和依据 收费标准与依据 办理收费 收费信息 缴费标准", weak: "收费 费用"},
	{name: detail.Basis, prefixes: doing + "设定 设立 实施 法律 法规 法律法规 法定 权力 文件 法律政策 政策法规 法规政策 政策 事项 职权 行使 执法 主要法律", stems: "依据", weak: "依据"},
	{name: detail.Online, words: "网上办理地址 在线办理地址 网办地址 网上办理 在线办理 网上办理网址 网上申请地址 在线申请地址 网上申报地址 网上办理方式 网上办理渠道 网上办事地址 网上办理入口"},
}

var letterNamings = []naming{
	{name: detail.LetterNumber, words: "信件编号 来信编号 留言编号 受理编号 咨询编号 信访编号 诉求编号 信件号"},
	{name: detail.LetterType, words: "信件类型 信件类别 信件分类 信件性质 来信类型 来信类别 留言类型 留言类别 诉求类型 诉求类别 问题类型 问题类别 咨询类型 咨询类别 写信类型"},
	{name: detail.Writer, words: "来信人 写信人 写信者 留言人 留言者 咨询人 提问人 提问者 投诉人 反映人 诉求人 信件作者 来信者 来信人姓名 写信人姓名 发信人 提交人", weak: "姓名 网友 昵称"},
	{name: detail.Asked, prefixes: "来信 写信 留言 咨询 提问 提交 投诉 信件 反映 诉求 发信 收信", stems: "时间 日期"},
	{name: detail.Question, prefixes: "来信 信件 留言 咨询 提问 问题 投诉 诉求 反映 写信 反映的", stems: "内容 正文 详情 问题 描述 详细内容", words: "我的问题 来信原文 问题描述", weak: "来信 问 咨询 留言 提问 问题"},
	{name: detail.State, words: "信件状态 办理状态 处理状态 留言状态 办理进度 处理情况 受理状态 当前状态 办件状态 回复状态", weak: "状态"},
	{name: detail.Answerer, prefixes: "答复 回复 办理 处理 受理 承办 回答 解答 办复 回信 转办", stems: "单位 部门 机构 机关", words: "回复人 答复人 收信单位 收信部门"},
	{name: detail.Answered, prefixes: "答复 回复 办理 办结 回答 处理 解答 反馈 回信 办复", stems: "时间 日期"},
	{name: detail.Answer, prefixes: "答复 回复 处理 回答 解答 反馈 办理 官方 部门 单位 回信 办复", stems: "内容 结果 意见 正文 详情 情况 回复 答复 回应", words: "网上回复 网上答复", weak: "回复 答复 答 回信 回音 解答 回答"},
}

var paperNamings = []naming{
	{name: detail.IndexNumber, words: "索引号 索取号 信息索引号 信息索引 公开索引号 文件索引号 政府信息索引号", weak: "索引"},
	{name: detail.DocNo, words: "发文字号 文号 文件编号 文件号 发文号 发文文号 公文文号 文件字号 文件文号 发文编号 文书号"},
	{name: detail.Issuer, prefixes: "发布 发文 制发 颁布 制定 公布 公开 信息公开 印发 签发 信息发布 公开责任", stems: "机构 机关 单位 部门 主体", words: "责任部门 所属机构 信息所属单位 公开责任单位"},
	{name: detail.Written, words: "成文日期 成文时间 生成日期 印发日期 印发时间 发文日期 签发日期 签署日期 产生日期 文件日期 制发日期 生成时间"},
	{name: detail.Published, prefixes: "发布 公开 公布 颁布", stems: "日期 时间", words: "发文时间"},
	{name: detail.InForceFrom, prefixes: "实施 施行 生效 执行", stems: "日期 时间"},
	{name: detail.InForceTo, prefixes: "失效 废止 终止 有效期截止 截止", stems: "日期 时间", words: "有效期至"},
	{name: detail.Effect, words: "效力状态 有效性 是否有效 时效性 时效状态 文件状态 文件效力 文件有效性 有效状态 效力级别", weak: "效力 时效"},
	{name: detail.Subject, words: "主题分类 主题类别 信息分类 信息类别 所属主题 所属分类 内容分类 主题导航 所属类别", weak: "主题 分类 类别"},
	{name: detail.Form, words: "公文种类 文种 公文体裁 体裁分类 文件类型 公文类型 公文类别 文件种类", weak: "体裁"},
	{name: detail.Keyphrases, words: "主题词 关键词 关键字"},
	{name: detail.Openness, words: "公开方式 公开形式"},
	{name: detail.OpenTo, words: "公开范围 公开对象 公开属性"},
}

var newsNamings = []naming{
	{name: detail.Source, words: "信息来源 文章来源 稿件来源 新闻来源", weak: "来源"},
	{name: detail.Author, words: "撰稿人 通讯员", weak: "作者 撰稿 供稿 文 记者"},
	{name: detail.Editor, words: "责任编辑 信息编辑 编辑人 网络编辑", weak: "编辑 责编"},
}

// others are labels that are no detail: what stands behind them belongs to nothing before. The writer's own telephone and address are among them.
const others = `标题 信件标题 来信标题 留言标题 咨询标题 信件主题 来信主题 名称 信息名称 文件名称 公文名称 点击 点击数 点击率 浏览次数 浏览量 阅读次数 字体 字号 附件 备注 注意事项 温馨提示 友情提示 特别提示 特别提醒 常见问题
收费依据 收费方式 办理结果名称 结果名称 审批结果 结果样本 送达方式 领取方式 结果领取方式 结果送达 行使层级 行使内容 权力来源 到办事现场次数 到现场次数 通办范围 预约办理 网上支付 物流快递 数量限制 基本信息 相关链接 表格下载 样表下载
流程图 外部流程图 办理深度 权利与义务 申请人权利和义务 行政救济途径 救济途径 行政救济 法律救济 中介服务 特别程序 特殊环节 审查方式 审查标准 满意度 满意度评价 评价 下载 联办机构 运行系统 计算机端办理 移动端办理 办理形式 办理方式 申请方式 受理方式 申请方法
查询方式 结果查询 进度查询 审批收费 年审要求 证件有效期 有效期 责任追究 作者单位 审核 校对 审核人 打印 上一篇 下一篇 手机号码 手机号 身份证号 电子邮箱 邮箱 邮政编码 邮编 通讯地址 传真 网址 查询码`

// detailLabels finds a label by its key.
var detailLabels = sync.OnceValue(func() map[string]*label {
	all := map[string]*label{}
	for g, namings := range [groups][]naming{serviceNamings, letterNamings, paperNamings, newsNamings} {
		for _, n := range namings {
			n.into(all, group(g))
		}
	}
	for _, word := range strings.Fields(others) {
		if all[word] == nil {
			all[word] = &label{}
		}
	}
	return all
})

// into adds the labels of a detail; of a group's two details of one label the first keeps it.
func (n naming) into(all map[string]*label, g group) {
	add := func(word string, weak bool) {
		l := all[word]
		if l == nil {
			l = &label{weak: weak}
			all[word] = l
		}
		if l.names[g] == "" {
			l.names[g] = n.name
		}
		l.weak = l.weak && weak
	}
	for _, word := range append(strings.Fields(n.words), n.name) {
		add(word, false)
	}
	for _, prefix := range strings.Fields(n.prefixes) {
		for _, stem := range strings.Fields(n.stems) {
			add(prefix+stem, false)
		}
	}
	for _, word := range strings.Fields(n.weak) {
		add(word, true)
	}
}
