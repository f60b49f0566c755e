package practice

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/labcheck/labcheck/cmd/internal/failure"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/labs/sandbox"
	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// randomDrill lets the program choose what is broken.
const randomDrill = "random"

// Broken makes the finished account of a lab in which one step is broken, and says what somebody would see of it. nil is the
// first built-in lab. own are services besides those that every practice account has.
func Broken(l *lab.Lab, step string, now time.Time, own ...*wire.Service) (state *sandbox.State, symptom string, err error) {
	if l == nil {
		if l, err = firstLab(); err != nil {
			return nil, "", err
		}
	}
	drills, err := l.Drills()
	if err != nil {
		return nil, "", err
	}
	steps := drills.Steps()
	if len(steps) == 0 {
		return nil, "", failure.Usagef("--break %s: the lab %s has no drills", step, l.ID)
	}
	if step == randomDrill {
		step = steps[rand.IntN(len(steps))]
	}
	drill, ok := drills.Find(step)
	if !ok {
		names := append([]string{randomDrill}, steps...)
		return nil, "", failure.Usagef("--break %s: there is no drill of that name%s\nThe drills are: %s", step,
			lab.DidYouMean(step, names), strings.Join(names, ", "))
	}
	finished, file, err := l.Account(lab.Finished)
	if err != nil {
		return nil, "", failure.OfFile(err)
	}
	broken, err := drill.Break(finished)
	if err == nil {
		state, err = sandbox.Parse(broken, now, own...)
	}
	if err != nil {
		return nil, "", failure.OfFile(fmt.Errorf("%s: %w", file, err))
	}
	return state, drill.Symptom, nil
}
