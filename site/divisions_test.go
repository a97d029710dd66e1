package site

import (
	"slices"
	"strings"
	"testing"
)

func TestAClusterIsOfTheDivisionThatItsRegionIsCalled(t *testing.T) {
	for region, want := range map[string]string{
		"红河哈尼族彝族自治州 红河": "红河哈尼族彝族自治州",
		"红河州 红河":        "红河哈尼族彝族自治州",
		"红河":            "红河哈尼族彝族自治州", // the county of that name stands lower
		"红河县 红河":        "红河县",
		"云南省":           "云南省",
		"广西":            "广西壮族自治区",
		"内蒙古自治区":        "内蒙古自治区",
		"吉林":            "吉林省",
		"吉林市":           "吉林市",
		"北京市":           "北京市",
		"北京市朝阳区":        "朝阳区",
		"朝阳区":           "", // of Beijing or Changchun
		"仙桃市":           "仙桃市",
		"东莞市":           "东莞市",
		"浙江省杭州市 杭州":     "杭州市",
		"云河州 云河":        "",
		"云河州 红河":        "红河哈尼族彝族自治州",
		"红河州吧":          "",
		"-":             "",
		"\xff州":         "",
	} {
		got := ""
		if d := registry(t, Cluster{Region: strings.Fields(region)}).Division(); d != nil {
			got = d.Name
		}
		if got != want {
			t.Errorf("%q is %q, want %q", region, got, want)
		}
	}
	if registry(t, Cluster{}).Division() != nil {
		t.Error("a cluster of no place is of a division")
	}
}

func TestPlacesTellDivisionsOfOneNameApart(t *testing.T) {
	d := registry(t, Cluster{Region: []string{"朝阳区"}, Places: []Place{{ID: "gl", Name: "桂林街道"}}}).Division()
	if d == nil || !slices.ContainsFunc(d.Below, func(b *Division) bool { return b.Name == "桂林街道" }) {
		t.Errorf("found %v", d)
	}
}

func TestPlainNamesLeaveThePeoplesOut(t *testing.T) {
	for name, want := range map[string]string{
		"河口瑶族自治县": "河口县", "双江拉祜族佤族布朗族傣族自治县": "双江县", "东乡族自治县": "东乡县", "鄂温克族自治旗": "鄂温克旗", "三都水族自治县": "三都县", "隆林各族自治县": "隆林县",
		"红河哈尼族彝族自治州": "红河州", "新疆维吾尔自治区": "新疆", "内蒙古自治区": "内蒙古", "管城回族区": "管城区", "期路白苗族乡": "期路白乡", "音河达斡尔鄂温克民族乡": "音河乡",
		"东乡县": "东乡县", "民族街道": "民族街道", "民族乡": "民族乡", "青溪县": "青溪县", "": "", "族自治县": "族自治县", "\xff族\xff": "\xff族\xff",
	} {
		if got := Plain(name); got != want {
			t.Errorf("%q is plainly %q, want %q", name, got, want)
		}
	}
}

func TestShortFormsOfTownshipsAreNoWords(t *testing.T) {
	short := map[string]bool{}
	for _, region := range []string{"红河州", "浙江省", "北京市"} {
		d := registry(t, Cluster{Region: []string{region}}).Division()
		for _, calls := range d.Calls() {
			for _, c := range calls {
				short[c.Text] = true
			}
		}
	}
	for _, yes := range []string{"蔓耗镇", "蔓耗", "期路白苗族乡", "期路白乡", "期路白", "雨过铺", "和平镇", "白云街道"} {
		if !short[yes] {
			t.Errorf("%s is called so by nobody", yes)
		}
	}
	for _, no := range []string{"和平", "白云", "新华", "攀枝花", "大桥", "宝华", "东山", "三村", "河口", "旧城", "中心", "太平", "高市"} {
		if short[no] {
			t.Errorf("%s is a township", no)
		}
	}
}

func BenchmarkCalls(b *testing.B) {
	r, err := New(Cluster{Region: []string{"四川省"}})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		r.Division().Calls()
	}
}
