package attached

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"terrace/db"
	"terrace/db/dbtest"
	"terrace/indexer/archive"
	"terrace/indexer/attach"
)

// filed is an archive that a text file and a ZIP that cannot be opened were recorded in, with what the readers made of them.
func filed(t *testing.T) (*archive.Archive, *Files) {
	t.Helper()
	return filedIn(t, dbtest.Open(t, t.TempDir(), "pages.db"))
}

// filedIn is filed with its bytes and texts in a database.
func filedIn(t *testing.T, contents *db.DB) (*archive.Archive, *Files) {
	t.Helper()
	a, err := archive.Open(t.Context(), dbtest.Open(t, t.TempDir(), "state.db"), contents)
	if err != nil {
		t.Fatal(err)
	}
	f := New(a, attach.NewReader(""))
	for name, body := range map[string]string{"a.txt": "公积金账号、开户银行", "b.zip": "PK\x03\x04 and no more", "c.pdf": ""} {
		url := "http://www.example.gov.cn/" + name
		if _, err := a.Seed(t.Context(), archive.Link{URL: url, Site: "portal", Role: archive.Attachment}); err != nil {
			t.Fatal(err)
		}
		text, err := f.Text(t.Context(), archive.HashOf([]byte(body)), name, []byte(body))
		if err != nil {
			t.Fatal(err)
		}
		v := archive.Visit{ID: archive.IDOf(url), At: time.Now(), State: text.State, Reason: text.Reason, Role: archive.Attachment, Body: []byte(body)}
		if err := a.Record(t.Context(), v); err != nil {
			t.Fatal(err)
		}
	}
	return a, f
}

// without are the files of filed whose bytes are not kept.
func without(t *testing.T, a *archive.Archive) (names []string) {
	t.Helper()
	pages, err := a.Pages(t.Context(), archive.Filter{}, "", 10)
	if err != nil || len(pages) != 3 {
		t.Fatal(len(pages), err)
	}
	for _, p := range pages {
		switch _, err := a.Content(t.Context(), p.Content); {
		case errors.Is(err, archive.ErrDropped):
			names = append(names, filepath.Base(p.URL))
		case err != nil:
			t.Error(err)
		}
	}
	slices.Sort(names)
	return names
}

func TestOnlyFilesThatAreReadWholeLoseTheirBytes(t *testing.T) {
	a, f := filed(t)
	if r, err := f.Retain(t.Context(), time.Now().Add(-time.Hour)); r.Files != 0 || err != nil {
		t.Errorf("before it is time: %+v, %v", r, err)
	}
	later := time.Now().Add(time.Hour)
	if r, err := f.Retain(t.Context(), later); r.Files != 1 || r.Bytes == 0 || err != nil {
		t.Errorf("%+v, %v", r, err)
	}
	if got := without(t, a); !slices.Equal(got, []string{"a.txt"}) {
		t.Errorf("bytes are gone of %v", got)
	}
	if r, err := f.Retain(t.Context(), later); r.Files != 0 || err != nil {
		t.Errorf("once more: %+v, %v", r, err)
	}
}

// readers fail the test where they are asked: what is kept is enough.
type readers struct{ *testing.T }

func (r readers) Read(context.Context, attach.File) (attach.Text, error) {
	r.Error("a file is read")
	return attach.Text{}, errors.New("there is nothing to read")
}

func TestTheTextOfAFileWithoutBytesIsTheOneThatIsKept(t *testing.T) {
	a, f := filed(t)
	hash := archive.HashOf([]byte("公积金账号、开户银行"))
	text, err := f.Text(t.Context(), hash, "", nil)
	if err != nil || text.Body != "公积金账号、开户银行" || text.Older {
		t.Fatalf("%+v, %v", text, err)
	}
	if _, err := f.Retain(t.Context(), time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	kept, _, err := a.Text(t.Context(), hash)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.KeepText(t.Context(), hash, "before", kept); err != nil {
		t.Fatal(err)
	}
	got, err := New(a, readers{t}).Text(t.Context(), hash, "", nil)
	if err != nil || got.Body != text.Body || !got.Older {
		t.Errorf("%+v, %v", got, err)
	}
	if n, err := f.Want(t.Context(), archive.Scope{}); n != 1 || err != nil {
		t.Errorf("%d files are wanted, %v", n, err)
	}
}

func TestATextThatIsDamagedIsReadAgain(t *testing.T) {
	contents := dbtest.Open(t, t.TempDir(), "pages.db")
	_, f := filedIn(t, contents)
	damage := func() {
		t.Helper()
		err := contents.Update(t.Context(), func(tx *sql.Tx) error {
			_, err := tx.ExecContext(t.Context(), "UPDATE text SET data = x'00112233'")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	hash := archive.HashOf([]byte("公积金账号、开户银行"))
	damage()
	if text, err := f.Text(t.Context(), hash, "a.txt", nil); err != nil || text.Body != "公积金账号、开户银行" {
		t.Errorf("%+v, %v", text, err)
	}
	if _, err := f.Retain(t.Context(), time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	damage()
	if _, err := f.Text(t.Context(), hash, "a.txt", nil); !archive.NotKept(err) {
		t.Errorf("without its bytes: %v", err)
	}
}
