package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"

	"terrace/moves"
)

var columnNames = []string{"通知公告", "工作动态", "政策文件", "政策解读", "人事信息", "财政信息", "规划计划", "统计数据", "行政执法", "建议提案", "党建工作", "机关建设"}

// A newColumn is a list of the new site.
type newColumn struct {
	name  string
	pages map[int]bool // pages of the old site that it holds
	more  int          // others that it holds
}

// measureLists makes the columns of old sites and those of one new site: kept, called otherwise, put together by twos, cut in two, shared by departments or gone, with a list of everything beside them. Every
// fifth page is gone, of every sixth that is there the home is not known. It prints how many of what moves.MatchList proposes is right.
func measureLists(sites int) {
	r := rand.New(rand.NewPCG(5, 6))
	var homes, sure, sureRight, all, right, ambiguous int
	for range sites {
		olds, now, truth := drawColumns(r)
		for name, pages := range olds {
			known := slices.DeleteFunc(slices.Clone(pages), func(p int) bool { return p%5 == 0 || p%6 == 0 })
			var columns []moves.Column
			for i, c := range now {
				held := 0
				for _, p := range known {
					if c.pages[p] {
						held++
					}
				}
				columns = append(columns, moves.Column{URL: fmt.Sprint(i), Name: c.name, Held: held, Size: len(c.pages) + c.more})
			}
			if truth[name] >= 0 {
				homes++
			}
			m := moves.MatchList(name, len(pages), len(known), columns)
			ok := m.New != "" && m.New == fmt.Sprint(truth[name])
			if m.State == moves.Ambiguous {
				ambiguous++
			}
			if m.State != moves.Proposal {
				continue
			}
			all++
			if ok {
				right++
			} else if os.Getenv("WRONG") != "" {
				fmt.Printf("  wrong: %s, %d of %v %s | %s %v\n", name, len(known), len(pages), m.Evidence, m.New, columns)
			}
			if m.Sure {
				sure++
				if ok {
					sureRight++
				}
			}
		}
	}
	fmt.Printf("lists of %d sites: %d have a new one. Sure: precision %.4f, recall %.3f. All: precision %.4f, recall %.3f. Ambiguous %d\n",
		sites, homes, share(sureRight, sure), share(sureRight, homes), share(right, all), share(right, homes), ambiguous)
}

// drawColumns draws the columns of an old site by name, each with its pages, the lists of the new one, and which of these each has become; -1: none.
func drawColumns(r *rand.Rand) (olds map[string][]int, now []newColumn, truth map[string]int) {
	olds, truth = map[string][]int{}, map[string]int{}
	everything := newColumn{name: "全部信息", pages: map[int]bool{}, more: 2000 + r.IntN(8000)}
	next := 0
	draw := func(name string) []int {
		for range 3 + r.IntN(10)*r.IntN(20) {
			olds[name] = append(olds[name], next)
			next++
		}
		return olds[name]
	}
	add := func(name string, more int, pages []int) int {
		c := newColumn{name: name, pages: map[int]bool{}, more: more}
		for _, p := range pages {
			if p%5 != 0 && r.IntN(20) > 0 { // of those that are there a few were not crawled in the list
				c.pages[p] = true
			}
		}
		now = append(now, c)
		return len(now) - 1
	}
	for i := 0; i < len(columnNames); i += 2 {
		one, two := columnNames[i], columnNames[i+1]
		first, second := draw(one), draw(two)
		switch r.IntN(5) {
		case 0: // put together
			truth[one] = add(one, 10, append(slices.Clone(first), second...))
			truth[two] = truth[one]
		case 1: // cut, and gone
			half := len(first) * 2 / 3
			truth[one], truth[two] = add(one+"（一）", 5, first[:half]), -1
			add(one+"（二）", 5, first[half:])
		case 2: // called otherwise, and shared by departments
			truth[one], truth[two] = add("本局"+one, 5, first), add(two, 10+3*len(second), second)
		default:
			truth[one], truth[two] = add(one, len(first)/5, first), add(two, len(second)/5, second)
		}
		for _, p := range append(slices.Clone(first), second...) {
			if p%5 != 0 {
				everything.pages[p] = true
			}
		}
	}
	return olds, append(now, everything), truth
}
