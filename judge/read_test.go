package judge

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"terrace/indexer/weburl"
	"terrace/segment"
)

func keys() Keys { return Keys{URL: weburl.Canonical, Title: segment.TitleKey} }

// written is queries as they stand in a file, without their keys.
func written(queries []Query) string {
	var b strings.Builder
	for _, q := range queries {
		for _, w := range q.Wanted {
			fmt.Fprintf(&b, "%s\t%s\t%d\n", q.Text, w.Text, w.Grade)
		}
	}
	return b.String()
}

func TestAJudgementFileIsReadAsEditorsWriteIt(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"a grade that is not written is 1": {"公积金\t提取指南", "公积金\t提取指南\t1\n"},
		"an empty grade is 1":              {"公积金\t提取指南\t", "公积金\t提取指南\t1\n"},
		"a byte order mark, carriage returns, comments and empty lines": {
			"\ufeff# 评判\r\n\r\n公积金\t提取指南\t3\r\n  \r\n  # 又一句\r\n", "公积金\t提取指南\t3\n"},
		"lines of one query, apart": {
			"公积金\t提取指南\t3\n居住证\t/a/b.html\t2\n公积金\thttp://gjj.example/t1.html\t1\n",
			"公积金\t提取指南\t3\n公积金\thttp://gjj.example/t1.html\t1\n居住证\t/a/b.html\t2\n"},
		"blanks around the columns": {" 公积金 提取 \t 提取 指南　\t 2 \n", "公积金 提取\t提取 指南\t2\n"},
	} {
		t.Run(name, func(t *testing.T) {
			queries, err := Read(strings.NewReader(c.text), keys())
			if err != nil {
				t.Fatal(err)
			}
			if got := written(queries); got != c.want {
				t.Errorf("read\n%swant\n%s", got, c.want)
			}
		})
	}
}

func TestQueriesRememberTheirLines(t *testing.T) {
	queries, err := Read(strings.NewReader("# 一\n居住证\tA\n公积金\tB\n居住证\tC\n"), keys())
	if err != nil {
		t.Fatal(err)
	}
	if q := queries[0]; q.Line != 2 || q.Wanted[1].Line != 4 || queries[1].Line != 3 {
		t.Errorf("read %+v", queries)
	}
}

func TestMistakesAreNamedByLine(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"no tab":           {"公积金 提取指南\n", "第 1 行：缺少要找的网页：查询词后面按一次 Tab，再写网址、编号或标题"},
		"no document":      {"公积金\t\t3\n", "第 1 行：缺少要找的网页：写网址、编号或标题"},
		"no query":         {"好\t的\n\t提取指南\t3\n", "第 2 行：缺少查询词"},
		"a grade too high": {"公积金\t提取指南\t4\n", "第 1 行：等级“4”应是 1、2 或 3"},
		"a grade in words": {"公积金\t提取指南\t高\n", "第 1 行：等级“高”应是 1、2 或 3"},
		"four columns":     {"公积金\t提取指南\t3\t注\n", "第 1 行：有 4 栏，最多三栏：查询词、要找的网页、等级"},
		"a broken URL":     {"公积金\thttp://[1/\n", "第 1 行：网址“http://[1/”写错了"},
		"signs alone":      {"公积金\t《》\n", "第 1 行：“《》”里没有字，写网址、编号或标题"},
		"a query too long": {strings.Repeat("长", 201) + "\t文\n", "第 1 行：查询词有 201 个字，最多 200 个字"},
		"one document twice, written in two ways": {
			"公积金\thttp://a.example:80/x\n居住证\thttp://a.example/x\n公积金\thttp://A.example/x#top\t3\n", "第 3 行：和第 1 行是同一个查询的同一个网页：删去一行"},
		"one title twice": {"公积金\t贷款指南\t1\n公积金\t贷款指南\t3\n", "第 2 行：和第 1 行是同一个查询的同一个网页：删去一行"},
		"GBK":             {"\xb9\xab\xbb\xfd\xbd\xf0\tx\n", "第 1 行：不是 UTF-8 编码，请把文件另存为 UTF-8"},
		"UTF-16":          {"\xff\xfea\x00\t\x00b\x00", "文件是 UTF-16 编码，请另存为 UTF-8"},
		"nothing":         {"# 还没写\n", "文件里没有一条查询：每行写查询词、制表符（Tab）、要找的网页"},
		"two mistakes":    {"一\n二\tx\n三\t\n", "第 1 行：缺少要找的网页：查询词后面按一次 Tab，再写网址、编号或标题\n第 3 行：缺少要找的网页：写网址、编号或标题"},
	} {
		t.Run(name, func(t *testing.T) {
			queries, err := Read(strings.NewReader(c.text), keys())
			if wrong := (Mistakes)(nil); !errors.As(err, &wrong) || err.Error() != c.want {
				t.Errorf("said\n%v\nwant\n%s", err, c.want)
			}
			if queries != nil {
				t.Errorf("read %+v all the same", queries)
			}
		})
	}
}

func TestManyMistakesAreCounted(t *testing.T) {
	_, err := Read(strings.NewReader(strings.Repeat("没有制表符\n", 50)), keys())
	if lines := strings.Split(err.Error(), "\n"); len(lines) != 21 || lines[20] != "还有 30 处" {
		t.Errorf("said\n%v", err)
	}
}

func FuzzWhatIsReadIsReadAgainTheSame(f *testing.F) {
	for _, s := range []string{"公积金\t提取指南\t3\n", "\ufeffa\thttp://x/ y\n", "a\t/b?c=%zz\t\n", "\xff\xfe", "a\tb\na\tB\n", "x\t\x00\n", "q\thttps://用户@域名:99/路\t2"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		queries, err := Read(strings.NewReader(string(text)), keys())
		if err != nil {
			if wrong := (Mistakes)(nil); !errors.As(err, &wrong) || !utf8.ValidString(err.Error()) {
				t.Fatalf("error %q", err)
			}
			return
		}
		again, err := Read(strings.NewReader(written(queries)), keys())
		if err != nil || written(again) != written(queries) {
			t.Fatalf("%q is read as %q, then as %q, %v", text, written(queries), written(again), err)
		}
		for i := range again {
			for j := range again[i].Wanted {
				if again[i].Wanted[j].Grade < 1 || !reflect.DeepEqual(again[i].Wanted[j].key, queries[i].Wanted[j].key) {
					t.Fatalf("%+v, again %+v", queries[i].Wanted[j], again[i].Wanted[j])
				}
			}
		}
	})
}
