package pdf

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"terrace/indexer/attach/plain"
)

var shared *Reader

func TestMain(m *testing.M) {
	dir, err := os.UserCacheDir() // compiling PDFium takes seconds, under the race detector a minute
	if err == nil {
		dir = filepath.Join(dir, "terrace-test", "pdfium")
	}
	if shared, err = New(context.Background(), dir); err != nil {
		panic(err)
	}
	code := m.Run()
	shared.Close()
	os.Exit(code)
}

func read(t *testing.T, data []byte) (*plain.Text, error) {
	t.Helper()
	out := plain.New(2 << 20)
	return out, shared.Read(t.Context(), data, out)
}

func TestText(t *testing.T) {
	pages := func(pages ...[]string) []byte {
		f := newFile()
		for _, lines := range pages {
			f.text(lines...)
		}
		return f.bytes()
	}
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"a line that was wrapped goes on in the next": {
			pages([]string{"关于印发城乡居民基本养老保险实施办法的通知", "各县（市）人民政府：", "现将城乡居民基本养老保险实施办法印发给你们，请结合本地区实际，认真组", "织实施。"}),
			"关于印发城乡居民基本养老保险实施办法的通知\n各县（市）人民政府：\n现将城乡居民基本养老保险实施办法印发给你们，请结合本地区实际，认真组织实施。",
		},
		"an item of a list begins a paragraph": {
			pages([]string{"一、申请人应当提交居民身份证、户口簿和婚姻状况证明的原件和复印件", "二、受理机关应当场一次告知需要补正的材料"}),
			"一、申请人应当提交居民身份证、户口簿和婚姻状况证明的原件和复印件\n二、受理机关应当场一次告知需要补正的材料",
		},
		"a paragraph goes on behind the foot of its page": {
			pages([]string{"某某市人民政府公报", "经研究决定，自今年起在全市范围内开展农村人居环境整治提升行动，各级", "— 1 —"},
				[]string{"某某市人民政府公报", "各部门要高度重视。", "— 2 —"}),
			"某某市人民政府公报\n经研究决定，自今年起在全市范围内开展农村人居环境整治提升行动，各级各部门要高度重视。",
		},
		"Latin words of two lines stay two words": {
			pages([]string{"The committee was established in order to", "review the plan."}),
			"The committee was established in order to review the plan.",
		},
		"short lines are no paragraph": {pages([]string{"票价", "合计", "金额"}), "票价\n合计\n金额"},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := read(t, c.data)
			if err != nil {
				t.Fatal(err)
			}
			if out.String() != c.want {
				t.Errorf("got\n%s\nwant\n%s", out, c.want)
			}
		})
	}
}

func TestScansArePictures(t *testing.T) {
	f := newFile()
	f.scan(false)
	f.scan(true)
	f.text("附件")
	f.page("0 0 100 100 re f", "")
	out, err := read(t, f.bytes())
	if err != nil {
		t.Fatal(err)
	}
	if out.String() != "附件" || out.Pictures() != 2 {
		t.Errorf("got %q and %d pictures, want 附件 and 2", out, out.Pictures())
	}
}

func TestPagesWhoseTextCannotBeReadArePictures(t *testing.T) {
	picture := func(f *file) string {
		return "/XObject<</X " + f.add(stream("/Type/XObject/Subtype/Image/Width 2/Height 2/ColorSpace/DeviceGray/BitsPerComponent 8", "\x00\xff\xff\x00")) + ">>"
	}
	stamp := "q 500 0 0 700 50 50 cm /X Do Q BT /F 14 Tf 60 20 Td <5E025E02> Tj ET "
	for name, c := range map[string]struct {
		add  func(f *file)
		want int
	}{
		"scans with a stamp each":            {func(f *file) { r := picture(f); f.page(stamp, r); f.page(stamp, r) }, 2},
		"letters in outlines":                {func(f *file) { f.page(strings.Repeat("10 10 m 20 30 l 30 10 l f\n", 40), "") }, 1},
		"a frame":                            {func(f *file) { f.page("10 10 500 700 re S", "") }, 0},
		"turned, in a font that is not here": {func(f *file) { f.page("BT /F 14 Tf 0 1 -1 0 300 300 Tm <5E025E02> Tj ET", "") }, 1},
		"a picture within a text": {func(f *file) {
			f.page(strings.Replace(stamp, "<5E025E02>", "<"+strings.Repeat("5E02", 20)+">", 1), picture(f))
		}, 0},
		"nothing": {func(f *file) { f.page("", "") }, 0},
	} {
		f := newFile()
		c.add(f)
		out, err := read(t, f.bytes())
		if err != nil || out.Pictures() != c.want {
			t.Errorf("%s: %d pictures, want %d; %v", name, out.Pictures(), c.want, err)
		}
	}
}

