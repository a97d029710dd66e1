package listing

import "regexp"

// dede is 织梦 (DedeCMS): list_3_2.html, or list.php?tid=3&PageNo=2; pages that the numbers leave out stand in a <select>; 共 20页300条 in its pageinfo.
var dede = adapter{"dede", func(v *view) bool {
	return v.has("pageinfo", "name='sldd'", `name="sldd"`, "PageNo=") || dedeFile.MatchString(v.page.URL.Path)
}, func(v *view, l *Listing) bool { return v.linked(l) }}

var (
	dedeFile   = regexp.MustCompile(`/list_\d+_\d+\.html?$`)
	boldNumber = regexp.MustCompile(`<(?:b|strong)>\s*(\d{1,8})\s*<`)
)
