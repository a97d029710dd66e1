package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"terrace/lexicon/audit"
)

func newDictCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "dict",
		Short:   "检查、试用、启用用户词表和同义词表",
		Example: "  terrace dict check 用户词.txt\n  terrace dict try\n  terrace dict activate",
		Args:    knownCommand,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newDictCheckCommand(), newDictTryCommand(), newDictActivateCommand())
	return cmd
}

func newDictCheckCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "check 文件",
		Short: "在使用之前检查一份用户词表或同义词表：哪些行有错，哪些会损害搜索，哪些不起作用",
		Long: `检查一份用户词表（一行一个词）或同义词表（一行一条「甲 -> 乙 0.8」或「甲 <-> 乙」），是哪一种由内容认出。不需要索引，也不改动任何东西。
有配置文件时，部门和地区的名称一并用来检查。
错误：文件不能用；危险：会损害搜索；无用：不起作用；提示：看一看即可。
退出状态：0 没有错误和危险；1 有。`,
		Example: "  terrace dict check 用户词.txt\n  terrace dict check --config /etc/terrace/terrace.yaml 同义词.txt",
		Args:    arguments(1, 1, "文件名"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return checkDict(cmd, args[0], asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "结果写成 JSON")
	return cmd
}

func checkDict(cmd *cobra.Command, file string, asJSON bool) error {
	c, err := configuredIfAny(cmd)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("读不了 %s：%w", file, err)
	}
	look := audit.File
	switch absolute, _ := filepath.Abs(file); {
	case c == nil:
	case absolute == c.Dictionary.UserWords.File:
		look = audit.Words
	case absolute == c.Dictionary.Synonyms.File:
		look = audit.Synonyms
	}
	report, err := look(cmd.Context(), text, audit.Options{Names: dictNames(c)})
	if err != nil {
		return fmt.Errorf("没有检查完：%w", err)
	}
	write := writeDictReport
	if asJSON {
		write = writeDictJSON
	}
	if err := write(cmd.OutOrStdout(), file, &report); err != nil {
		return fmt.Errorf("写不出结果：%w", err)
	}
	if report.Bad() {
		return fmt.Errorf("%s 先不要用：有 %d 处错误、%d 处危险", file, report.Found[audit.Error], report.Found[audit.Danger])
	}
	return nil
}

// configuredIfAny loads the configuration; nil where none is named and there is none in its usual place.
func configuredIfAny(cmd *cobra.Command) (*Config, error) {
	path, err := cmd.Flags().GetString("config")
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) && !cmd.Flags().Changed("config") {
		return nil, nil
	}
	return LoadConfig(path)
}

// dictNames are the names of a configuration's departments and places.
func dictNames(c *Config) (out []audit.Name) {
	if c == nil {
		return nil
	}
	add := func(what string, all []NamedConfig) {
		for _, n := range all {
			for _, text := range n.all() {
				out = append(out, audit.Name{Text: text, What: what, ID: n.ID})
			}
		}
	}
	add("部门", c.Departments)
	add("地区", c.Places)
	return out
}

func writeDictJSON(w io.Writer, _ string, r *audit.Report) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(r)
}

func writeDictReport(w io.Writer, file string, r *audit.Report) error {
	name, unit := listWords(r.Kind)
	last := map[string]int{}
	for i, f := range r.Findings {
		last[f.Rule] = i
	}
	for i, f := range r.Findings {
		writeFinding(w, f, "整个文件")
		if more := r.More[f.Rule]; more > 0 && last[f.Rule] == i {
			fmt.Fprintf(w, "  这一类还有 %d 处，没有列出。\n", more)
		}
	}
	_, err := fmt.Fprintf(w, "%s（%s）：%d 行，%d %s；错误 %d，危险 %d，无用 %d，提示 %d。\n", file, name, r.Lines, r.Entries, unit,
		r.Found[audit.Error], r.Found[audit.Danger], r.Found[audit.Useless], r.Found[audit.Note])
	return err
}

// listWords are what a list of a kind and its entries are called.
func listWords(kind audit.Kind) (name, unit string) {
	if kind == audit.SynonymLines {
		return synonymsName, "组"
	}
	return userWordsName, "个词"
}

// writeFinding writes what is wrong with a line, or with whole.
func writeFinding(w io.Writer, f audit.Finding, whole string) {
	where := whole
	if f.Line > 0 {
		where = fmt.Sprintf("第 %d 行 %s", f.Line, f.Word)
	}
	fmt.Fprintf(w, "%s：%s\n  %s。%s。\n", f.Severity, where, f.Reason, f.Advice)
}
