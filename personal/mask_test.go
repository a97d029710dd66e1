package personal

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestNumbersThatNameACitizenAreMasked(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"an identity number", "张三，532501199001011239，汉族", "张三，532501********1239，汉族"},
		{"with an X", "11010519491231002X", "110105********002X"},
		{"a foreigner's", "911124198108030008", "911124********0008"},
		{"in groups", "110105 19491231 002x", "110105 ******** 002x"},
		{"mistyped, but said to be one", "身份证号码：110105194912310023", "身份证号码：110105********0023"},
		{"one of the time of 15 digits", "（130503670401001）", "（130503*****1001）"},
		{"a mobile telephone", "电话13812345678，", "电话138****5678，"},
		{"with blanks", "138 1234 5678", "138 **** 5678"},
		{"with dashes", "138-1234-5678", "138-****-5678"},
		{"in two groups", "138 12345678或1381234 5678", "138 ****5678或138**** 5678"},
		{"with the country's code", "+86 138 1234 5678、+8613812345678、0086-13812345678", "+86 138 **** 5678、+86138****5678、0086-138****5678"},
		{"two beside each other", "13812345678 13912345678/15012345678", "138****5678 139****5678/150****5678"},
		{"full width", "１３８１２３４５６７８", "１３８＊＊＊＊５６７８"},
		{"with signs of no width", "138\u200b1234\u200b5678", "138\u200b****\u200b5678"},
		{"an office's that is a mobile one", "咨询电话：13812345678", "咨询电话：138****5678"},
		{"before an address", "13812345678@example.com", "138****5678@example.com"},
		{"a bank card", "卡号6222021234567890128", "卡号6222***********0128"},
		{"in groups of four", "6222 0212 3456 7890 128", "6222 **** **** ***0 128"},
		{"a licence plate", "京A12345", "京A***45"},
		{"with a dot", "云G·12345和云G.1A2B5", "云G·***45和云G.***B5"},
		{"of new energy", "云GD12345、京A12345D", "云G****45、京A****5D"},
		{"of a trailer", "豫A1234挂", "豫A***4挂"},
		{"in small letters", "苏e2g81c", "苏e***1c"},
		{"a passport", "护照号码：E12345678", "护照号码：E1*****78"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Mask(c.text); got != c.want {
				t.Errorf("%s becomes %s, want %s", c.text, got, c.want)
			}
		})
	}
}

func TestNumbersOfOfficesAndPapersAreNotMasked(t *testing.T) {
	for _, text := range []string{
		"云政发〔2023〕5号，国办发〔2018〕115号",
		"索引号：000014349/2018-00216",
		"索引号：11010519491231002X",
		"统一社会信用代码：91530100MA6K12345X、12532500431890123K，915325007194812345",
		"电话：0873-3732123、(0871)65123456、010-65123456-8012，传真 3732124",
		"热线12345、12329，400-810-1234，4001234567，800 810 1234",
		"金额13812345678元、13812345678.50元，138123.45万元，占13.812345678%",
		"2023年10月1日至2024-01-31，2023-10-01 08:30:00，20231001123045",
		"邮编661199，第12页，共1381234页",
		"投资项目代码：2018-530000-48-03-012345，招标编号：YNZC2023-G3-01234-YNZZ-0012",
		"项目编号13812345678，流水号：6222021234567890128，证书编号：130503670401001",
		"采购编号2023-138-1234-5678",
		"https://www.gov.example/art/13812345678.html?id=6222021234567890128",
		"W020190924350120471677.jpg，A13812345678，13812345678_1",
		"110105194912310023，6222021234567890127，12345678901",
		"滇ICP备12345678号，京ICP证030173号，京公网安备11010502012345号",
		"云G12，新A股12345，京沪G1234次，粤B2-20090059",
		"办理护照。E12345678号文件",
		"1500 1600 170，150 1600 170，1949-1978",
	} {
		if got := Mask(text); got != text {
			t.Errorf("%s becomes %s", text, got)
		}
	}
}

func FuzzMask(f *testing.F) {
	for _, s := range []string{
		"身份证110105 19491231 002X，１３８１２３４５６７８", "云G·12345 护照EA1234567", "6222 0212 3456 7890 128", "+86\u200b138-1234-5678\xff0086", "http://a/138123456781 www.1",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := Mask(text)
		if len(got) != len(text) || utf8.RuneCountInString(got) != utf8.RuneCountInString(text) {
			t.Fatalf("%q becomes %q", text, got)
		}
		for i, r := range text {
			now, _ := utf8.DecodeRuneInString(got[i:])
			hidden := now == '*' && r < utf8.RuneSelf || now == '＊' && r >= utf8.RuneSelf
			if now != r && !(hidden && (digit(r) || letter(r))) {
				t.Fatalf("%q becomes %q", text, got)
			}
		}
	})
}

func BenchmarkMask(b *testing.B) {
	line := "第三条　职工购买自住住房的，可以凭购房合同提取住房公积金；电话0871-65123456，手机13812345678。贷款的利率按公告执行。\n"
	text := strings.Repeat(line, 1000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Mask(text)
	}
}
