package listing

import (
	"encoding/json"
	"net/url"
	"regexp"
	"strings"

	"terrace/indexer/weburl"
)

// ewb is EpointWebBuilder (新点): the rows of a list come as JSON by a POST of a script's. Where to and for which site stands in webBuilderCommon.js, which is
// the same for all pages of a site; what is asked for, in a script of the template's; the column, in the page's address. Pages count from 0.
var ewb = adapter{"ewb", func(v *view) bool { return v.has("webBuilderCommon.js") }, readEWB}

const (
	ewbRows    = 15   // asked for at a time
	longestAsk = 1500 // bytes of JSON that is posted
)

var (
	ewbSite     = regexp.MustCompile(`\bsiteInfo\s*=\s*\{([^{}]{1,1000})\}`)
	ewbAction   = regexp.MustCompile(`["']((?:/[\w.-]{1,40}){0,2})/rest/(lightfrontaction/getgovinfolist|frontAppCustomAction/getPageInfoListNew\w{0,12}|secaction/getSecInfoList\w{0,12})["']`)
	ewbSearch   = regexp.MustCompile(`["']((?:/[\w.-]{1,40}){1,5}/getFullTextData(?:New)?)["']`)
	ewbNumber   = regexp.MustCompile(`^\d{3,30}$`)
	ewbCategory = regexp.MustCompile(`/(0\d\d(?:\d{3}){0,9})(?:/[^/]*)?$`)
)

func readEWB(v *view, l *Listing) bool {
	category := v.ewbColumn()
	if category == "" || !v.empty() {
		return false
	}
	if v.page.Files == nil {
		l.Wants = v.ownScripts("/webBuilderCommon.js")
		return len(l.Wants) > 0
	}
	site := map[string]string{}
	for _, s := range v.page.Files {
		if m := ewbSite.FindStringSubmatch(s); m != nil {
			for _, p := range hanwebParam.FindAllStringSubmatch(m[1], 20) {
				site[p[1]] = p[2] + p[3] + p[4]
			}
		}
	}
	if site["siteGuid"] == "" {
		return false
	}
	for _, s := range v.scripts() {
		if m := ewbAction.FindStringSubmatch(s); m != nil {
			if m[1] == "" {
				m[1] = site["projectName"]
			}
			return l.ewbAsk(v, m[1], m[2], site["siteGuid"], category)
		}
		if l.ewbText(v, s, category) {
			return true
		}
	}
	if file, _ := v.file(); strings.Contains(strings.ToLower(file), "govinfopub") {
		return l.ewbAsk(v, site["projectName"], "lightfrontaction/getgovinfolist", site["siteGuid"], category)
	}
	return false
}

// ewbColumn is the number of the page's column: in its query, or the last folder of numbers in its path.
func (v *view) ewbColumn() string {
	if number := queryText(v.page.URL, "categorynum", ewbNumber); number != "" {
		return number
	}
	if m := ewbCategory.FindStringSubmatch(v.page.URL.Path); m != nil {
		return m[1]
	}
	return ""
}

// ewbAsk adds the first page of the rows that an action gives: of disclosures for JSON; of others for a form, whose one field is JSON unless the action may
// ask for a captcha.
func (l *Listing) ewbAsk(v *view, project, action, site, category string) bool {
	u, err := weburl.Parse(v.page.URL, project+"/rest/"+action)
	if err != nil {
		return false
	}
	r := Request{URL: u, Number: 1}
	switch {
	case strings.HasSuffix(action, "getgovinfolist"):
		r.JSON = written(map[string]any{"deptcode": v.page.URL.Query().Get("deptcode"), "categorynum": category, "pageIndex": 0, "pageSize": ewbRows, "siteGuid": site})
	case strings.HasPrefix(action, "secaction/"):
		r.Form = url.Values{"siteGuid": {site}, "categoryNum": {category}, "content": {""}, "pageIndex": {"0"}, "pageSize": {itoa(ewbRows)}, "startdate": {""}, "enddate": {""}}
	case strings.HasSuffix(action, "Yzm"):
		r.Form = url.Values{"siteGuid": {site}, "categoryNum": {category}, "kw": {""}, "startDate": {""}, "endDate": {""}, "pageIndex": {"0"}, "pageSize": {itoa(ewbRows)}}
	default:
		r.Form = url.Values{"params": {written(map[string]any{"siteGuid": site, "categoryNum": category, "kw": "", "startDate": "", "endDate": "", "pageIndex": 0, "pageSize": ewbRows})}}
	}
	l.Next, l.Rowless = append(l.Next, r), true
	return true
}

// ewbText adds the first page of the rows that a full-text search gives for the column. Its script keeps what is asked for in an object, which it completes.
func (l *Listing) ewbText(v *view, script, category string) bool {
	m := ewbSearch.FindStringSubmatch(script)
	if m == nil {
		return false
	}
	ask := literal(script, "pn", "rn", "condition")
	u, err := weburl.Parse(v.page.URL, m[1])
	if ask == nil || err != nil {
		return false
	}
	rows, _ := ask["rn"].(string)
	if n, isNumber := ask["rn"].(json.Number); isNumber {
		rows = n.String()
	}
	ask["pn"], ask["rn"] = 0, atoi(rows)
	if ask["rn"] == 0 {
		ask["rn"] = ewbRows
	}
	ask["condition"] = []any{map[string]any{"fieldName": "categorynum", "equal": category, "isLike": true, "likeType": 2}}
	switch _, known := ask["noWd"]; { // without a word to look for, it has to be told so
	case known || ask["isBusiness"] != nil:
	case strings.Contains(script, "isBusiness"):
		ask["isBusiness"] = 1
	case strings.Contains(script, "noWd"):
		ask["noWd"] = true
	}
	if text := written(ask); len(text) <= longestAsk {
		l.Next = append(l.Next, Request{URL: u, JSON: text, Number: 1})
	}
	l.Rowless = len(l.Next) > 0
	return l.Rowless
}

// written is a value as JSON, the names in order.
func written(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err) // strings and numbers can be written
	}
	return string(text)
}
