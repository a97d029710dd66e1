package listing

import (
	"net/url"
	"regexp"
	"strings"
)

// channel is 开普 where a search gives the rows of a list: the page names its channel, and a script of the template's asks for the rows of any.
var channel = adapter{"channel", func(v *view) bool { return v.channel() != "" }, readChannel}

var (
	channelID   = regexp.MustCompile(`^[0-9a-f]{32}$`)
	channelRows = regexp.MustCompile(`["'](/(?:common/)?search(?:List)?/)["']\s*\+`)
)

// channel is the page's, as its head or its query names it.
func (v *view) channel() string {
	for _, m := range v.page.Meta {
		if m.Name == "channelid" && channelID.MatchString(m.Content) {
			return m.Content
		}
	}
	if strings.Contains(strings.ToLower(v.page.URL.RawQuery), "channelid=") {
		return queryText(v.page.URL, "channelid", channelID)
	}
	return ""
}

func readChannel(v *view, l *Listing) bool {
	if !v.empty() {
		return false
	}
	for _, s := range v.scripts() {
		if m := channelRows.FindStringSubmatch(s); m != nil {
			query := url.Values{"_isAgg": {"true"}, "_isJson": {"true"}, "_pageSize": {"20"}, "_template": {"index"}, "_rangeTimeGte": {""}, "_channelName": {""}, "page": {"1"}}
			l.add(v.page.URL, m[1]+v.channel()+"?"+query.Encode(), 1)
			l.Rowless = len(l.Next) > 0
			return l.Rowless
		}
	}
	if v.page.Files == nil {
		l.Wants = v.ownScripts("")
	}
	return len(l.Wants) > 0
}
