package lab

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/nearest"
)

const expectFile = "expect.yaml"

// ExpectSchema names the format of what a lab's accounts must show.
const ExpectSchema = "labcheck.expect/v1"

// Expect says what a lab must show on accounts that differ from the finished one in one thing each. What follows from
// the needs of the steps and from the reads of their checks is derived; only the surprising is written.
type Expect struct {
	File   string
	Schema string `yaml:"schema" need:"true"`
	// Calls is how many requests a run on the finished account may take; 0 is not said. Chain is how many of them are
	// made one after the other.
	Calls int `yaml:"calls"`
	Chain int `yaml:"chain"`
	// Waits are steps whose fix ends the waiting where they are unknown because something is not there yet.
	Waits []string `yaml:"waits"`
	// Set are values of --set, as name=value, with which every account is graded again too.
	Set []string `yaml:"set"`
	// Fewer are values of --set, as name=value, with which whatever is tried many times is graded, such as fewer Regions
	// where a lab looks at all of them: spoiled accounts, answers without a part, faults.
	Fewer []string `yaml:"fewer"`
	// Inseparable says of a check why no account fails it alone.
	Inseparable map[string]string `yaml:"inseparable"`
	// Places are beginnings of places by name: $name stands for one in every patch.
	Places map[string]string `yaml:"places"`
	// Base writes out in the finished account what AWS makes by itself, so that it can be spoiled.
	Base Patch `yaml:"base"`
	// Parts are patches that several accounts share, by name.
	Parts map[string]Patch `yaml:"parts"`
	// Accounts are spoiled in one thing each, or are as right as the finished one in another way.
	Accounts []SpoiledAccount `yaml:"accounts"`
	// Deny takes the right to an action from the caller: "$action" is such as "ecr:*". Every service that the lab asks
	// is denied once.
	Deny Patch `yaml:"deny"`
	// Crowd puts something harmless beside all that there is one of. AWS promises no order: each list of the crowded
	// account is turned round once, and nothing changes.
	Crowd Patch `yaml:"crowd"`
	// Pages fill a list so that an answer has more than one page: nothing changes.
	Pages []Page `yaml:"pages"`
	// Answers are about AWS's answers with a part taken away.
	Answers []Answer `yaml:"answers"`
}

// SpoiledAccount is the finished account with a change.
type SpoiledAccount struct {
	At    Pos
	Name  string            `yaml:"name" need:"true"`
	Each  map[string][]JSON `yaml:"each"` // the account once for each value: $name is that value in it
	With  []string          `yaml:"with"` // parts that come first
	Patch Patch             `yaml:"patch"`
	// Changes are the steps that get another verdict: fail, partial 50, unknown access_denied or skipped. The steps
	// that are then blocked are derived; pass says that one of these stands on its own evidence.
	Changes map[string]string `yaml:"changes"`
	// Denied are services whose answers are refused: the steps that ask them are unknown.
	Denied []string `yaml:"denied"`
	// Survives explains an account that is wrong and costs no point.
	Survives Survivor `yaml:"survives"`
}

// Survivor is why no step loses a point for what is wrong. The report says all the same what is wrong.
type Survivor struct {
	Step string `yaml:"step" need:"true"` // whose advice says it
	Says string `yaml:"says" need:"true"` // a part of the advice
	Why  string `yaml:"why" need:"true"`
}

// Page fills a list of the account.
type Page struct {
	At    Pos
	List  string   `yaml:"list" need:"true"`
	Count int      `yaml:"count" need:"true"` // more than AWS's largest page has
	Item  JSON     `yaml:"item" need:"true"`  // the text %03d in it is its number
	With  []string `yaml:"with"`              // parts that make the account; without any it is the finished one
	// Spoil makes the item that is last on the last page a wrong one, which changes these steps.
	Spoil   Patch             `yaml:"spoil"`
	Changes map[string]string `yaml:"changes"`
}

