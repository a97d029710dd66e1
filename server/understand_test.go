package server

import (
	"math"
	"strings"
	"testing"
)

func TestOnlyAnAdministratorIsToldWhy(t *testing.T) {
	tn := build(t, nil)
	if got := tn.get("/api/v1/search", "q", "公积金", "explain", "true"); got.code != 401 {
		t.Fatalf("without a token: %d %s", got.code, got.body)
	}
	got := tn.do("GET", "/api/v1/search?q=%E5%85%AC%E7%A7%AF%E9%87%91%E6%80%8E%E4%B9%88%E5%8A%9E%E7%90%86&explain=true", "", "Authorization", "Bearer "+token)
	if got.code != 200 {
		t.Fatalf("with the token: %d %s", got.code, got.body)
	}
	r := got.json()
	if !strings.Contains(got.body, `"kind":"intent"`) || !strings.Contains(got.body, "公积金") {
		t.Errorf("the plan is %v", r["plan"])
	}
	hits := r["hits"].([]any)
	for _, h := range hits {
		hit := h.(map[string]any)
		sum := 0.0
		for _, p := range hit["parts"].([]any) {
			sum += p.(map[string]any)["value"].(float64)
		}
		if score := hit["score"].(float64); score <= 0 || math.Abs(sum-score) > 1e-4*score {
			t.Errorf("parts %v add up to %v, the score is %v", hit["parts"], sum, score)
		}
	}
	if len(hits) == 0 {
		t.Error("nothing found")
	}
}

func TestATimeInTheWordsIsAChip(t *testing.T) {
	tn := build(t, nil)
	with := tn.get("/", "q", "2024年公积金")
	if !strings.Contains(with.body, "时间：2024年（2024 年）") {
		t.Error("no chip for the year")
	}
	if !strings.Contains(with.body, "dates=words") {
		t.Error("the chip does not lead to a search of the words alone")
	}
	if without := tn.get("/", "q", "2024年公积金", "dates", "words"); strings.Contains(without.body, "时间：") {
		t.Error("the chip stays when it is taken off")
	}
	if got := tn.get("/api/v1/search", "q", "2024年公积金").json(); got["days"].(map[string]any)["from"] != "2024-01-01" {
		t.Errorf("days are %v", got["days"])
	}
}

func TestCompletionsAreOfWhatIsThere(t *testing.T) {
	tn := build(t, nil)
	for typed, want := range map[string]string{"住房公": "住房公积金提取办事指南", "zhufang": "住房公积金提取办事指南", "zfgjjtq": "住房公积金提取办事指南", "ゐゑ": "", "": ""} {
		got := tn.get("/api/v1/suggest", "q", typed)
		if got.code != 200 || !strings.Contains(got.body, want) || want == "" && got.body != `{"suggestions":[]}` {
			t.Errorf("%q: %d %s", typed, got.code, got.body)
		}
	}
	if got := tn.get("/api/v1/suggest", "q", strings.Repeat("公", 201)); got.code != 400 || !strings.Contains(got.body, "200") {
		t.Errorf("a long text: %d %s", got.code, got.body)
	}
	if got := tn.get("/api/v1/suggest", "q", "公", "limit", "21"); got.code != 400 {
		t.Errorf("too many: %d %s", got.code, got.body)
	}
}
