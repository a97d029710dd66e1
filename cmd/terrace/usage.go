package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// usage is cobra's own template in Chinese.
const usage = `用法：
  {{if .Runnable}}{{.UseLine}}{{else}}{{.CommandPath}} 命令{{end}}{{if .HasExample}}

例子：
{{.Example}}{{end}}{{if .HasAvailableSubCommands}}

命令：{{range .Commands}}{{if .IsAvailableCommand}}
  {{rpad .Name .NamePadding}} {{.Short}}{{end}}{{end}}{{end}}{{if .HasAvailableLocalFlags}}

选项：
{{.LocalFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}{{if .HasAvailableInheritedFlags}}

通用选项：
{{.InheritedFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}{{if .HasAvailableSubCommands}}

用 {{.CommandPath}} 命令 --help 看一个命令的用法。{{end}}
`

// inChinese makes a command and those below it speak Chinese.
func inChinese(root *cobra.Command) {
	root.SetUsageTemplate(usage)
	root.PersistentFlags().BoolP("help", "h", false, "显示用法")
	root.CompletionOptions.HiddenDefaultCmd = true
	root.InitDefaultHelpCmd()
	tidyUsage(root)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return fmt.Errorf("%s（用 %s --help 看用法）", flagMistake(err), cmd.CommandPath())
	})
}

func tidyUsage(c *cobra.Command) {
	c.DisableFlagsInUseLine = true
	c.Hidden = c.Hidden || c.Name() == "help"
	for _, below := range c.Commands() {
		tidyUsage(below)
	}
}

func flagMistake(err error) string {
	var unknown *pflag.NotExistError
	var bare *pflag.ValueRequiredError
	var invalid *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown):
		return "没有 " + dashed(unknown.GetSpecifiedName()) + " 这个选项"
	case errors.As(err, &bare):
		return "选项 --" + bare.GetFlag().Name + " 后面缺少值"
	case errors.As(err, &invalid):
		return fmt.Sprintf("选项 --%s 的值 %q 不对", invalid.GetFlag().Name, invalid.GetValue())
	}
	return "选项写错了：" + err.Error()
}

func dashed(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}

// arguments demands that a command is given at least and at most so many arguments. what says what they are.
func arguments(least, most int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) < least:
			return fmt.Errorf("缺少%s（用 %s --help 看用法）", what, cmd.CommandPath())
		case len(args) > most:
			return fmt.Errorf("多了 %q（用 %s --help 看用法）", args[most], cmd.CommandPath())
		}
		return nil
	}
}

// knownCommand refuses words that are no command.
func knownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, c := range cmd.Commands() {
		names = append(names, c.Name())
	}
	hint := "用 " + cmd.CommandPath() + " --help 看有哪些命令"
	if near := nearest(args[0], names); near != "" {
		hint = "是否想写 " + near + "？"
	}
	return fmt.Errorf("没有 %q 这个命令，%s", args[0], hint)
}