// Answer is about the answers to a question. Each part of them is taken away once, and emptied once: the steps that see
// it are then unknown or still right.
type Answer struct {
	At Pos
	// Operation is what is asked, such as DescribeImages. Asking is a part of the request, which tells the question
	// from others of the operation.
	Operation string `yaml:"operation" need:"true"`
	Asking    string `yaml:"asking"`
	// Steps are those that the parts decide about; all that see the answer if it is left out.
	Steps []string `yaml:"steps"`
	// Decides are single values without which exactly these steps are unknown. A single value of the answer that is not
	// here decides nothing.
	Decides []string `yaml:"decides"`
	// Absent are parts without which the answer is a whole one about another account, with "dropped" or "emptied"
	// behind each: the steps change as Changes says.
	Absent  []string          `yaml:"absent"`
	Changes map[string]string `yaml:"changes"`
}

// Expect reads what the lab must show; nil for a lab that does not say. The error is of type Problems.
func (l *Lab) Expect() (*Expect, error) {
	e := &Expect{}
	d, err := l.decode(expectFile, "an expectation", ExpectSchema, e)
	if err != nil || d == nil {
		return nil, err
	}
	e.File = d.File
	for _, name := range keysOf(e.Parts) {
		d.patch(e.Parts[name], e.Places)
	}
	for _, p := range []Patch{e.Base, e.Deny, e.Crowd} {
		d.patch(p, e.Places)
	}
	d.accounts(l, e)
	for i := range e.Pages {
		p := &e.Pages[i]
		d.patch(p.Spoil, e.Places)
		d.place(p.At, &p.List, e.Places)
		d.parts(p.At, p.With, e.Parts)
		p.Changes = d.changes(l, p.At, p.Changes)
	}
	for i := range e.Answers {
		a := &e.Answers[i]
		for _, step := range a.Steps {
			d.step(l, a.At, step)
		}
		if len(a.Absent) > 0 && len(a.Changes) == 0 {
			d.At(a.At, "the absence of %s changes something: add the key \"changes\"", a.Absent[0])
		}
		a.Changes = d.changes(l, a.At, a.Changes)
	}
	for _, step := range e.Waits {
		d.step(l, Pos{Line: 1, Column: 1}, step)
	}
	for _, check := range keysOf(e.Inseparable) {
		if !slices.ContainsFunc(l.Steps, func(s Step) bool { return s.Check == check }) {
			d.At(Pos{Line: 1, Column: 1}, "no step of the lab %s uses the check %q", l.ID, check)
		}
	}
	if len(d.Problems) > 0 {
		return nil, d.Problems.Sorted()
	}
	return e, nil
}

// accounts holds the spoiled accounts to the rules, and unfolds those that are there once for each of some values.
func (d *decoder) accounts(l *Lab, e *Expect) {
	var unfolded []SpoiledAccount
	seen := map[string]bool{}
	for _, folded := range e.Accounts {
		d.patch(folded.Patch, e.Places)
		folded.Changes = d.changes(l, folded.At, folded.Changes)
		if s := folded.Survives; s.Step != "" {
			d.step(l, folded.At, s.Step)
			if len(folded.Changes) > 0 {
				d.At(folded.At, "an account that changes a step does not survive")
			}
		}
		for _, a := range d.unfold(folded) {
			if seen[a.Name] && a.Name != "" {
				d.At(a.At, "two accounts are named %q", a.Name)
			}
			seen[a.Name] = true
			d.parts(a.At, a.With, e.Parts)
			unfolded = append(unfolded, a)
		}
	}
	e.Accounts = unfolded
}

// unfold makes an account of each value.
func (d *decoder) unfold(folded SpoiledAccount) []SpoiledAccount {
	if len(folded.Each) == 0 {
		return []SpoiledAccount{folded}
	}
	if len(folded.Each) > 1 {
		d.At(folded.At, "each has one name; there is more than one in %s", strings.Join(keysOf(folded.Each), ", "))
	}
	name := keysOf(folded.Each)[0]
	var list []SpoiledAccount
	for _, value := range folded.Each[name] {
		stands, text := "$"+name, Value{JSON: value.Raw}.Text()
		a := folded
		a.Name = strings.ReplaceAll(folded.Name, stands, text)
		a.With = slices.Clone(folded.With)
		for i := range a.With {
			a.With[i] = strings.ReplaceAll(a.With[i], stands, text)
		}
		a.Patch = slices.Clone(folded.Patch)
		for i := range a.Patch {
			o := &a.Patch[i]
			o.Value.Raw = bytes.ReplaceAll(o.Value.Raw, []byte(`"`+stands+`"`), value.Raw)
			if value.Raw[0] == '"' { // a text can be a part of another
				o.Value.Raw = bytes.ReplaceAll(o.Value.Raw, []byte(stands), value.Raw[1:len(value.Raw)-1])
			}
			o.Path = strings.ReplaceAll(o.Path, stands, text)
			o.New = strings.ReplaceAll(o.New, stands, text)
		}
		list = append(list, a)
	}
	return list
}

