package query

import "testing"

func TestWhatIsTypedAsAURL(t *testing.T) {
	for text, want := range map[string]bool{
		"http://old.example/a.html": true, "HTTPS://old.example": true, "http%3A%2F%2Fold.example%2F": true, "http://old.example/通知.html": true,
		"old.example": true, "www.old.example.gov.cn:8080/a?b=1": true, "10.1.2.3/a.asp": true, "node.js": true, // the host of which nobody knows
		"公积金": false, "http://": false, "http://old.example/ 公积金": false, "3.15": false, "云政发〔2023〕5号": false, "1.2.3.4": false, "关于a.b的通知": false, "site:gjj": false, "a/b": false,
	} {
		if got := withScheme.MatchString(text) || withHost.MatchString(text); got != want {
			t.Errorf("%q may be a URL: %v", text, got)
		}
	}
}
