package weburl

import "testing"

func TestNamesOfAttachments(t *testing.T) {
	for name, want := range map[string]bool{
		"/f/P0201.PDF": true, "名单.xls": true, "a.mhtml": true, ".doc": true, "/f.doc/index.html": false, "/download": false, "": false, "通知": false, "a.doc.": false, "v1.2": false,
	} {
		if NamesAttachment(name) != want {
			t.Errorf("%q: %t", name, !want)
		}
	}
}
