package tika

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"terrace/indexer/attach"
	"terrace/indexer/attach/plain"
)

// server answers as Tika does: 422 for what it cannot parse, 204 for what has no text.
func server(t *testing.T, asked *[]string) *url.URL {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		*asked = append(*asked, r.Method+" "+r.URL.Path+" "+r.Header.Get("Content-Disposition"))
		switch {
		case strings.Contains(string(body), "busy"):
			w.WriteHeader(http.StatusServiceUnavailable)
		case strings.Contains(string(body), "odd"):
			w.WriteHeader(http.StatusUnprocessableEntity)
		case strings.Contains(string(body), "empty"):
			w.WriteHeader(http.StatusNoContent)
		case strings.Contains(string(body), "away"):
			http.Redirect(w, r, "http://192.0.2.1/", http.StatusTemporaryRedirect)
		default:
			io.WriteString(w, "\n\n  申报  指南\n姓名\t电话\n")
		}
	}))
	t.Cleanup(s.Close)
	u, err := url.Parse(s.URL + "/prefix")
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestTheServerIsAskedForWhatTheReadersHaveNoTextOf(t *testing.T) {
	var asked []string
	c := New(attach.NewReader(""), server(t, &asked))
	for _, f := range []struct {
		about, name, data, body string
		err                     error
		asked                   bool
	}{
		{"text", "a.txt", "本部门的通知，请查收。", "本部门的通知，请查收。", nil, false},
		{"a format that is not known", "文 件.rar", "Rar!\x1a\x07\x00\x00\x00", "申报 指南\n姓名\t电话", nil, true},
		{"a damaged file", "b.docx", "PK\x03\x04 and no more", "申报 指南\n姓名\t电话", nil, true},
		{"what it cannot read either", "c.rar", "Rar!\x1a\x07\x00\x00odd\x00", "", plain.ErrUnsupported, true},
		{"what has no text", "d.rar", "Rar!\x1a\x07\x00\x00empty\x00", "", plain.ErrUnsupported, true},
		{"a server that sends elsewhere", "e.rar", "Rar!\x1a\x07\x00\x00away\x00", "", plain.ErrUnsupported, true},
	} {
		asked = nil
		got, err := c.Read(t.Context(), attach.File{Name: f.name, Data: []byte(f.data)})
		if got.Body != f.body || !errors.Is(err, f.err) || (len(asked) == 1) != f.asked {
			t.Errorf("%s: %q, %v, asked %v", f.about, got.Body, err, asked)
		}
		if f.asked && !strings.HasPrefix(asked[0], "PUT /prefix/tika attachment; filename*=UTF-8''") {
			t.Errorf("%s: asked %q", f.about, asked[0])
		}
	}
}

func TestAServerThatCannotBeAskedIsNoFaultOfTheFile(t *testing.T) {
	var asked []string
	u := server(t, &asked)
	busy := attach.File{Name: "a.rar", Data: []byte("Rar!\x1a\x07\x00\x00busy\x00")}
	_, err := New(attach.NewReader(""), u).Read(t.Context(), busy)
	if err == nil || errors.Is(err, plain.ErrUnsupported) {
		t.Errorf("a server that is busy: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := New(attach.NewReader(""), u).Read(ctx, busy); !errors.Is(err, context.Canceled) {
		t.Errorf("a call that is cancelled: %v", err)
	}
	gone := httptest.NewServer(nil)
	gone.Close()
	if u, err = url.Parse(gone.URL); err != nil {
		t.Fatal(err)
	}
	if _, err := New(attach.NewReader(""), u).Read(t.Context(), busy); err == nil || errors.Is(err, plain.ErrUnsupported) {
		t.Errorf("no server: %v", err)
	}
}

func TestARealServer(t *testing.T) {
	address := os.Getenv("TERRACE_TIKA")
	if address == "" {
		t.Skip("needs TERRACE_TIKA, the URL of a Tika server")
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	c := New(attach.NewReader(""), u)
	version, err := c.Version(t.Context())
	if err != nil || !strings.Contains(version, "Tika") {
		t.Fatalf("it says it is %q, %v", version, err)
	}
	var odt bytes.Buffer
	z := zip.NewWriter(&odt)
	for name, text := range map[string]string{
		"mimetype": "application/vnd.oasis.opendocument.text",
		"content.xml": `<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">` +
			`<office:body><office:text><text:p>关于申报的通知</text:p></office:text></office:body></office:document-content>`,
	} {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%s", version)
	got, err := c.Read(t.Context(), attach.File{Name: "通知.odt", Data: odt.Bytes()})
	if err != nil || !strings.Contains(got.Body, "关于申报的通知") {
		t.Errorf("%+v, %v", got, err)
	}
}
