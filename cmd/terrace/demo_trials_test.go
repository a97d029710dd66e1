package main

import (
	"bufio"
	"os"
	"os/exec"
	"strings"
	"testing"
)

func TestWhatTheDemoPrintsCanBeTriedAsItStands(t *testing.T) {
	demo := exec.CommandContext(t.Context(), "terrace", "demo", "--pages", "120", "--http", "127.0.0.1:0")
	out, err := demo.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := demo.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	var script []string
	for len(script) < 4 && lines.Scan() {
		if line := lines.Text(); strings.HasPrefix(line, "  ") {
			script = append(script, line)
		}
	}
	if len(script) != 4 {
		t.Fatalf("the demo printed %q", script)
	}
	script = append(script, strings.Replace(script[1], "房产证过户", "gongjijin", 1)) // what is learned of the texts is known by then
	trials := exec.CommandContext(t.Context(), "sh", "-e", "-c", strings.Join(script, "\n"))
	trials.Dir = "../.." // of the source
	got, err := trials.CombinedOutput()
	if err != nil {
		t.Errorf("%s\n%s: %v", strings.Join(script, "\n"), got, err)
	}
	for _, want := range []string{"查询：房产证过户\n", "得分 ", "共 2 个旧网页没有新网址\n", "条查询：nDCG@10 ", "前一条多在：", "公积金（拼音，"} {
		if !strings.Contains(string(got), want) {
			t.Errorf("the commands printed no %q:\n%s", want, got)
		}
	}
	if err := demo.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	for lines.Scan() {
	}
	if err := demo.Wait(); err != nil && demo.ProcessState.ExitCode() != 130 {
		t.Errorf("the demo ended with %v", err)
	}
}
