package site

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// peoples are the 55 that autonomous divisions are named after; the names of some are also written without 族.
const (
	longPeoples = `(?:蒙古|维吾尔|哈萨克|柯尔克孜|达斡尔|鄂温克|鄂伦春|塔吉克|锡伯|撒拉)族?`
	peoples     = `(?:` + longPeoples + `|(?:回|藏|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇|土|仫佬|羌|布朗|` +
		`毛南|仡佬|阿昌|普米|怒|乌孜别克|俄罗斯|德昂|保安|裕固|京|塔塔尔|独龙|赫哲|门巴|珞巴|基诺|各)族)`
)

var (
	ofAPeople  = regexp.MustCompile(`^(..+?)` + peoples + `+(?:自治|民族)?(区|州|县|旗|乡|镇|苏木)$`)
	autonomous = regexp.MustCompile(`^(..+?)(?:族自治|自治|族)(州|县|旗|乡|镇)$`) // of a people that gave the place its name: 东乡族自治县
)

// Plain is a division's name without the peoples that it is autonomous by: 河口瑶族自治县 is called 河口县, 期路白苗族乡 期路白乡, 广西壮族自治区 广西.
// Other names it gives back as they are.
func Plain(name string) string {
	if !strings.Contains(name, "族") && !strings.Contains(name, "自治") {
		return name
	}
	if region, ok := strings.CutSuffix(name, "自治区"); ok {
		if m := ofAPeople.FindStringSubmatch(region + "区"); m != nil {
			return m[1]
		}
		return region
	}
	for _, form := range []*regexp.Regexp{ofAPeople, autonomous} {
		if m := form.FindStringSubmatch(name); m != nil {
			return m[1] + m[2]
		}
	}
	return name
}

// units are what names of divisions end in, a longer one before its end.
var units = []string{"自治州", "自治县", "自治旗", "地区", "街道", "苏木", "省", "州", "市", "盟", "县", "区", "旗", "镇", "乡"}

// Bare is a plain name without its unit, 红河 of 红河州; empty where that leaves less than two characters, or there is no unit.
func Bare(plain string) string {
	for _, unit := range units {
		if rest, ok := strings.CutSuffix(plain, unit); ok && utf8.RuneCountInString(rest) >= 2 {
			return rest
		}
	}
	return ""
}
