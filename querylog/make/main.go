// Command make writes querylog/ordinary.txt: words that look like a personal name and are none, from the gse module's simplified dictionary, which
// says what kind of word each is. Run it by go generate ./querylog.
package main

import (
	"bufio"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

const head = `# 形似人名（常见姓氏加一两个字）而不是人名的词。取自 gse 的简体词典（Apache-2.0）中频率不低于 10、词性不是人名的词，
# 加上本项目自编的被它误标为人名的词（querylog/make）。由 go generate ./querylog 生成。
`

// Words that the dictionary takes for names.
const mistaken = `
武功 王朝 陆军 雷达 黄石 武林 莫斯科 胡同 顾问 高峰 高峰期 齐声 石英 高潮 齐全 黄金周 顾客 辛勤
胡子 柏林 王府 王府井 叶子 白领 许可 许可证 许可书 申请人 申请书 高新区 高中生 高等级 马尾松 毛巾
严重性 雷阵雨 胡萝卜 石家庄 张家口 张家界 金刚石 周转 范畴 祝贺 蓝图 陈述 陈列 陈列馆 杜绝 卓越 祝福
史诗 岳阳 唐山 秦皇岛 石林 熊猫 田园 白银 胡椒 张贴 马背 黄牛 金字塔 殷勤 卢森堡 向阳 黎明 蓝天
金刚 纪念展 毛发 白昼 许诺 史前 孙女 鲁莽 田赋 凌驾 周折 周密 周旋 白云 黄河 梅花 柳树 柏树 白杨
高尔夫 钟楼 金山 武威 白玉 石狮 杜鹃花 叶绿素 毕业证 黄梅县 武昌站 武汉站 丁香 于今 任凭 张望 白鹤
龙井茶 马匹 高昂 高耸 陶冶 陶醉 石梁 孔雀 孔庙 金秋 贺信
`

func main() {
	log.SetFlags(0)
	list, err := os.ReadFile("surnames.txt")
	if err != nil {
		log.Fatal(err)
	}
	surnames := map[string]bool{}
	for _, s := range strings.Fields(string(list)) { // the comment among them has no single characters
		surnames[s] = true
	}
	words, err := ordinary(surnames)
	if err != nil {
		log.Fatal(err)
	}
	words = append(words, strings.Fields(mistaken)...)
	slices.Sort(words)
	text := head + strings.Join(slices.Compact(words), "\n") + "\n"
	if err := os.WriteFile("ordinary.txt", []byte(text), 0o644); err != nil {
		log.Fatal(err)
	}
}

// ordinary are the dictionary's words of the form of a name that are not marked as names: kinds nr, nrfg, nrt.
func ordinary(surnames map[string]bool) (words []string, err error) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/go-ego/gse").Output()
	if err != nil {
		return nil, fmt.Errorf("find the gse module: %w", err)
	}
	in, err := os.Open(filepath.Join(strings.TrimSpace(string(dir)), "data/dict/zh/s_1.txt"))
	if err != nil {
		return nil, err
	}
	defer in.Close()
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		f := strings.Fields(lines.Text())
		if len(f) != 3 || strings.HasPrefix(f[2], "nr") || !nameLike(f[0], surnames) {
			continue
		}
		if n, err := strconv.Atoi(f[1]); err == nil && n >= 10 {
			words = append(words, f[0])
		}
	}
	return words, lines.Err()
}

func nameLike(word string, surnames map[string]bool) bool {
	r := []rune(word)
	for n := 1; n <= 2; n++ {
		if given := len(r) - n; given >= 1 && given <= 2 && surnames[string(r[:n])] {
			return true
		}
	}
	return false
}
