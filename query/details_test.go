package query

import (
	"testing"

	"terrace/index"
	"terrace/index/detail"
)

func TestTheWriterOfALetterIsNotNamed(t *testing.T) {
	for name, want := range map[string]string{
		"张三": "张＊", "欧阳修文": "欧＊＊＊", "zhang3": "z*****", "Li Si": "L* **",
		"王先生": "王先生", "李某": "李某", "赵**": "赵**", "匿名网友": "匿名网友", "云河州某某有限公司": "云河州某某有限公司", "": "", "钱": "钱",
	} {
		if got := hideName(name); got != want || len(got) != len(name) {
			t.Errorf("%s is shown as %s, want %s", name, got, want)
		}
	}
}

func TestDetailsAreMaskedButForAnOfficesTelephone(t *testing.T) {
	value := func(kind, name, v string) string {
		d := index.Document{Kind: kind, Details: []index.Detail{{Name: detail.Writer, Value: "张三丰"}, {Name: name, Value: v}}}
		return details(&d)[1].Value
	}
	for _, c := range []struct{ kind, name, value, want string }{
		{index.Interaction, detail.Question, "我叫张三丰，电话13800000000。", "我叫张＊＊，电话138****0000。"},
		{index.Interaction, detail.Answer, "请拨打0800-2100000。", "请拨打0800-2100000。"},
		{index.Service, detail.Phone, "13800000000（值班）", "13800000000（值班）"},
		{index.Service, detail.Materials, "经办人13800000000处领取", "经办人138****0000处领取"},
		{index.Disclosure, detail.Phone, "13800000000", "138****0000"},
	} {
		if got := value(c.kind, c.name, c.value); got != c.want {
			t.Errorf("%s %s: %s, want %s", c.kind, c.name, got, c.want)
		}
	}
}
