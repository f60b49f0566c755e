package cmd

import (
	"bufio"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/reports"
)

// checkPolicy says which actions were refused in a report of this lab.
func (a *app) checkPolicy(plan *lab.Plan, path string) error {
	r, err := readReport(path)
	if err != nil {
		return err
	}
	if r.Lab.ID != plan.Lab.ID {
		return usagef("%s is a report of the lab %s and not of %s", path, clean(r.Lab.ID), plan.Lab.ID)
	}
	refused := refusedActions(r)
	switch {
	case len(refused) > 0:
		a.code = exitNotPassed
	case r.Problem != nil:
		a.code = exitInconclusive
	}
	return a.print(func(w *bufio.Writer) { tellRefused(w, plan, r, refused) })
}

// refusedActions are the actions that a report names as missing, each with the steps that needed it.
func refusedActions(r *reports.Report) map[string][]string {
	refused := map[string][]string{}
	for _, s := range r.Steps {
		if s.MissingAction != "" {
			refused[s.MissingAction] = append(refused[s.MissingAction], s.ID)
		}
	}
	return refused
}

func tellRefused(w *bufio.Writer, plan *lab.Plan, r *reports.Report, refused map[string][]string) {
	declared := plan.Actions()
	fmt.Fprintf(w, "%s, graded %s by %s\n", plan.Lab.ID, r.Started.UTC().Format("2006-01-02 15:04 UTC"), cmp.Or(clean(r.Target.Caller), "an unknown caller"))
	for _, action := range slices.Sorted(maps.Keys(refused)) {
		note := ""
		if !slices.Contains(declared, action) {
			note = " (not in the policy of this version)"
		}
		fmt.Fprintf(w, "  refused  %s%s: %s\n", clean(action), note, clean(strings.Join(refused[action], ", ")))
	}
	switch {
	case len(refused) > 0:
		fmt.Fprintf(w, "Refused: %d of %d actions. What allows them all: labcheck policy %s\n", len(refused), len(declared), plan.Lab.ID)
	case r.Problem != nil:
		fmt.Fprintf(w, "Nothing could be asked (%s), so that the report cannot tell.\n", r.Problem.Reason)
	default:
		fmt.Fprintf(w, "None of the %d actions was refused. One that was not needed was not tried.\n", len(declared))
	}
}
