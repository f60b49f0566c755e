package lab

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/labcheck/labcheck/checks/declared/strict"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/labs/grade"
)

// WaiversSchema names the format of a waiver file.
const WaiversSchema = "labcheck.waivers/v1"

// maxWaiver is how far ahead a waiver may end, in days: a year, and the day of a leap year. Who still needs it then
// decides again.
const maxWaiver = 366

// dayLike is what could be a day.
var dayLike = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)

// waiverFile is a waiver file as it is written.
type waiverFile struct {
	Schema  string       `yaml:"schema" need:"true"`
	Waivers []waiverItem `yaml:"waivers" need:"true"`
}

type waiverItem struct {
	At      Pos
	Step    string `yaml:"step" need:"true"`
	Account string `yaml:"account" need:"true"`
	Reason  string `yaml:"reason" need:"true"`
	Who     string `yaml:"who" need:"true"`
	// Until is a Value, so that a date can be written with and without quotes.
	Until Value `yaml:"until" need:"true"`
}

// LoadWaivers reads a waiver file, in the order of the file. name stands in messages and places; now decides which
// dates are too far ahead. All that is wrong is told at once, as Problems. A date that is over is no problem: the gate
// says which waivers have ended.
func LoadWaivers(name string, data []byte, now time.Time) ([]grade.Waiver, error) {
	root, err := strict.Parse(name, data, "a list of waivers", WaiversSchema)
	if err != nil {
		return nil, err
	}
	d := &decoder{strict.Decoder{File: name}}
	var f waiverFile
	d.Into(root, reflect.ValueOf(&f).Elem(), "a waiver file")
	d.Schema(root, f.Schema, WaiversSchema)
	d.validateWaivers(root, f.Waivers, now)
	if len(d.Problems) > 0 {
		return nil, d.Problems.Sorted()
	}
	waivers := make([]grade.Waiver, len(f.Waivers))
	for i, w := range f.Waivers {
		waivers[i] = grade.Waiver{
			Step: w.Step, Account: w.Account, Reason: w.Reason, Who: w.Who, Until: w.Until.Text(),
			Position: fmt.Sprintf("%s:%d", name, w.At.Line),
		}
	}
	return waivers, nil
}

// validateWaivers holds the entries to the rules. A key that is missing or of a wrong type is told already.
func (d *decoder) validateWaivers(root *yaml.Node, waivers []waiverItem, now time.Time) {
	type subject struct{ step, account string }
	first := map[subject]int{}
	list := strict.Find(root, "waivers")
	for i, w := range waivers {
		item := list.Content[i]
		for _, text := range []struct{ key, value string }{
			{"step", w.Step}, {"account", w.Account}, {"reason", w.Reason}, {"who", w.Who},
		} {
			if n := strict.Find(item, text.key); n != item && n.Tag == "!!str" && strings.TrimSpace(text.value) == "" {
				d.Wrong(n, "%s is empty; a waiver says what it is for, who decided it and why", text.key)
			}
		}
		if w.Step != "" && !idPattern.MatchString(w.Step) {
			d.Wrong(strict.Find(item, "step"), "the step %q must match %s", facts.NameOf(w.Step), idPattern)
		}
		if w.Account != "" && w.Account != grade.EveryAccount && !facts.IsAccountID(w.Account) {
			d.Wrong(strict.Find(item, "account"), `the account must be 12 digits, or "*" for every account`)
		}
		d.validateUntil(w.Until, now)
		about := subject{w.Step, w.Account}
		switch line, twice := first[about]; {
		case w.Step == "" || w.Account == "":
		case twice:
			d.At(w.At, "this step and account have a waiver already, on line %d; keep one of them", line)
		default:
			first[about] = w.At.Line
		}
	}
}

func (d *decoder) validateUntil(until Value, now time.Time) {
	if until.JSON == nil {
		return
	}
	day, err := time.Parse(time.DateOnly, until.Text())
	latest := now.UTC().AddDate(0, 0, maxWaiver)
	switch {
	case err != nil && dayLike.MatchString(until.Text()):
		d.At(until.At, "until is %q, which no calendar has; it is a day such as %s", until.Text(),
			now.UTC().AddDate(0, 3, 0).Format(time.DateOnly))
	case err != nil:
		d.At(until.At, "until is no day; it is a day such as %s", now.UTC().AddDate(0, 3, 0).Format(time.DateOnly))
	case day.After(latest):
		d.At(until.At, "until is %s; a waiver ends within a year, on %s at the latest", until.Text(),
			latest.Format(time.DateOnly))
	}
}
