package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"

	"terrace/moves"
)

// What attachments are called, on page after page.
var fileNames = []string{"申请表", "报名表", "名单", "汇总表", "承诺书", "实施方案", "考试大纲", "公示表", "流程图", "材料清单", "岗位表", "附件"}

// measureFiles makes pages with attachments and the new homes of these pages: of the files a tenth is gone and some were saved anew, some are called otherwise, renumbered or in another order; of a fifth of the old
// ones the bytes are not known. It prints how many of what moves.MatchFile finds is right.
func measureFiles(pages int) {
	r := rand.New(rand.NewPCG(3, 4))
	var homes, sure, sureRight, all, right int
	for page := range pages {
		olds, now, truth := drawFiles(r, page)
		for i, old := range olds {
			m := moves.MatchFile(old, olds, now)
			if truth[i] != "" {
				homes++
			}
			if m.State == "" {
				continue
			}
			all++
			ok := m.New == truth[i]
			if ok {
				right++
			} else if m.Sure && os.Getenv("WRONG") != "" {
				fmt.Printf("  wrong: %s %s %q of %v | %s of %v\n", old.Name, m.Evidence, truth[i], olds, m.New, now)
			}
			if m.Sure {
				sure++
				if ok {
					sureRight++
				}
			}
		}
	}
	fmt.Printf("attachments of %d pages: %d have a new one. Sure: precision %.4f, recall %.3f. All: precision %.4f, recall %.3f\n",
		pages, homes, share(sureRight, sure), share(sureRight, homes), share(right, all), share(right, homes))
}

// drawFiles draws the files of an old page and of its new home, and the URLs now of the old ones, empty where they are gone.
func drawFiles(r *rand.Rand, page int) (olds, now []moves.File, truth []string) {
	for i := range 1 + r.IntN(4) {
		name := fileNames[r.IntN(len(fileNames))]
		number := strconv.Itoa(i + 1)
		old := moves.File{URL: fmt.Sprintf("http://old.example/%d/%d.doc", page, i), Name: "附件" + number + "：" + name + ".doc", Hash: fmt.Sprint(page, "-", i)}
		if r.IntN(3) == 0 {
			old.URL = fmt.Sprintf("http://old.example/%d/P0%d%d.doc", page, 2020051234567+page, i)
		}
		to := old
		to.URL = fmt.Sprintf("http://new.example/files/%d-%d.doc", page, i)
		switch r.IntN(10) {
		case 0, 1: // by another system, which calls files by their names alone
			to.Name = name
		case 2: // in another order
			to.Name = "附件" + strconv.Itoa(4-i) + "：" + name
		case 3:
			to.Name = "附件" + number
		case 4:
			to.Name = "附件.doc"
		}
		if name == "附件" {
			old.Name = "附件" + number
		}
		if r.IntN(4) == 0 {
			to.URL = "http://new.example/files/" + old.URL[len("http://old.example/"):]
		}
		if r.IntN(6) == 0 {
			to.Hash += "again"
		}
		if r.IntN(5) == 0 {
			old.Hash = ""
		}
		olds = append(olds, old)
		if r.IntN(10) == 0 {
			truth = append(truth, "")
			continue
		}
		truth, now = append(truth, to.URL), append(now, to)
	}
	if r.IntN(6) == 0 {
		now = append(now, moves.File{URL: fmt.Sprintf("http://new.example/files/%d-new.doc", page), Name: fileNames[r.IntN(len(fileNames))], Hash: fmt.Sprint(page, "-new")})
	}
	r.Shuffle(len(now), func(i, j int) { now[i], now[j] = now[j], now[i] })
	return olds, now, truth
}
