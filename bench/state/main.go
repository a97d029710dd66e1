// Command state measures the archive with many known pages: what the crawl, the ledger and the index's sync wait for, how large the files are, and how
// long they take to open after kill -9. It makes archives of several sizes, so that growth shows, needs Linux, prints a table of Markdown, and is run from
// the top of the source.
package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"terrace/bench/measure"
)

func main() {
	log.SetFlags(0)
	sizes := flag.String("pages", "10000,100000,1000000", "known pages of each archive, parted by commas")
	sites := flag.Int("sites", 130, "sites")
	keep := flag.String("keep", "", "folder to keep the archives in, and to take them from where they are there")
	fillIn := flag.String("fill", "", "fill the archive in a folder, say so, and write until killed")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *sizes, *sites, *keep, *fillIn); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, sizes string, sites int, dir, fillIn string) error {
	if fillIn != "" {
		pages, err := strconv.Atoi(sizes)
		if err != nil {
			return err
		}
		return fillAndWrite(ctx, fillIn, cluster{sites, pages})
	}
	if dir == "" {
		temp, err := os.MkdirTemp("", "terrace-state-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(temp)
		dir = temp
	}
	var columns []column
	for _, size := range strings.Split(sizes, ",") {
		pages, err := strconv.Atoi(size)
		if err != nil {
			return fmt.Errorf("-pages: %w", err)
		}
		c, err := measured(ctx, filepath.Join(dir, size), cluster{sites, pages})
		if err != nil {
			return fmt.Errorf("%d pages: %w", pages, err)
		}
		columns = append(columns, c)
	}
	show(columns)
	return nil
}

// measured fills an archive in a process of its own, kills that while it writes, and measures what it left.
func measured(ctx context.Context, dir string, c cluster) (column, error) {
	if _, err := os.Stat(filepath.Join(dir, "state.db")); err != nil {
		if err := killed(ctx, dir, c); err != nil {
			return column{}, err
		}
	}
	return measureAll(ctx, dir, c)
}

func killed(ctx context.Context, dir string, c cluster) error {
	own, err := os.Executable()
	if err != nil {
		return err
	}
	child := exec.CommandContext(ctx, own, "-fill", dir, "-pages", strconv.Itoa(c.pages), "-sites", strconv.Itoa(c.sites))
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		return err
	}
	began := time.Now()
	if err := child.Start(); err != nil {
		return err
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() && lines.Text() != filled {
	}
	log.Printf("%d pages filled in %v, %d MB of anonymous memory", c.pages, time.Since(began).Round(time.Second), measure.Memory(child.Process.Pid)>>20)
	time.Sleep(2 * time.Second) // it writes
	child.Process.Kill()
	child.Wait()
	return lines.Err()
}

// A column is what was measured of one archive.
type column struct {
	pages int
	rows  []figure
}

type figure struct{ name, value string }

func show(columns []column) {
	head, line := "| median of several, ms (CPU) |", "|---|"
	for _, c := range columns {
		head, line = head+fmt.Sprintf(" %d pages |", c.pages), line+"---|"
	}
	fmt.Println(head + "\n" + line)
	for i, row := range columns[0].rows {
		out := "| " + row.name + " |"
		for _, c := range columns {
			out += " " + c.rows[i].value + " |"
		}
		fmt.Println(out)
	}
}
