// Package detail names what documents say of themselves: the details that each kind of content may have. The names are Chinese, for they are what a reader sees and
// what the API says; each is the standard one, whatever a page calls it.
package detail

import "terrace/index"

// Bounds of a document's details.
const (
	Most      = 30
	MostRunes = 2000 // of a value; what was longer ends with an ellipsis
)

// Details of services.
const (
	ServiceName   = "事项名称"
	ServiceCode   = "事项编码"
	ServiceType   = "事项类型"
	Office        = "实施主体" // who decides, or takes applications
	Audience      = "服务对象"
	Conditions    = "受理条件"
	Materials     = "办理材料"
	Procedure     = "办理流程"
	Place         = "办理地点"
	Hours         = "办理时间" // when the office is open
	Phone         = "咨询电话" // the office's
	Complaints    = "监督电话"
	Limit         = "办理时限" // of which the page does not say who set it
	LawfulLimit   = "法定时限"
	PromisedLimit = "承诺时限"
	Fee           = "收费标准"
	Basis         = "办理依据"
	Online        = "网上办理"
)

// Details of letters. Days are yyyy-mm-dd.
const (
	LetterNumber = "信件编号"
	LetterType   = "信件类型"
	Writer       = "来信人"
	Asked        = "来信时间"
	Question     = "来信内容"
	State        = "办理状态"
	Answerer     = "答复单位"
	Answered     = "答复时间"
	Answer       = "答复内容"
)

// Details of policies and of what is disclosed. Days are yyyy-mm-dd.
const (
	IndexNumber = "索引号"
	DocNo       = "发文字号"
	Issuer      = "发文机关"
	Written     = "成文日期"
	Published   = "发布日期"
	InForceFrom = "施行日期"
	InForceTo   = "失效日期"
	Effect      = "效力状态"
	Subject     = "主题分类"
	Form        = "公文种类"
	Keyphrases  = "主题词"
	Openness    = "公开方式"
	OpenTo      = "公开范围"
)

// Details of news.
const (
	Source = "信息来源"
	Author = "作者"
	Editor = "责任编辑"
)

var (
	services = []string{ServiceName, Place, Hours, Phone, Materials, Conditions, Procedure, PromisedLimit, LawfulLimit, Limit, Fee, Audience, Office, Basis, Online, Complaints,
		ServiceCode, ServiceType}
	letters = []string{LetterNumber, LetterType, Writer, Asked, Question, State, Answerer, Answered, Answer}
	papers  = []string{IndexNumber, DocNo, Issuer, Written, Published, InForceFrom, InForceTo, Effect, Subject, Form, Keyphrases, Openness, OpenTo}
	news    = []string{Source, Author, Editor}
)

// Names lists the details that a document of a kind may have, in the order of Document.Details.
func Names(kind string) []string {
	switch kind {
	case index.Service:
		return services
	case index.Interaction:
		return letters
	case index.Policy, index.Interpretation, index.Disclosure:
		return papers
	case index.News:
		return news
	}
	return nil
}

// Value is the value of the first detail of a name, or empty.
func Value(details []index.Detail, name string) string {
	for _, d := range details {
		if d.Name == name {
			return d.Value
		}
	}
	return ""
}