func TestWhatCannotBeRead(t *testing.T) {
	locked := newFile()
	locked.text("秘密")
	locked.trailer = "/ID[(0123456789abcdef)(0123456789abcdef)]/Encrypt<</Filter/Standard/V 1/R 2/P -4/O(" +
		strings.Repeat("o", 32) + ")/U(" + strings.Repeat("u", 32) + ")>>"
	long, first := newFile(), ""
	for n := range maxPages + 1 {
		page := "第" + strconv.Itoa(n+1) + "件"
		if long.text(page); n < maxPages {
			first += page + "\n"
		}
	}
	lost := newFile()
	lost.text("第一页在")
	lost.kids = append(lost.kids, lost.add("null"))
	lost.text("第三页也在")
	for name, c := range map[string]struct {
		data []byte
		want error
		text string
	}{
		"a password":          {locked.bytes(), plain.ErrEncrypted, ""},
		"no PDF at all":       {[]byte("<html><body>404 Not Found</body></html>"), plain.ErrBroken, ""},
		"nothing":             {nil, plain.ErrBroken, ""},
		"a head and no pages": {[]byte("%PDF-1.7\n%%EOF\n"), plain.ErrBroken, ""},
		"too many pages":      {long.bytes(), plain.ErrLimit, strings.TrimSpace(first)},
		"a page that is lost": {lost.bytes(), plain.ErrBroken, "第一页在\n第三页也在"},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := read(t, c.data)
			if !errors.Is(err, c.want) {
				t.Errorf("got error %v, want %v", err, c.want)
			}
			if out.String() != c.text {
				t.Errorf("got %.100q of %d bytes, want %.100q of %d", out, len(out.String()), c.text, len(c.text))
			}
		})
	}
}

func TestReadingEndsWithItsContext(t *testing.T) {
	endless := newFile()
	endless.page(strings.Repeat("BT /F 14 Tf 60 700 Td <5E025E02> Tj ET\n", 1<<20), "")
	data := endless.bytes()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := shared.Read(ctx, data, plain.New(1000)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got error %v, want that of the context", err)
	}
	if err := shared.Read(ctx, data, plain.New(1000)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got error %v of a context that has ended, want its own", err)
	}
	f := newFile()
	f.text("下一份文件")
	if out, err := read(t, f.bytes()); err != nil || out.String() != "下一份文件" {
		t.Errorf("the next file gives %q, %v", out, err)
	}
}

func TestReadingStopsWhenTheTextIsFull(t *testing.T) {
	f := newFile()
	f.text("一二三四五六七八九十")
	f.text("甲乙丙丁戊己庚辛壬癸")
	f.text("子丑寅卯辰巳午未申酉戌亥")
	out := plain.New(31)
	if err := shared.Read(t.Context(), f.bytes(), out); err != nil {
		t.Fatal(err)
	}
	if out.String() != "一二三四五六七八九十" || out.Cut() == 0 || out.Cut() > 31 {
		t.Errorf("kept %q and cut %d bytes, want one page kept and at most one counted", out, out.Cut())
	}
}

func FuzzRead(f *testing.F) {
	seed := newFile()
	seed.text("各县（市）人民政府：", "现将实施办法印发给你们。")
	seed.scan(true)
	f.Add(seed.bytes())
	f.Add([]byte("%PDF-1.4\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		if err := shared.Read(ctx, data, plain.New(10_000)); ctx.Err() != nil {
			t.Errorf("reading %d bytes did not end: %v", len(data), err)
		}
	})
}
