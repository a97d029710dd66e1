package docno

import (
	"slices"
	"testing"
	"unicode/utf8"
)

func TestOneNumberIsWrittenInManyWays(t *testing.T) {
	for _, text := range []string{
		"红政发〔2023〕5号", "红政发[2023]5号", "红政发【2023】5号", "红政发(2023)5号", "红政发（2023）5号", "红政发﹝2023﹞5号", "红政发［２０２３］５号", "红政发 〔2023〕 5 号",
		"红政发〔2023〕5", "红政发〔2023〕第5号", "红政发2023 5", "红政发2023年5号", "红政发2023-5号", "红政发2023第5号", "红政发 2023 5号", "红政发〔 2023 〕　5号", "红政发〔2023年〕5号",
		"根据红政发〔2023〕5号", "查询红政发〔2023〕5号的原文", "红政发{2023}5号",
	} {
		got := Find(text)
		if len(got) != 1 || got[0].String() != "红政发〔2023〕5号" {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestWhatIsNoNumber(t *testing.T) {
	for _, text := range []string{
		"", "2023年5月", "红政发", "〔2023〕5号", "公积金2023 380元", "医保缴费2023年12月", "红政发20235", "红政发〔3023〕5号", "红政发〔2023〕号", "红政发〔2023〕0号", "政府工作报告2023 5",
		"〔〕", "关于印发2023年5月", "红政发2023 5A", "通告2023年3月",
	} {
		if got := Find(text); len(got) > 0 {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestSeveralNumbersAreFoundWhereTheyStand(t *testing.T) {
	text := "废止云政办发〔2015〕3号和云人社规〔2019〕12号"
	var got []string
	for _, m := range Find(text) {
		got = append(got, m.String()+"="+text[m.Start:m.End])
	}
	if want := []string{"云政办发〔2015〕3号=云政办发〔2015〕3号", "云人社规〔2019〕12号=云人社规〔2019〕12号"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func FuzzFind(f *testing.F) {
	for _, s := range []string{"红政发〔2023〕5号", "红政发2023 5", "〔〕", "\xff〔2023〕5号", "红政发（2023）5号红政发2023 5"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		end := 0
		for _, m := range Find(text) {
			if m.Start < end || m.End <= m.Start || m.End > len(text) || m.Serial <= 0 || m.Year < 1900 || m.Year > 2099 {
				t.Fatalf("%q: %+v", text, m)
			}
			if utf8.ValidString(text) && len(Find(m.String())) == 0 {
				t.Fatalf("%q is no number by itself", m.String())
			}
			end = m.End
		}
	})
}
