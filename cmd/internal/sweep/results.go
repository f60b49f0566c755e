package sweep

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/cmd/internal/files"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/labs/paths"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/jsonv1"
	"github.com/labcheck/labcheck/reports/markdown"
)

// Job is one lab to be graded in one account.
type Job struct {
	Account *Account
	Plan    *lab.Plan
	// name is that of its file, without an ending.
	name string
}

// digits is how many hex digits of a plan's hash are in the name of a file.
const digits = 12

// newJob names the file after what decides the result: the plan, the Region and the user.
func newJob(a *Account, plan *lab.Plan) Job {
	asked, err := json.Marshal([]any{plan.SHA256, a.Region, a.IAMUser})
	if err != nil {
		panic(err) // texts are always written
	}
	sum := sha256.Sum256(asked)
	return Job{a, plan, plan.Lab.ID + "." + hex.EncodeToString(sum[:])[:digits]}
}

// Failure is the file of an account that could not be read.
type Failure struct {
	Schema  string       `json:"schema"` // labcheck.failure/v1
	Lab     string       `json:"lab"`
	Account string       `json:"account"`
	Reason  facts.Reason `json:"reason"`
	Detail  string       `json:"detail"`
	Attempt int          `json:"attempt"` // how often it was tried in vain, from 1
	At      time.Time    `json:"at"`
}

const (
	failureSchema = "labcheck.failure/v1"
	failedEnding  = ".failed.json"
	resultEnding  = ".md"
	historyFolder = "history"
	maxFile       = 64 << 20
)

// State is what became of a job.
type State string

// The states of a job.
const (
	Done    State = "done"
	Failed  State = "failed"
	Missing State = "missing"
)

// Results is the folder of what was read.
type Results struct {
	system files.System
	root   *os.Root
	path   string
}

// OpenResults opens a folder that a person named, and makes it where it is missing. The caller closes it.
func OpenResults(system files.System, path string) (*Results, error) {
	root, err := paths.MakeFolder(path, 0o755)
	if err != nil {
		return nil, files.WriteProblem(path, err)
	}
	return &Results{system, root, path}, nil
}

// Close closes it.
func (r *Results) Close() error { return r.root.Close() }

// State says what became of a job. A file that a machine did not copy whole is missing.
func (r *Results) State(j Job) (State, *Failure) {
	if r.whole(j) {
		return Done, nil
	}
	data, err := paths.ReadIn(paths.Files(r.root), j.Account.ID+"/"+j.name+failedEnding, maxFile)
	var f Failure
	if err == nil && json.Unmarshal(data, &f) == nil && f.Schema == failureSchema {
		return Failed, &f
	}
	return Missing, nil
}

// end is how a whole report ends.
const end = "-->\n"

