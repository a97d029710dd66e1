package moves

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// eachOf gives moves of pairs of an old and a new URL.
func eachOf(t interface{ Fatal(...any) }, pairs ...string) func(func(Move) error) error {
	return func(do func(Move) error) error {
		for i := 0; i < len(pairs); i += 2 {
			o, err := ParseOld(pairs[i])
			if err != nil {
				t.Fatal(err)
			}
			if err := do(Move{Old: o, New: pairs[i+1], Origin: Imported}); err != nil {
				return err
			}
		}
		return nil
	}
}

func TestRulesForNginx(t *testing.T) {
	var b bytes.Buffer
	err := WriteNginx(&b, eachOf(t,
		"http://www.old.example/show.asp?id=1&x=$y", "http://new.example/a.html?b=$c",
		"http://old.example/%D6%D0.html", "http://new.example/zhong.html",
		"http://old.example/A.html", "http://new.example/1.html",
		"http://old.example/a.html", "http://new.example/2.html",
		"http://10.1.2.3:8080/x(1)[2].html", "http://new.example/3.html",
		`http://old.example/"; return 200; #`, "http://new.example/4.html",
		"old.example/zw/*", "http://new.example/jyj/",
		"old2.example/%D6%D0/*", "http://new.example/zhong/",
		"old2.example", "http://new.example/home.html"))
	if err != nil {
		t.Fatal(err)
	}
	head, body, _ := strings.Cut(b.String(), "map $host")
	if !strings.Contains(head, "共 6 个旧网址、3 个前缀") || !strings.Contains(head, "map_hash_bucket_size 128;\nmap_hash_max_size 2048;\n") {
		t.Errorf("head:\n%s", head)
	}
	want := `$request_uri $terrace_moved {
    default "";
    "old.example/show.asp?id=1&x=$y" "http://new.example/a.html?b=%24c";
    "www.old.example/show.asp?id=1&x=$y" "http://new.example/a.html?b=%24c";
    "old.example/%D6%D0.html" "http://new.example/zhong.html";
    "www.old.example/%D6%D0.html" "http://new.example/zhong.html";
    "old.example/%E4%B8%AD.html" "http://new.example/zhong.html";
    "www.old.example/%E4%B8%AD.html" "http://new.example/zhong.html";
    "~^old[.]example/A[.]html$" "http://new.example/1.html";
    "~^www[.]old[.]example/A[.]html$" "http://new.example/1.html";
    "~^old[.]example/a[.]html$" "http://new.example/2.html";
    "~^www[.]old[.]example/a[.]html$" "http://new.example/2.html";
    "10.1.2.3/x(1)[2].html" "http://new.example/3.html";
    "old.example/%22;%20return%20200;%20" "http://new.example/4.html";
    "www.old.example/%22;%20return%20200;%20" "http://new.example/4.html";
    "~^old[.]example/zw/(?<terrace_rest>.*)$" "http://new.example/jyj/$terrace_rest";
    "~^www[.]old[.]example/zw/(?<terrace_rest>.*)$" "http://new.example/jyj/$terrace_rest";
    "~^old2[.]example/%[Dd]6%[Dd]0/(?<terrace_rest>.*)$" "http://new.example/zhong/$terrace_rest";
    "~^www[.]old2[.]example/%[Dd]6%[Dd]0/(?<terrace_rest>.*)$" "http://new.example/zhong/$terrace_rest";
    "~^old2[.]example/%[Ee]4%[Bb]8%[Aa][Dd]/(?<terrace_rest>.*)$" "http://new.example/zhong/$terrace_rest";
    "~^www[.]old2[.]example/%[Ee]4%[Bb]8%[Aa][Dd]/(?<terrace_rest>.*)$" "http://new.example/zhong/$terrace_rest";
    "~^old2[.]example/" "http://new.example/home.html";
    "~^www[.]old2[.]example/" "http://new.example/home.html";
}
`
	if body != want {
		t.Errorf("got\n%swant\n%s", body, want)
	}
}

// TestNoURLBreaksOutOfItsQuotes writes rules for URLs of any characters: each line stays one pair of quoted words, and a pattern means just the text it was made from.
func TestNoURLBreaksOutOfItsQuotes(t *testing.T) {
	line := regexp.MustCompile(`^    "[^"\\]*(?:\\[\[\]][^"\\]*)*" "[^"\\$]*";$`)
	rapid.Check(t, func(rt *rapid.T) {
		path := rapid.StringOfN(rapid.RuneFrom([]rune("aA$\"'\\;{}()[]^|*+?.#%20~=&<> \n\r中/")), 0, 20, -1)
		old, to := "http://old.example/"+path.Draw(rt, "old")+"x", "http://new.example/"+path.Draw(rt, "new")
		o, err := ParseOld(old)
		u, wrong := ParseNew(to)
		if err != nil || wrong != nil {
			return
		}
		var b bytes.Buffer
		err = WriteNginx(&b, func(do func(Move) error) error {
			if err := do(Move{Old: o, New: u}); err != nil {
				return err
			}
			o := o
			o.Key = strings.ToUpper(o.Key) // differs in case alone
			return do(Move{Old: o, New: u})
		})
		if err != nil {
			rt.Fatal(err)
		}
		_, body, _ := strings.Cut(b.String(), "default \"\";\n")
		body, _, _ = strings.Cut(body, "}\n")
		for l := range strings.Lines(body) {
			if !line.MatchString(strings.TrimSuffix(l, "\n")) {
				rt.Fatalf("%q", l)
			}
		}
		if re, err := regexp.Compile("^" + pattern(o.Key) + "$"); err != nil || !re.MatchString(o.Key) || re.MatchString(o.Key+"x") || re.MatchString(strings.ToUpper(o.Key)) && strings.ToUpper(o.Key) != o.Key {
			rt.Fatalf("%q means not %q (%v)", pattern(o.Key), o.Key, err)
		}
	})
}
