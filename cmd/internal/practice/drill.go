package practice

import (
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/labcheck/labcheck/cmd/internal/failure"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/labs/sandbox"
)

// randomDrill lets the program choose what is broken.
const randomDrill = "random"

// Broken makes a finished account in which one step is broken, and says what somebody would see of it.
func Broken(step string, now time.Time) (state *sandbox.State, symptom string, err error) {
	drills := sandbox.Drills()
	i := slices.IndexFunc(drills, func(d sandbox.Drill) bool { return d.Step == step })
	switch {
	case step == randomDrill:
		i = rand.IntN(len(drills))
	case i < 0:
		names := []string{randomDrill}
		for _, d := range drills {
			names = append(names, d.Step)
		}
		return nil, "", failure.Usagef("--break %s: there is no drill of that name%s\nThe drills are: %s", step,
			lab.DidYouMean(step, names), strings.Join(names, ", "))
	}
	accounts, err := AccountsOf(nil)
	if err != nil {
		return nil, "", failure.OfFile(err)
	}
	if state, err = accounts.Load(lab.Finished, now); err != nil {
		return nil, "", err
	}
	drills[i].Break(state)
	return state, drills[i].Symptom, nil
}