// parts refuses names of parts that there are not.
func (d *decoder) parts(at Pos, names []string, parts map[string]Patch) {
	for _, name := range names {
		if _, ok := parts[name]; !ok {
			d.At(at, "there is no part %q%s", name, nearest.DidYouMean(name, keysOf(parts)))
		}
	}
}

// changes holds changes of verdicts to the rules, and derives what follows from the needs.
func (d *decoder) changes(l *Lab, at Pos, written map[string]string) map[string]string {
	for _, step := range keysOf(written) {
		d.step(l, at, step)
		if !isVerdict(written[step]) {
			d.At(at, "%s: %q is no verdict; write fail, partial 50, unknown access_denied, skipped or, for a step that "+
				"would else be blocked, pass", step, written[step])
		}
	}
	return l.Follow(written)
}

// isVerdict says whether a text is a verdict with what goes with it. What is blocked follows from the needs.
func isVerdict(text string) bool {
	verdict, more, _ := strings.Cut(text, " ")
	switch verdict {
	case checks.Fail.String(), checks.Pass.String(), checks.Skipped.String():
		return more == ""
	case checks.Partial.String():
		share, err := strconv.Atoi(more)
		return err == nil && share > 0 && share < 100
	case checks.Unknown.String():
		return slices.Contains(facts.Reasons(), facts.Reason(more))
	}
	return false
}

// Follow adds to changes of verdicts the steps that are blocked then: all that need a failed one, but for those that
// pass.
func (l *Lab) Follow(changes map[string]string) map[string]string {
	all, causes := map[string]string{}, map[string][]string{}
	var follow func(s Step)
	follow = func(s Step) {
		if _, done := all[s.ID]; done {
			return
		}
		verdict := changes[s.ID]
		all[s.ID] = verdict
		switch {
		case verdict == checks.Fail.String():
			causes[s.ID] = []string{s.ID}
		case verdict == "":
			var by []string
			for _, need := range s.Needs {
				if i := l.position(need); i >= 0 {
					follow(l.Steps[i])
				}
				by = append(by, causes[need]...)
			}
			slices.Sort(by)
			if by = slices.Compact(by); len(by) > 0 {
				causes[s.ID] = by
				all[s.ID] = "blocked by " + strings.Join(by, " ")
			}
		}
	}
	for _, s := range l.Steps {
		follow(s)
	}
	for step, verdict := range all {
		if verdict == "" || verdict == checks.Pass.String() {
			delete(all, step)
		}
	}
	return all
}

// Make makes the account out of the finished one.
func (e *Expect) Make(finished []byte, parts []string, patch Patch) ([]byte, error) {
	all := slices.Clone(e.Base)
	for _, name := range parts {
		all = append(all, e.Parts[name]...)
	}
	return append(all, patch...).Apply(finished)
}

// Denying is the patch that takes the right to an action from the caller.
func (e *Expect) Denying(action string) (Patch, error) {
	text, err := json.Marshal(action)
	if err != nil {
		return nil, err
	}
	patch := slices.Clone(e.Deny)
	for i := range patch {
		patch[i].Value.Raw = bytes.ReplaceAll(patch[i].Value.Raw, []byte(`"$action"`), text)
	}
	return patch, nil
}

// Fill puts the page's items before those that are in the list, or after them.
func (p Page) Fill(account []byte, before bool) ([]byte, error) {
	there, _ := valueAt(account, p.List)
	list, _ := there.([]any) // nil if there is none yet
	items := make([]any, p.Count)
	for i := range items {
		items[i] = json.RawMessage(bytes.ReplaceAll(p.Item.Raw, []byte("%03d"), fmt.Appendf(nil, "%03d", i)))
	}
	if before {
		list = append(items, list...)
	} else {
		list = append(list, items...)
	}
	value, err := json.Marshal(list)
	if err != nil {
		return nil, err
	}
	return Patch{{At: p.At, Op: "add", Path: p.List, Value: JSON{Raw: value}}}.Apply(account)
}
