package cmd

import (
	"bufio"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/labcheck/labcheck/cmd/internal/console"
	"github.com/labcheck/labcheck/cmd/internal/failure"
)

// devWatchPause is how long dev watch waits between two looks at the files.
const devWatchPause = 300 * time.Millisecond

func (a *app) devWatchCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "watch PATH...",
		Short: "Prove checks and labs again as their files change",
		Long: `Prove what "dev check" proves, and again whenever a file of it changes, until
Ctrl-C. A file that is still being written is waited for, and so is one, or a
folder, that is gone for a moment.`,
		Example: `  labcheck dev watch labs/my-lab`,
		Args:    cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return failure.Usagef("name a check, a lab or a folder, such as: %s dev watch my-check.yaml", a.env.Program)
			}
			return a.devWatch(c.Context(), c, args)
		},
	}
}

// devWatch proves files as they change. It looks at their sizes and times a few times a second: a lab is a few files,
// and that works on every system, on network drives and in containers, where the system tells of no changes, and
// whatever an editor does to save: rename, truncate, remove.
func (a *app) devWatch(ctx context.Context, c *cobra.Command, args []string) error {
	proven, before := "", ""
	for {
		now := stateOf(args)
		if now == before && now != proven { // nothing is being written
			proven = now
			a.proveOnce(c, args)
		}
		before = now
		if !wait(ctx, devWatchPause) {
			a.code = exitInterrupted
			return nil
		}
	}
}

// proveOnce proves the files as dev check does, and says when.
func (a *app) proveOnce(c *cobra.Command, args []string) {
	err := a.Print(func(w *bufio.Writer) {
		fmt.Fprintf(w, "%s  %s\n", a.env.Now().Format(time.TimeOnly), console.Clean(strings.Join(args, " ")))
	})
	p := &proving{app: a, command: c}
	for _, path := range args {
		if err == nil {
			err = p.path(path)
		}
	}
	if err == nil {
		err = p.tell()
	}
	if err != nil { // such as a file that is gone: it may come back
		a.Tell("labcheck: " + err.Error())
	}
	a.Tell("Waiting for a change. Ctrl-C ends it.")
}

// stateOf is what the files look like from outside: it changes whenever one of them does.
func stateOf(args []string) string {
	var b strings.Builder
	seen := 0
	for _, path := range args {
		err := filepath.WalkDir(path, func(at string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				fmt.Fprintf(&b, "%s %v\n", at, err)
				return nil
			case at != path && strings.HasPrefix(d.Name(), ".") && d.IsDir():
				return filepath.SkipDir
			case d.IsDir():
				return nil
			}
			info, err := os.Stat(at) // what a link leads to
			if err != nil {
				fmt.Fprintf(&b, "%s %v\n", at, err)
				return nil
			}
			fmt.Fprintf(&b, "%s %d %d\n", at, info.Size(), info.ModTime().UnixNano())
			if seen++; seen > 4*maxProven {
				return filepath.SkipAll
			}
			return nil
		})
		if err != nil {
			fmt.Fprintf(&b, "%s %v\n", path, err)
		}
	}
	return b.String()
}