func (r *Results) whole(j Job) bool {
	file, err := r.root.Open(filepath.Join(j.Account.ID, j.name+resultEnding))
	if err != nil {
		return false
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() || info.Size() < int64(len(end)) {
		return false
	}
	last := make([]byte, len(end))
	_, err = file.ReadAt(last, info.Size()-int64(len(end)))
	return err == nil && string(last) == end
}

// Read reads the report of a job that is done.
func (r *Results) Read(j Job) (*reports.Report, error) {
	data, err := paths.ReadIn(paths.Files(r.root), j.Account.ID+"/"+j.name+resultEnding, maxFile)
	if err != nil {
		return nil, err
	}
	report, _, err := markdown.ReadEither(data)
	return report, err
}

// Keep writes the report of a job. One that says something else than the one before it leaves that in the history.
func (r *Results) Keep(j Job, report *reports.Report) error {
	if old, err := r.Read(j); err == nil && !alike(old, report) {
		if err := r.remember(j, old); err != nil {
			return err
		}
	}
	err := r.write(j.Account.ID, j.name+resultEnding, func(w io.Writer) error {
		return markdown.Format.Render(w, report, reports.Options{})
	})
	if err != nil {
		return err
	}
	return r.forget(j.Account.ID, j.name+failedEnding)
}

// Fail writes why an account could not be read. A report of it that is there stays, but for a refresh it is old.
func (r *Results) Fail(j Job, reason facts.Reason, detail string, at time.Time) error {
	attempt := 1
	if _, before := r.State(j); before != nil {
		attempt = before.Attempt + 1
	}
	f := Failure{failureSchema, j.Plan.Lab.ID, j.Account.ID, reason, detail, attempt, at.UTC()}
	return r.write(j.Account.ID, j.name+failedEnding, func(w io.Writer) error { return jsonv1.Write(w, f) })
}

func (r *Results) write(folder, name string, write func(io.Writer) error) (err error) {
	f, err := files.MakeFolderIn(r.system, r.root, folder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return f.Write(name, write)
}

func (r *Results) forget(folder, name string) error {
	if err := r.root.Remove(filepath.Join(folder, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return files.WriteProblem(filepath.Join(r.path, folder, name), err)
	}
	return nil
}

// remember keeps an old report beside the new one. It is a copy first: were it moved, a machine that stops here would
// have lost it.
func (r *Results) remember(j Job, old *reports.Report) error {
	data, err := paths.ReadIn(paths.Files(r.root), j.Account.ID+"/"+j.name+resultEnding, maxFile)
	if err != nil {
		return files.ReadProblem(filepath.Join(r.path, j.Account.ID, j.name+resultEnding), err)
	}
	name := j.name + "." + old.Started.UTC().Format("20060102T150405Z") + resultEnding
	return r.write(j.Account.ID+"/"+historyFolder, name, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// alike says whether two reports say the same, whenever they were made.
func alike(a, b *reports.Report) bool {
	return bytes.Equal(said(a), said(b))
}

// said is what a report says of the account, without times and ids of requests.
func said(r *reports.Report) []byte {
	var steps []any
	for _, s := range r.Steps {
		steps = append(steps, []any{s.ID, s.Verdict, s.Share, s.Earned, s.Points, s.Reason})
	}
	data, err := json.Marshal(steps)
	if err != nil {
		panic(err)
	}
	return data
}

// old says whether the report of a job was made before this moment.
func (r *Results) old(j Job, before time.Time) bool {
	report, err := r.Read(j)
	return err != nil || report.Started.Before(before)
}

// Status is what became of every job.
type Status struct {
	Schema string      `json:"schema"` // labcheck.sweep/v1
	Done   int         `json:"done"`
	Failed int         `json:"failed"`
	Missed int         `json:"missing"`
	Jobs   []JobStatus `json:"jobs"`
	// Problems are the rows that lead to no account.
	Problems []Problem `json:"problems"`
}

// JobStatus is what became of one.
type JobStatus struct {
	Lab      string    `json:"lab"`
	Account  string    `json:"account"`
	Students []string  `json:"students"`
	State    State     `json:"state"`
	File     string    `json:"file,omitempty"`
	Reason   string    `json:"reason,omitempty"`
	Detail   string    `json:"detail,omitempty"`
	Attempt  int       `json:"attempt,omitempty"`
	At       time.Time `json:"at,omitzero"`
}

// Complete says whether nothing is missing.
func (s *Status) Complete() bool { return s.Failed == 0 && s.Missed == 0 && len(s.Problems) == 0 }

// Status looks at every job, in the order of the accounts' numbers.
func (r *Results) Status(jobs []Job, problems []Problem) *Status {
	s := &Status{Schema: "labcheck.sweep/v1", Jobs: []JobStatus{}, Problems: append([]Problem{}, problems...)}
	for _, j := range jobs {
		state, failure := r.State(j)
		row := JobStatus{Lab: j.Plan.Lab.ID, Account: j.Account.ID, Students: j.Account.Students, State: state}
		switch state {
		case Done:
			s.Done++
			row.File = j.Account.ID + "/" + j.name + resultEnding
		case Failed:
			s.Failed++
			row.Reason, row.Detail, row.Attempt, row.At = string(failure.Reason), failure.Detail, failure.Attempt, failure.At
		case Missing:
			s.Missed++
		}
		s.Jobs = append(s.Jobs, row)
	}
	slices.SortStableFunc(s.Jobs, func(a, b JobStatus) int {
		return strings.Compare(a.Account+a.Lab, b.Account+b.Lab)
	})
	return s
}

// Text is a line about a job that is not done.
func (j JobStatus) Text() string {
	who := strings.Join(j.Students, ", ")
	if j.State == Missing {
		return fmt.Sprintf("%s (%s): not read yet", who, j.Account)
	}
	reason := strings.ReplaceAll(j.Reason, "_", " ")
	return fmt.Sprintf("%s (%s): %s (%s, attempt %d)", who, j.Account, j.Detail, reason, j.Attempt)
}
