package codepage

import "testing"

func TestEncodings(t *testing.T) {
	for _, c := range []struct {
		page     int
		in, want string
	}{
		{Chinese, "\xb9\xab\xce\xc4", "公文"},
		{OfLanguage(0x0804), "\xb9\xab\xce\xc4", "公文"},
		{OfCharset(134), "\xb9\xab\xce\xc4", "公文"},
		{10008, "\xb9\xab", "公"},
		{OfLanguage(0x0404), "\xa4\xbd\xa4\xe5", "公文"},
		{OfCharset(136), "\xa4\xbd\xa4\xe5", "公文"},
		{OfCharset(128), "\x8c\xf6", "公"},
		{OfLanguage(0x0419), "\xc4\xe0", "Да"},
		{OfLanguage(0x0409), "caf\xe9", "café"},
		{1250, "\xb9", "ą"},
		{65001, "公", "公"},
		{1200, "\x6c\x51", "公"},
		{0, "\x93a\x94", "“a”"},
	} {
		got, err := Encoding(c.page).NewDecoder().String(c.in)
		if err != nil || got != c.want {
			t.Errorf("page %d: got %q, %v; want %q", c.page, got, err, c.want)
		}
	}
}

func TestLead(t *testing.T) {
	for _, c := range []struct {
		page int
		b    byte
		want bool
	}{
		{Chinese, 0xB9, true}, {Chinese, 'a', false}, {Chinese, 0xFF, false}, {932, 0xB1, false}, {932, 0x8C, true}, {Western, 0xB9, false},
	} {
		if got := Lead(c.page, c.b); got != c.want {
			t.Errorf("page %d, byte %x: got %v", c.page, c.b, got)
		}
	}
}

func TestGuess(t *testing.T) {
	for _, c := range []struct {
		page int
		in   string
		want int
	}{
		{Western, "No. 5: \xb9\xab\xce\xc4", Chinese},
		{Western, "caf\xe9", Western},
		{Western, "na\xefve caf\xe9s", Western},
		{Western, "\x93quoted\x94", Western},
		{Western, "ascii", Western},
		{950, "\xb9\xab", 950},
	} {
		if got := Guess(c.page, []byte(c.in)); got != c.want {
			t.Errorf("%q: got %d, want %d", c.in, got, c.want)
		}
	}
}
