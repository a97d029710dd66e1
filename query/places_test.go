package query

import (
	"bufio"
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"terrace/index"
	"terrace/lexicon"
	"terrace/site"
)

func of(t testing.TB, c site.Cluster, carried ...string) *understander {
	t.Helper()
	r, err := site.New(c)
	if err != nil {
		t.Fatal(err)
	}
	u := newUnderstander(r, lexicon.With(), func() time.Time { return today })
	u.places.Store(newPlaces(&u.names, r, carried))
	return u
}

var honghe = site.Cluster{
	Region: []string{"红河哈尼族彝族自治州", "红河"},
	Places: []site.Place{
		{ID: "gejiu", Name: "个旧市", Names: []string{"个旧"}}, {ID: "hhx", Name: "红河县"}, {ID: "hk", Name: "河口瑶族自治县"}, {ID: "yy", Name: "元阳县"}, {ID: "lx", Name: "泸西县"},
		{ID: "sp", Name: "石屏县"}, {ID: "mj", Name: "马街"},
	},
}

func TestTownshipsMeanTheirCounties(t *testing.T) {
	for _, c := range []struct {
		cluster site.Cluster
		carried []string
		names   map[string]string
	}{
		{honghe, []string{"蒙自市", "其他"}, map[string]string{
			"老厂镇公积金":   "老厂镇=gejiu",
			"老厂公积金":    "", // 老厂 is a word
			"蔓耗公积金":    "蔓耗=gejiu",
			"红河州蔓耗医保":  "红河州= 蔓耗=gejiu",
			"办理蔓耗医保":   "",
			"红河 低保":    "红河=",
			"红河县低保":    "红河县=hhx",
			"河口县口岸":    "河口县=hk",
			"河口瑶族自治县":  "河口瑶族自治县=hk",
			"河口口岸":     "",
			"河口镇口岸":    "河口镇=hk",
			"桥头乡医保":    "桥头乡=hk",
			"宝华镇":      "宝华镇=hhx",
			"宝华街道":     "宝华街道=gejiu",
			"马街":       "马街=mj", // what is configured overrules
			"草坝镇医保":    "草坝镇=蒙自市",
			"蒙自市医保":    "蒙自市=蒙自市",
			"弥勒市医保":    "", // no document is of it
			"新哨镇医保":    "",
			"其他医保":     "",
			"推进新城乡建设":  "",
			"新城乡居民医保":  "",
			"石屏县新城乡低保": "石屏县=sp 新城乡=sp",
			"新城乡":      "新城乡=sp",
			"五山乡村振兴":   "",
			"个旧市新街镇":   "个旧市=gejiu", // 新街镇 is 元阳's
			"新街镇":      "新街镇=yy",
			"蔓耗耗材":     "蔓耗=gejiu",
			"\xff老厂镇":  "老厂镇=gejiu",
		}},
		{site.Cluster{Region: []string{"云南省"}, Places: []site.Place{{ID: "hh", Name: "红河州"}, {ID: "zt", Name: "昭通市"}, {ID: "gejiu", Name: "个旧市"}}}, nil, map[string]string{
			"老厂镇医保":      "老厂镇=gejiu",
			"草坝镇医保":      "草坝镇=hh", // 蒙自 is no place of its own
			"太平镇医保":      "太平镇=zt",
			"红河哈尼族彝族自治州": "红河哈尼族彝族自治州=hh",
		}},
		{site.Cluster{Region: []string{"红河县", "红河"}, Places: []site.Place{{ID: "bh", Name: "宝华镇"}}}, nil, map[string]string{
			"宝华镇低保": "宝华镇=bh", "迤萨镇低保": "迤萨镇=", "迤萨低保": "迤萨=", "老厂镇": "", "红河低保": "红河=",
		}},
		{site.Cluster{Region: []string{"云河州", "云河"}, Places: []site.Place{{ID: "qs", Name: "青山苗族自治县"}}}, nil, map[string]string{
			"青山县老厂镇": "青山县=qs", "云河": "云河=",
		}},
		{site.Cluster{}, nil, map[string]string{"老厂镇": "", "红河": ""}},
	} {
		u := of(t, c.cluster, c.carried...)
		for text, want := range c.names {
			var got []string
			for _, n := range u.understand(text).names {
				if n.Field == index.County {
					got = append(got, text[n.Start:n.End]+"="+n.Value)
				}
			}
			if got := strings.Join(got, " "); got != want {
				t.Errorf("%v: %q names %q, want %q", c.cluster.Region, text, got, want)
			}
		}
	}
}

