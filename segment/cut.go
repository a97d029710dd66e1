package segment

import (
	"unicode/utf8"

	"github.com/go-ego/gse"
)

// An edge is a dictionary word in the lattice of a run: its length in runes and its cost.
type edge struct {
	runes int
	cost  float32
}

// A cutter finds the words of a run of Han characters. It holds the buffers of one goroutine.
type cutter struct {
	dicts []*Dictionary
	found []*gse.Token

	bytes []byte     // the run, normalised
	off   []int      // byte offset in bytes of each rune, and the end
	texts []gse.Text // each rune
	edges []edge
	first []int // index in edges of the first edge that leaves each rune, and the end
	best  []float32
	next  []int // end, in runes, of the best word that begins at each rune
}

func newCutter(base, user *Dictionary) *cutter {
	c := &cutter{dicts: []*Dictionary{base}}
	if user != nil && user.longest > 0 {
		c.dicts = append(c.dicts, user)
	}
	c.found = make([]*gse.Token, MaxWord+1)
	return c
}

func (c *cutter) reset() { c.bytes, c.off = c.bytes[:0], c.off[:0] }

func (c *cutter) add(r rune) {
	c.off = append(c.off, len(c.bytes))
	c.bytes = utf8.AppendRune(c.bytes, r)
}

// text is the bytes of the runes [i, j) of the run.
func (c *cutter) text(i, j int) []byte { return c.bytes[c.off[i]:c.off[j]:c.off[j]] }

// close ends the run added since reset: c.off has the end too.
func (c *cutter) close() (runes int) {
	c.off = append(c.off, len(c.bytes))
	return len(c.off) - 1
}

// cut finds the best path through the closed run of n runes: it sets c.edges and c.next.
func (c *cutter) cut(n int) {
	c.texts, c.edges, c.first = c.texts[:0], c.edges[:0], c.first[:0]
	for i := range n {
		c.texts = append(c.texts, gse.Text(c.text(i, i+1)))
	}
	for i := range n {
		c.first = append(c.first, len(c.edges))
		c.leave(i, n)
	}
	c.first = append(c.first, len(c.edges))
	c.path(n)
}

// leave adds the edges that begin at rune i; a character is always one, word or not.
func (c *cutter) leave(i, n int) {
	single := false
	for _, d := range c.dicts {
		k := d.trie.LookupTokens(c.texts[i:min(i+d.longest, n)], c.found)
		for _, t := range c.found[:k] {
			runes, cost := unpack(t)
			single = single || runes == 1
			c.edges = append(c.edges, edge{runes, cost})
		}
	}
	if !single {
		c.edges = append(c.edges, edge{1, c.dicts[0].unknown})
	}
}

func (c *cutter) path(n int) {
	if cap(c.best) < n+1 {
		c.best, c.next = make([]float32, 2*n+1), make([]int, 2*n+1)
	}
	c.best, c.next = c.best[:n+1], c.next[:n+1]
	c.best[n] = 0
	for i := n - 1; i >= 0; i-- {
		least := float32(1e30)
		for _, e := range c.edges[c.first[i]:c.first[i+1]] {
			if v := e.cost + c.best[i+e.runes]; v < least {
				least, c.next[i] = v, i+e.runes
			}
		}
		c.best[i] = least
	}
}

// costOf is the cost of a text's best cut.
func (c *cutter) costOf(han string) float32 {
	c.reset()
	for _, r := range han {
		c.add(r)
	}
	c.cut(c.close())
	return c.best[0]
}
