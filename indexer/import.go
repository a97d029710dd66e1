package indexer

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"terrace/index"
	"terrace/indexer/archive"
	"terrace/indexer/weburl"
)

// MaxImportLine is the largest line of an import, in bytes.
const MaxImportLine = 4 << 20

// A line is a document as it is imported. All but the id may be missing.
type line struct {
	ID         string `json:"id"`
	ID2        string `json:"_id"`
	URL        string `json:"url"`
	Title      string `json:"title"`
	Text       string `json:"text"`
	Body       string `json:"body"`
	Site       string `json:"site"`
	Department string `json:"department"`
	County     string `json:"county"`
	Kind       string `json:"kind"`
	Column     string `json:"column"`
	DocNo      string `json:"docNo"`
	Date       string `json:"date"`
}

// Import takes documents as lines of JSON into the archive, whence sync brings them into the index. A line that is wrong is left out and
// reported; the others are durable on return.
func (x *Indexer) Import(ctx context.Context, lines [][]byte) (ImportReport, error) {
	var r ImportReport
	var docs []archive.Import
	for i, l := range lines {
		l = bytes.TrimSpace(l)
		if len(l) == 0 {
			continue
		}
		d, unknown, err := x.imported(l)
		if err != nil {
			r.Bad = append(r.Bad, BadLine{i, err.Error()})
			continue
		}
		c := d.Copies[0]
		if e, withdrawn := x.withdrawn.Of(d.ID, c.URL); withdrawn && e.Purge {
			r.Bad = append(r.Bad, BadLine{i, fmt.Sprintf("已撤回并清除（撤回 %s）：不再保存", e.ID)})
			continue
		}
		r.UnknownNames += unknown
		docs = append(docs, archive.Import{ID: d.ID, Site: c.Site, URL: c.URL, Line: l})
	}
	if len(docs) > 0 {
		if err := x.archive.Import(ctx, docs...); err != nil {
			return r, err
		}
	}
	r.Imported = len(docs)
	x.Wake()
	return r, nil
}

// imported reads a line. unknown counts names of sites, departments and counties that are not configured; they are kept as they are.
func (x *Indexer) imported(l []byte) (d index.Document, unknown int, err error) {
	if len(l) > MaxImportLine {
		return d, 0, fmt.Errorf("超过一行 %d 字节的上限", MaxImportLine)
	}
	if !utf8.Valid(l) {
		return d, 0, errors.New("不是有效的 UTF-8 文字")
	}
	var in line
	if err := json.Unmarshal(l, &in); err != nil {
		return d, 0, fmt.Errorf("不是一个 JSON 对象：%w", err)
	}
	if in.ID == "" {
		in.ID = in.ID2
	}
	if in.ID == "" || len(in.ID) > 512 {
		return d, 0, errors.New("缺少 id，或 id 超过 512 字节")
	}
	if in.Text == "" {
		in.Text = in.Body
	}
	if in.Title == "" && in.Text == "" {
		return d, 0, errors.New("标题与正文都是空的")
	}
	c := index.Copy{Column: in.Column}
	if c.Date, err = index.ParseDate(in.Date); err != nil {
		return d, 0, fmt.Errorf("日期“%s”应写成 2024-01-31 的样子", in.Date)
	}
	if c.URL, err = importURL(in.URL); err != nil {
		return d, 0, err
	}
	resolve := func(name string, find func(string) (string, bool)) string {
		id, ok := find(name)
		switch {
		case name == "":
			return ""
		case !ok:
			unknown++
			return name
		}
		return id
	}
	c.Site = resolve(in.Site, x.registry.SiteNamed)
	c.Department = resolve(in.Department, x.registry.Department)
	c.County = resolve(in.County, x.registry.County)
	d = index.Document{ID: in.ID, Title: strings.TrimSpace(in.Title), Body: in.Text, Kind: in.Kind, DocNo: in.DocNo, Copies: []index.Copy{c}}
	if s := x.registry.Site(c.Site); s != nil {
		d.Level = x.registry.Level(s)
	}
	return d, unknown, nil
}

func importURL(s string) (string, error) {
	if s == "" {
		return "", nil
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return "", fmt.Errorf("网址“%s”不是 http 或 https 网址", s)
	}
	return weburl.Canonical(u), nil
}