func TestATownshipBringsItsCountyFirstThenTheRegion(t *testing.T) {
	c := honghe
	c.Sites = []site.Site{
		{ID: "z", Hosts: []string{"z.example"}}, {ID: "g", Hosts: []string{"g.example"}, County: "gejiu"}, {ID: "y", Hosts: []string{"y.example"}, County: "yy"},
	}
	r, err := site.New(c)
	if err != nil {
		t.Fatal(err)
	}
	guide := func(id, site, county string, level int) index.Document {
		d := doc(id, "农村低保申请指南", "农村低保由乡镇人民政府受理。", 20240101)
		d.Copies[0].Site, d.Copies[0].County, d.Level = site, county, level
		return d
	}
	s, err := searcherOver([]index.Document{guide("a-other", "y", "yy", 2), guide("b-region", "z", "", 0), guide("c-county", "g", "gejiu", 2)}, town(t).active.Load().seg, r)
	if err != nil {
		t.Fatal(err)
	}
	res, err := s.Search(t.Context(), Request{Text: "老厂镇农村低保申请"})
	if err != nil || found(res) != "c-county b-region a-other" {
		t.Errorf("found %q, %v", found(res), err)
	}
	if len(res.Facets[index.County]) != 2 {
		t.Errorf("a place that is only named filters: %v", res.Facets[index.County])
	}
}

func TestAPlaceWithinTheOneNamedComesBeforeOthers(t *testing.T) {
	r, err := site.New(site.Cluster{Region: []string{"云南省"}, Places: []site.Place{{ID: "hh", Name: "红河州"}, {ID: "gejiu", Name: "个旧市"}, {ID: "km", Name: "昆明市"}}})
	if err != nil {
		t.Fatal(err)
	}
	at := func(county string) index.Document {
		d := doc(county, "农村低保申请指南", "农村低保由乡镇人民政府受理。", 20240101)
		d.Copies[0].County = county
		return d
	}
	s, err := searcherOver([]index.Document{at("km"), at("hh"), at("gejiu")}, town(t).active.Load().seg, r)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{"红河州农村低保": "hh gejiu km", "个旧市农村低保": "gejiu hh km", "老厂镇农村低保": "gejiu hh km", "昆明市农村低保": "km gejiu hh"} {
		if res, err := s.Search(t.Context(), Request{Text: text}); err != nil || found(res) != want {
			t.Errorf("%q finds %q, want %q; %v", text, found(res), want, err)
		}
	}
}

// TestTheTownshipsOfAPrefectureAreKnown counts on lists made by others.
func TestTheTownshipsOfAPrefectureAreKnown(t *testing.T) {
	c := site.Cluster{Region: []string{"红河州", "红河"}}
	for _, a := range rows(t, "lexicon/areas.csv") {
		if strings.HasPrefix(a[0], "5325") {
			c.Places = append(c.Places, site.Place{ID: a[0], Name: a[1]})
		}
	}
	u := of(t, c)
	all, known := 0, 0
	for _, s := range rows(t, "lexicon/streets.csv") {
		if !strings.HasPrefix(s[0], "5325") {
			continue
		}
		all++
		for _, n := range u.understand(s[1] + " 医保").names {
			if n.Value == s[2] {
				known++
				break
			}
		}
	}
	if all == 0 || known < all {
		t.Errorf("%d of %d townships are known", known, all)
	}
}

// TestHardlyAQuestionOfOthersNamesATownship: who asks about law or news asks about no town of this prefecture.
func TestHardlyAQuestionOfOthersNamesATownship(t *testing.T) {
	u := of(t, honghe)
	asked, named := 0, map[string]bool{}
	for _, set := range []string{"statutes/questions", "statutes/keywords", "news/queries"} {
		f, err := os.Open(data(t, "retrieval/"+set+".jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for lines := bufio.NewScanner(f); lines.Scan(); asked++ {
			for _, n := range u.places.Load().find(lines.Text()) {
				if text := lines.Text()[n.Start:n.End]; !known(u, text) {
					named[text] = true
				}
			}
		}
	}
	if asked < 1000 || len(named) > asked/1000 {
		t.Errorf("%d questions name %v", asked, named)
	}
}

func known(u *understander, text string) bool {
	_, ok := u.names.Get(text)
	return ok
}

func data(t *testing.T, name string) string {
	t.Helper()
	dir := os.Getenv("TERRACE_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "data")
	}
	path := filepath.Join(dir, name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no %s: set TERRACE_DATA", path)
	}
	return path
}

func rows(t *testing.T, name string) [][]string {
	t.Helper()
	f, err := os.Open(data(t, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func FuzzPlaces(f *testing.F) {
	for _, text := range []string{"老厂镇公积金", "石屏县新城乡低保", "五山乡村", "蔓耗\xff", "红河🙂老厂镇", "雲南紅河縣"} {
		f.Add(text)
	}
	u := of(f, honghe, "蒙自市")
	f.Fuzz(func(t *testing.T, text string) {
		for _, n := range u.understand(text).names {
			if n.Start < 0 || n.End > len(text) || n.Start >= n.End || utf8.ValidString(text) && !utf8.ValidString(text[n.Start:n.End]) {
				t.Errorf("%q: %+v", text, n)
			}
		}
	})
}

func BenchmarkUnderstand(b *testing.B) {
	u := of(b, site.Cluster{Region: []string{"四川省"}})
	for b.Loop() {
		u.understand("成都市安德镇农村低保怎么申请2024年")
	}
}
