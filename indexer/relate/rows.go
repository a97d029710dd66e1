package relate

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"

	"terrace/index"
)

// A tx is one transaction about one generation.
type tx struct {
	ctx context.Context
	*sql.Tx
	gen   int64
	stmts map[string]*sql.Stmt // all are closed with the transaction
}

func (t *tx) prepared(q string) (*sql.Stmt, error) {
	if s := t.stmts[q]; s != nil {
		return s, nil
	}
	s, err := t.PrepareContext(t.ctx, q)
	if err != nil {
		return nil, err
	}
	if t.stmts == nil {
		t.stmts = map[string]*sql.Stmt{}
	}
	t.stmts[q] = s
	return s, nil
}

func (t *tx) exec(q string, args ...any) error {
	s, err := t.prepared(q)
	if err == nil {
		_, err = s.ExecContext(t.ctx, args...)
	}
	return err
}

// number is the one number a query gives, 0 where it gives none.
func (t *tx) number(q string, args ...any) (n int64, err error) {
	s, err := t.prepared(q)
	if err != nil {
		return 0, err
	}
	if err = s.QueryRowContext(t.ctx, args...).Scan(&n); errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return n, err
}

// each hands every row of a query to scan.
func (t *tx) each(scan func(*sql.Rows) error, q string, args ...any) error {
	s, err := t.prepared(q)
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(t.ctx, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (t *tx) numbers(q string, args ...any) (out []int64, err error) {
	err = t.each(func(r *sql.Rows) error {
		var n int64
		err := r.Scan(&n)
		out = append(out, n)
		return err
	}, q, args...)
	return out, err
}

// A row is a page as kept.
type row struct {
	n, class    int64
	id          string
	owner, said string // keys
	copy        index.Copy
	level       int
	day         index.Date
	title       string
	flags       int
	status      string
	region      rune
	names       []int64
	cites       []citation
}

// Flags of pages.
const (
	policyLike = 1 << iota // may be cited
	interprets
)

const pageColumns = `n, id, class, owner, said, date, level, day, url, title, site, department, county, place, flags, status, region, names, cites`

// pages reads the pages that a condition names.
func (t *tx) pages(where string, args ...any) (out []*row, err error) {
	err = t.each(func(r *sql.Rows) error {
		p := &row{}
		var names, cites []byte
		err := r.Scan(&p.n, &p.id, &p.class, &p.owner, &p.said, &p.copy.Date, &p.level, &p.day, &p.copy.URL, &p.title, &p.copy.Site, &p.copy.Department,
			&p.copy.County, &p.copy.Column, &p.flags, &p.status, &p.region, &names, &cites)
		p.names, p.cites = unpackKeys(names), unpackCitations(cites)
		if p.copy.Date == undated {
			p.copy.Date = 0
		}
		out = append(out, p)
		return err
	}, `SELECT `+pageColumns+` FROM page WHERE `+where, args...)
	return out, err
}

func (t *tx) page(where string, args ...any) (*row, error) {
	rows, err := t.pages(where, args...)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return rows[0], nil
}

// put writes a page in place of the one with its number, and gives a number to one that has none.
func (t *tx) put(p *row) (err error) {
	var number any
	if p.n != 0 {
		number = p.n
	}
	p.n, err = t.number(`INSERT INTO page (generation, `+pageColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) RETURNING n`,
		t.gen, number, p.id, p.class, p.owner, p.said, dated(p.copy.Date), p.level, p.day, p.copy.URL, p.title, p.copy.Site, p.copy.Department, p.copy.County,
		p.copy.Column, p.flags, p.status, p.region, packKeys(p.names), packCitations(p.cites))
	if err != nil {
		return err
	}
	for _, k := range p.names {
		if err := t.exec(`INSERT OR IGNORE INTO name VALUES (?, ?)`, k, p.n); err != nil {
			return err
		}
	}
	for _, k := range p.cited() {
		if err := t.exec(`INSERT OR IGNORE INTO cite VALUES (?, ?)`, k, p.n); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) remove(p *row) error {
	for _, k := range p.names {
		if err := t.exec(`DELETE FROM name WHERE key = ? AND page = ?`, k, p.n); err != nil {
			return err
		}
	}
	for _, k := range p.cited() {
		if err := t.exec(`DELETE FROM cite WHERE key = ? AND page = ?`, k, p.n); err != nil {
			return err
		}
	}
	return t.exec(`DELETE FROM page WHERE n = ?`, p.n)
}

// cited are the keys of all that a page cites.
func (p *row) cited() (out []int64) {
	for _, c := range p.cites {
		out = append(out, c.keys()...)
	}
	return out
}

func packKeys(keys []int64) []byte {
	out := make([]byte, 0, 8*len(keys))
	for _, k := range keys {
		out = binary.LittleEndian.AppendUint64(out, uint64(k))
	}
	return out
}

func unpackKeys(b []byte) []int64 {
	out := make([]int64, 0, len(b)/8)
	for ; len(b) >= 8; b = b[8:] {
		out = append(out, int64(binary.LittleEndian.Uint64(b)))
	}
	return out
}

// citationSize is how many bytes a citation takes.
const citationSize = 2 + 3*8

func packCitations(cs []citation) []byte {
	out := make([]byte, 0, citationSize*len(cs))
	for _, c := range cs {
		out = append(out, byte(c.act), byte(c.level))
		for _, k := range [...]int64{c.docNo, c.title, c.bare} {
			out = binary.LittleEndian.AppendUint64(out, uint64(k))
		}
	}
	return out
}

func unpackCitations(b []byte) (out []citation) {
	for ; len(b) >= citationSize; b = b[citationSize:] {
		k := unpackKeys(b[2:citationSize])
		out = append(out, citation{act(b[0]), int(b[1]), k[0], k[1], k[2]})
	}
	return out
}

func scanTexts(out *[]string) func(*sql.Rows) error {
	return func(r *sql.Rows) error {
		var s string
		err := r.Scan(&s)
		*out = append(*out, s)
		return err
	}
}
