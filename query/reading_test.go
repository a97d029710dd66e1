package query

import (
	"reflect"
	"strings"
	"testing"

	"terrace/analysis"
	"terrace/segment"
)

func TestATextIsReadAsItsNormalForm(t *testing.T) {
	dict, err := segment.LoadDictionary(strings.NewReader(words))
	if err != nil {
		t.Fatal(err)
	}
	r := newReader(analysis.Query(segment.New(dict), "第五条 一百零五 一九九九年 2023年 十二月 公积金"))
	read := func(text string) reading {
		r.begin()
		r.scan(text)
		out := r.reading
		out.singles, out.units, out.pairs = append([]int{}, out.singles...), append([]bool{}, out.units...), append([]closeness{}, out.pairs...)
		return out
	}
	for _, text := range []string{
		"第5条和第105条", "第5一九九九年", "第五一九九九年", "二〇二三年十二月五日，第５条公积金", "公积\u200b金第\u200b5条", "第5条" + strings.Repeat("公积金第105条", 50), "第", "",
	} {
		if got, want := read(text), read(segment.Normalize(text)); !reflect.DeepEqual(got, want) {
			t.Errorf("%s is read as %+v, its normal form as %+v", text, got, want)
		}
	}
}
