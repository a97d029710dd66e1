package child

import (
	"bytes"
	"errors"
	"testing"
	"unicode/utf8"

	"terrace/indexer/attach"
	"terrace/indexer/attach/plain"
)

func FuzzReadAnswer(f *testing.F) {
	var b bytes.Buffer
	_ = writeAnswer(&b, 1, attach.Text{Format: "pdf", Body: "正文", Skipped: []string{"a"}}, errors.Join(plain.ErrBroken, plain.ErrLimit))
	f.Add(b.Bytes())
	f.Add([]byte("\x00\x00\x00\x0c{\"Number\":1}"))
	f.Add([]byte("panic: rubbish"))
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := readAnswer(bytes.NewReader(data), 1)
		if err != nil && (a.text.Body != "" || a.err != nil) {
			t.Errorf("%+v comes with the error %v", a, err)
		}
		if len(a.text.Body) > attach.MaxText || !utf8.ValidString(a.text.Body) {
			t.Errorf("%d bytes of text, valid %v", len(a.text.Body), utf8.ValidString(a.text.Body))
		}
		if a.err != nil && utf8.RuneCountInString(a.err.Error()) > maxMessage {
			t.Errorf("a message of %d bytes", len(a.err.Error()))
		}
	})
}

func BenchmarkRead(b *testing.B) {
	p := newPool(b, Options{})
	f := attach.File{Name: "a.txt", Data: bytes.Repeat([]byte("正"), 100_000)}
	b.SetBytes(int64(len(f.Data)))
	for b.Loop() {
		if _, err := p.Read(b.Context(), f); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNewChild(b *testing.B) {
	p := newPool(b, Options{Recycle: 1})
	for b.Loop() {
		if _, err := p.Read(b.Context(), attach.File{Name: "a.txt"}); err != nil {
			b.Fatal(err)
		}
	}
}
