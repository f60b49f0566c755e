package cmd

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/cmd/internal/tutor"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/table"
	"github.com/labcheck/labcheck/reports/terminal"
)

// nextFlags are the flags of labcheck next as they were typed.
type nextFlags struct {
	looks      lookFlags
	source     sourceFlags
	hint, show bool
}

func (a *app) nextCommand() *cobra.Command {
	var flags nextFlags
	c := &cobra.Command{
		Use:   "next [LAB]",
		Short: "Show the one step to do next, with a hint",
		Long: `Show the one step to do next: what is asked, why, and the first hint. --hint
shows one hint more each time that it is given, --show shows the command. Which
hints you took is remembered in the state folder of your system. Without a LAB
it is the one that was asked for last.`,
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: a.completeLabs,
		RunE: func(c *cobra.Command, args []string) error {
			memory := tutor.Recall(a.env.Files, a.env.getenv, runtime.GOOS)
			if len(args) == 0 {
				last, err := a.lastLab(c, memory)
				if err != nil {
					return err
				}
				args = last
			}
			o, err := flags.looks.complete(a, c, args, &flags.source)
			if err != nil {
				return err
			}
			return a.next(c.Context(), o, memory, flags.hint, flags.show)
		},
	}
	f := c.Flags()
	f.BoolVar(&flags.hint, "hint", false, "show one hint more")
	f.BoolVar(&flags.show, "show", false, "show the command")
	flags.source.registerSandbox(f)
	flags.looks.register(f)
	flags.source.registerRest(f)
	f.SortFlags = false
	return c
}

// lastLab is the lab that was asked for last, as the arguments of a command; the first one that there is, where none
// was or it is gone.
func (a *app) lastLab(c *cobra.Command, memory *tutor.Memory) ([]string, error) {
	if name := memory.Lab(); name != "" {
		if _, err := a.loadLab(c, name); err == nil {
			return []string{name}, nil
		}
	}
	return a.firstLab(c)
}

// next grades a lab and shows the one step to do next.
func (a *app) next(ctx context.Context, o *lookOptions, memory *tutor.Memory, hint, show bool) error {
	ctx, cancel := context.WithTimeoutCause(ctx, o.source.timeout, facts.ErrRunTimeout)
	defer cancel()
	s, err := a.connect(ctx, o.plan, o.source, o.target, alone())
	if err != nil {
		return err
	}
	full := s.Run(o.plan)
	a.code = codeOf(full)
	r := reports.Redact(full, false)
	step, ok := r.NextStep()
	if r.Problem != nil || !ok {
		return a.deliver(r, []output{{format: table.Format}}, o.render)
	}
	if hint {
		memory.Take(r.Lab.ID, step.ID, len(step.Hints))
	}
	task := tutor.Task{Report: r, Step: *step, Hints: memory.Rungs(r.Lab.ID, step.ID, len(step.Hints)), Fix: show}
	if err := a.Print(func(w *bufio.Writer) { fmt.Fprint(w, nextPage(task, o)) }); err != nil {
		return err
	}
	if !hint && memory.Lab() == o.name {
		return nil
	}
	if err := memory.Keep(o.name); err != nil && hint {
		a.Tell("note: " + err.Error())
	} else if hint {
		a.Tell("Which hints you took is remembered in " + memory.Path() + ".")
	}
	return nil
}

// nextPage is what is shown of a task on a terminal.
func nextPage(t tutor.Task, look *lookOptions) string {
	const least = 40
	o := look.render
	p := terminal.New(terminal.Options{Width: o.Width, Color: o.Color, ASCII: o.ASCII, Shell: o.Shell}, least)
	for _, n := range t.Report.Notices() {
		p.Paragraph(p.Paint(terminal.Yellow, n.Label)+"  ", n.Text)
	}
	p.Paragraph("", t.Report.Lab.Title+": "+tutor.Points(t.Report))
	if left := t.Report.NotCountedText(); left != "" {
		p.Paragraph("", left)
	}
	p.Line("")
	t.Write(p, o)
	p.Line("")
	next := cmp.Or(look.again, o.Command+" next "+t.Report.Lab.ID)
	if more := len(t.Step.Hints) - t.Hints; more > 0 {
		p.Paragraph("", checks.Count(more, "more hint")+":")
		p.Command("  ", next+" --hint")
	}
	if !t.Fix {
		p.Line("The command:")
		p.Command("  ", next+" --show")
	}
	if practise, ok := t.Report.PractiseCommand(o); ok {
		p.Paragraph("", "This account ends with the run. To work on it:")
		p.Command("  ", practise)
	} else {
		p.Line("When it is done:")
		p.Command("  ", next)
	}
	return p.String()
}
