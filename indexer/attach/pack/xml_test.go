package pack

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/simplifiedchinese"

	"terrace/indexer/attach/attachtest"
	"terrace/indexer/attach/plain"
)

// outline reads XML as name(children) with attributes a and texts of elements called t.
func outline(s *Scanner) string {
	var b strings.Builder
	var element func(string)
	element = func(name string) {
		b.WriteString(name)
		if a := s.Attr("a"); a != "" {
			b.WriteString("=" + a)
		}
		if name == "t" {
			b.WriteString(":" + s.Text() + " ")
			return
		}
		b.WriteString("(")
		s.Each(element)
		b.WriteString(")")
	}
	s.Each(element)
	return b.String()
}

func wide(s string, order func(uint16) string) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(s)) {
		b.WriteString(order(u))
	}
	return b.String()
}

func little(u uint16) string { return string([]byte{byte(u), byte(u >> 8)}) }
func big(u uint16) string    { return string([]byte{byte(u >> 8), byte(u)}) }

func TestXMLIsReadInAnyCharsetAndWithFaults(t *testing.T) {
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(`<?xml version="1.0" encoding="GB2312"?><d><t>红河州</t></d>`)
	attachtest.Must(t, err)
	for _, c := range []struct{ what, xml, want string }{
		{"plain", `<d><p a="1"><t>红河</t></p><t/></d>`, "d(p=1(t:红河 )t: )"},
		{"namespaces", `<w:d xmlns:w="urn:w" xmlns:r="urn:r"><w:t r:a="2" w:b="3">红河</w:t></w:d>`, "d(t=2:红河 )"},
		{"another version", `<?xml version="1.1"?><d><t>红河</t></d>`, "d(t:红河 )"},
		{"byte order mark", "\uFEFF<?xml version='1.0' encoding='UTF-8'?><d><t>红河</t></d>", "d(t:红河 )"},
		{"GBK", gbk, "d(t:红河州 )"},
		{"UTF-16", wide("\uFEFF<?xml version='1.0' encoding='UTF-16'?><d><t>红河</t></d>", little), "d(t:红河 )"},
		{"UTF-16, big endian", wide("\uFEFF<d><t>红河</t></d>", big), "d(t:红河 )"},
		{"UTF-16 without mark", wide("<d><t>红河</t></d>", little), "d(t:红河 )"},
		{"an unknown charset", "<?xml version='1.0' encoding='x-none'?><d><t>红河</t></d>", "d(t:红河 )"},
		{"bytes that are no text", "<d><t>红\xff河\x01\x00州</t></d>", "d(t:红\uFFFD河  州 )"},
		{"unknown entities", `<d><t>&nbsp;红河&</t></d>`, "d(t:&nbsp;红河& )"},
		{"unquoted attributes", `<d><t a=1>红河</t></d>`, "d(t=1:红河 )"},
		{"CDATA and comments", `<d><!-- no --><t><![CDATA[<红河>]]></t></d>`, "d(t:<红河> )"},
		{"an end too many levels up", `<d><p><q></p><t>红河</t></d>`, "d(p(q())t:红河 )"},
		{"entities of entities", `<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><d><t>&b;</t></d>`, "d(t:&b; )"},
	} {
		s := NewScanner(strings.NewReader(c.xml))
		if got := outline(s); got != c.want || s.Err() != nil {
			t.Errorf("%s: %q, %v; want %q", c.what, got, s.Err(), c.want)
		}
	}
}

func TestCutOffXMLGivesWhatCameBeforeAndIsBroken(t *testing.T) {
	s := NewScanner(strings.NewReader(`<d><t>红河</t><p><t>蒙`))
	if got := outline(s); !strings.HasPrefix(got, "d(t:红河 p(t:蒙") || !errors.Is(s.Err(), plain.ErrBroken) {
		t.Errorf("%q, %v", got, s.Err())
	}
}

func TestElementsAndTagsWithoutEndAreALimit(t *testing.T) {
	for what, xml := range map[string]string{
		"elements":                    strings.Repeat("<d>", 1_000_000),
		"attributes":                  "<d " + strings.Repeat(`a="1" `, 500_000) + "/>",
		"attributes that hold a sign": "<d " + strings.Repeat(`a=">" `, 500_000) + "/>",
	} {
		s := NewScanner(strings.NewReader(xml))
		outline(s)
		if !errors.Is(s.Err(), plain.ErrLimit) {
			t.Errorf("%s: %v", what, s.Err())
		}
	}
	long := "<!-- it's --><d><t>" + strings.Repeat("红河", maxTag) + "</t></d>"
	if s := NewScanner(strings.NewReader(long)); len(outline(s)) < maxTag || s.Err() != nil {
		t.Errorf("a long text: %v", s.Err())
	}
}

func TestWhatIsNotReadOfAnElementIsPassedOver(t *testing.T) {
	s := NewScanner(strings.NewReader(`<d><a><x>1</x><x>2</x></a><b><x>3</x></b></d>`))
	var got []string
	s.Each(func(string) {
		s.Each(func(name string) {
			s.Each(func(x string) {
				if len(got) == 0 {
					got = append(got, name, x, s.Text())
				}
			})
			got = append(got, name)
		})
	})
	if want := "a x 1 a b"; strings.Join(got, " ") != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestAnEntryIsScannedUntilItIsStopped(t *testing.T) {
	p, err := Open(made(t, "a.xml", `<d xmlns:o="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><p id="1" o:id="2"/><p/>`))
	attachtest.Must(t, err)
	seen := 0
	err = p.Scan("/A.xml", func(s *Scanner) {
		s.Each(func(string) {
			s.Each(func(string) {
				if seen++; s.Attr("id") != "1" || s.Link("id") != "2" {
					t.Errorf("id %q, link %q", s.Attr("id"), s.Link("id"))
				}
				s.Stop()
			})
		})
	})
	if seen != 1 || err != nil {
		t.Errorf("%d elements, %v", seen, err)
	}
}

func FuzzScanner(f *testing.F) {
	f.Add(`<d><p a="1"><t>红河</t></p></d>`)
	f.Add("<?xml version='1.0' encoding='gbk'?><d><t>\xba\xec</t>")
	f.Add(wide("\uFEFF<d><t>红河</t></d>", little))
	f.Fuzz(func(t *testing.T, xml string) {
		s := NewScanner(strings.NewReader(xml))
		outline(s)
		if s.Err() != nil && !told(s.Err()) {
			t.Fatal(s.Err())
		}
	})
}
