package query

import (
	"testing"

	"terrace/index"
	"terrace/index/detail"
)

func TestTheAttachmentThatHoldsWhatThePageLacksIsShownFirstWithItsPassage(t *testing.T) {
	d := index.Document{
		Title: "关于提取公积金的通知", Body: "办法见附件。\n附件1：操作说明.doc\n附件2：申请表.doc",
		Attachments: []index.Attachment{
			{URL: "/1.doc", Name: "操作说明.doc", Text: "登录网站。"},
			{URL: "/2.doc", Name: "申请表.doc", Text: "到教育局盖章。"},
		},
	}
	got := marking(t, "公积金 教育局").attachments(&d, func(text string) string { return text })
	if len(got) != 2 || got[0].URL != "/2.doc" || marked(got[0].Snippet) != "到[教育局]盖章。" || got[1].Snippet != nil {
		t.Errorf("%+v", got)
	}
	if body := withoutAttachments(d.Body, d.Attachments); body != "办法见附件。" {
		t.Errorf("the body shown is %q", body)
	}
}

func TestAnAttachmentDoesNotNameTheWriterOfItsLetter(t *testing.T) {
	d := index.Document{
		Kind: index.Interaction, Title: "咨询公积金", Body: "见附件。",
		Details:     []index.Detail{{Name: detail.Writer, Value: "张三丰"}},
		Attachments: []index.Attachment{{URL: "/1.doc", Name: "张三丰的材料.doc", Text: "张三丰到教育局盖章。"}},
	}
	got := marking(t, "教育局").attachments(&d, withoutWriter(&d))
	if len(got) != 1 || marked(got[0].Name) != "张＊＊的材料.doc" || marked(got[0].Snippet) != "张＊＊到[教育局]盖章。" {
		t.Errorf("%+v", got)
	}
}
