package markup

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// nodes counts those below a node.
func nodes(n *html.Node) (count int) {
	for range n.Descendants() {
		count++
	}
	return count
}

func TestPagesMadeToExplodeMakeNoMoreNodesThanABrowserCouldShow(t *testing.T) {
	var left strings.Builder // open for good
	for i := range 200 {
		fmt.Fprintf(&left, "<B a=%d>", i)
	}
	const tail = `正文<a href="/x">链接</a>`
	for about, c := range map[string]struct {
		page string
		cut  bool
		most int
	}{
		"formatting that every box opens anew": {"<div>" + left.String() + "</div>" + strings.Repeat("<div>x</div>", 80_000) + tail, false, 200_000},
		"the same in rows of a list":           {tail + strings.Repeat("<record><![CDATA["+left.String()+strings.Repeat("<p>x</p>", 5000)+"]]></record>", 40), false, 2_000_000},
		"tags without end":                     {tail + strings.Repeat("<p>", 2*maxTags), true, maxNodes},
		"more bytes than are read":             {tail + strings.Repeat("字", MaxBytes/2), true, 20},
		"attributes without end":               {tail + "<i" + strings.Repeat(" a=1", 1<<20) + ">", false, 20},
		"a long page":                          {strings.Repeat("<p><b>第一条</b>　本办法自公布之日起施行。</p>", 20_000) + tail, false, 100_010},
	} {
		t.Run(about, func(t *testing.T) {
			p := parse(t, c.page)
			if got := nodes(p.Root); got > c.most {
				t.Errorf("%d nodes, no more than %d wanted", got, c.most)
			}
			if p.Cut != c.cut || links(p) != "/x 链接\n" {
				t.Errorf("cut: %v, links %q", p.Cut, links(p))
			}
		})
	}
}

func TestFormattingIsKeptWhereItDoesNoHarm(t *testing.T) {
	bold := 0
	for n := range parse(t, strings.Repeat("<p><b>第一条</b>　自公布之日起施行。</p>", 1000)).Root.Descendants() {
		if n.Data == "b" {
			bold++
		}
	}
	if bold != 1000 {
		t.Errorf("%d bold pieces of 1000", bold)
	}
}
