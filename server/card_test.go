package server

import (
	"slices"
	"strings"
	"testing"

	"terrace/index"
	"terrace/index/detail"
	"terrace/query"
)

func TestTheCardSaysWhatThePageWouldBeOpenedFor(t *testing.T) {
	for name, c := range map[string]struct {
		hit  query.Hit
		want []row
	}{
		"a service: where, when, by which telephone, with what, how long": {
			query.Hit{Kind: index.Service, Details: []index.Detail{
				{Name: detail.ServiceName, Value: "护照办理"}, {Name: detail.Place, Value: "政务中心二楼"}, {Name: detail.Hours, Value: "周一至周五\n9:00—17:00"},
				{Name: detail.Phone, Value: "0800-2100000"}, {Name: detail.Materials, Value: "1.身份证；\n2.照片"}, {Name: detail.LawfulLimit, Value: "20日"}, {Name: detail.PromisedLimit, Value: "7日"},
			}},
			[]row{{"地点", "政务中心二楼", false}, {"时间", "周一至周五；9:00—17:00", false}, {"电话", "0800-2100000", false}, {"时限", "7日", false}, {"材料", "1.身份证；2.照片", true}},
		},
		"a letter: the question and the answer, each with its day, without the greeting": {
			query.Hit{Kind: index.Interaction, Details: []index.Detail{
				{Name: detail.Asked, Value: "2024-03-01"}, {Name: detail.Question, Value: "路灯坏了"}, {Name: detail.Answerer, Value: "住建局"}, {Name: detail.Answered, Value: "2024-03-05"},
				{Name: detail.Answer, Value: "您好！来信收悉，现答复如下：\n已修好。"},
			}},
			[]row{{"来信", "2024-03-01　路灯坏了", true}, {"答复", "住建局　2024-03-05　已修好。", true}},
		},
		"a letter whose question the snippet shows": {
			query.Hit{Kind: index.Interaction, Snippet: []query.Span{{Text: "您好，青山路的"}, {Text: "路灯", Match: true}, {Text: "坏了一个月"}}, Details: []index.Detail{
				{Name: detail.Asked, Value: "2024-03-01"}, {Name: detail.Question, Value: "尊敬的县长：您好，青山路的路灯坏了一个月。"}, {Name: detail.Answer, Value: "已修好。"},
			}},
			[]row{{"来信", "2024-03-01", true}, {"答复", "已修好。", true}},
		},
		"a policy: what the line above does not say": {
			query.Hit{Kind: index.Policy, DocNo: "云水发〔2023〕7号", SiteName: "云河州水务局", Details: []index.Detail{
				{Name: detail.DocNo, Value: "云水发〔2023〕7号"}, {Name: detail.Issuer, Value: "水务局"}, {Name: detail.Written, Value: "2023-05-04"}, {Name: detail.Effect, Value: "有效"},
			}},
			[]row{{"成文", "2023-05-04", false}, {"效力", "有效", false}},
		},
		"a policy whose force a badge says": {
			query.Hit{Kind: index.Policy, Validity: index.Repealed, Details: []index.Detail{{Name: detail.Issuer, Value: "水务局"}, {Name: detail.Effect, Value: "有效"}}},
			[]row{{"机关", "水务局", false}},
		},
		"news: nothing": {query.Hit{Kind: index.News, Details: []index.Detail{{Name: detail.Author, Value: "赵六"}}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if got := show(c.hit).Card; !slices.Equal(got, c.want) {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}

func TestLongValuesAreShortened(t *testing.T) {
	if got, want := shortened(strings.Repeat("材料、", 100), 8), "材料、材料、材…"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
