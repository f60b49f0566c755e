package cmd

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/standard"
	"github.com/labcheck/labcheck/labs"
	"github.com/labcheck/labcheck/labs/sandbox"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/markdown"
)

// swept runs labcheck sweep on a class.
func swept(t *testing.T, class *students, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	env, out, said := inProcess(t.Context(), append([]string{"sweep", "fixture"}, args...)...)
	env.Now, env.Transport = time.Now, class
	code = Main(env, standard.Checks()...)
	return code, out.String(), said.String()
}

// classFile writes a roster of so many students.
func classFile(t *testing.T, n int, more ...string) string {
	t.Helper()
	rows := []string{"student,email,account,external-id"}
	for i := range n {
		rows = append(rows, fmt.Sprintf("Student %d,s%d@school.test,%s,word-%d", i, i, accountNumber(i), i))
	}
	path := filepath.Join(t.TempDir(), "class.csv")
	require.NoError(t, os.WriteFile(path, []byte(strings.Join(append(rows, more...), "\n")+"\n"), 0o600))
	return path
}

// resultFiles are the files of a folder with what does not change from run to run.
func resultFiles(t *testing.T, folder string) map[string]string {
	t.Helper()
	all := map[string]string{}
	require.NoError(t, filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(folder, path)
		require.NoError(t, err)
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		all[name] = ""
		if strings.HasSuffix(name, ".md") {
			r, _, err := markdown.ReadEither(data)
			require.NoError(t, err, name)
			all[name] = timelessReport(t, r)
		}
		return nil
	}))
	return all
}

// timelessReport is a report without times and request ids.
func timelessReport(t *testing.T, r *reports.Report) string {
	t.Helper()
	data, err := json.Marshal(r)
	require.NoError(t, err)
	text := regexp.MustCompile(`"(requestId)":"[^"]*"`).ReplaceAllString(string(data), `"$1":""`)
	return regexp.MustCompile(`20[0-9-]{8}T[0-9:.]+Z`).ReplaceAllString(text, "T")
}

// An account is read at its source; what is about the caller and the machine stays open; the grader is named.
func TestSweep(t *testing.T) {
	class := classOf(t, "finished")
	class.teacher(t)
	out, roster := t.TempDir(), classFile(t, 3)
	args := []string{"--roster", roster, "--role-name", "labcheck-grader", "--out", out}
	code, _, stderr := swept(t, class, append(args, "--status")...)
	require.Equal(t, exitInconclusive, code, stderr)
	require.Zero(t, class.answered.Load(), "the status asks nothing")

	code, stdout, stderr := swept(t, class, args...)
	require.Equal(t, exitPassed, code, stdout+stderr)
	require.Regexp(t, `fixture +3 +0 +0`, stdout)
	files := resultFiles(t, out)
	require.Len(t, files, 3)
	for name := range files {
		data, err := os.ReadFile(filepath.Join(out, name))
		require.NoError(t, err)
		r, _, err := markdown.ReadEither(data)
		require.NoError(t, err)
		require.Equal(t, graderARN, r.Run.ObservedBy)
		require.Equal(t, reports.AWS, r.Source)
		require.Equal(t, checks.Unknown, verdicts(r)["cli"])
		s, _ := r.Step("cli")
		require.Equal(t, facts.NotLooked, s.Reason)
		require.Equal(t, checks.Pass, verdicts(r)["repository"])
		require.NotNil(t, r.Facts)
	}
	in := class.asked[0]
	require.Equal(t, "labcheck-teacher", in.Get("RoleSessionName"))
	require.Contains(t, in.Get("ExternalId"), "word-")
	require.LessOrEqual(t, len(in.Get("Policy")), 2048)
	require.Contains(t, in.Get("Policy"), "ecr:DescribeRepositories")
	require.Empty(t, in.Get("Tags.member.1.Key"))

	before := class.answered.Load()
	code, _, _ = swept(t, class, args...)
	require.Equal(t, exitPassed, code)
	require.Equal(t, before, class.answered.Load(), "what is there is not read again")

	// The report can be graded again, and says the same.
	env, _, said := inProcess(t.Context(), "report", filepath.Join(out, slices.Sorted(maps.Keys(files))[0]))
	require.Equal(t, exitPassed, Main(env, standard.Checks()...), said.String())
}

// Shards write the files that one run writes, and one that runs twice the same.
func TestSweepInShards(t *testing.T) {
	class := classOf(t, "half-done")
	class.teacher(t)
	roster, whole, parts := classFile(t, 20), t.TempDir(), t.TempDir()
	args := []string{"--roster", roster, "--role-name", "labcheck-grader", "--out"}
	code, _, stderr := swept(t, class, append(args, whole)...)
	require.Equal(t, exitPassed, code, stderr)
	for _, k := range []int{0, 1, 2, 1, 3} {
		t.Setenv("SLURM_ARRAY_TASK_ID", "")
		code, _, stderr := swept(t, class, append(args, parts, "--shard", fmt.Sprintf("%d/4", k))...)
		require.Equal(t, exitPassed, code, stderr)
	}
	require.Equal(t, resultFiles(t, whole), resultFiles(t, parts))
}

// What cannot be read is said with the student and what to do; the others go on, and the next run tries it again.
func TestSweepOfBadAccounts(t *testing.T) {
	class := classOf(t, "finished")
	class.teacher(t)
	refused := map[string]bool{accountNumber(1): true}
	class.refuse = func(account string, _ url.Values) (string, string) {
		if refused[account] {
			return "AccessDenied", "User: " + graderARN + " is not authorized to perform: sts:AssumeRole on resource: " +
				"arn:aws:iam::" + account + ":role/labcheck-grader"
		}
		return "", ""
	}
	out := t.TempDir()
	roster := classFile(t, 3, "Nobody,n@school.test,,", "Short,short@school.test,12345678901,",
		"Twin,twin@school.test,"+accountNumber(0)+",word-0", "../../etc/passwd,evil@school.test,../../etc/passwd,")
	args := []string{"--roster", roster, "--role-name", "labcheck-grader", "--out", out}
	code, stdout, stderr := swept(t, class, args...)
	require.Equal(t, exitInconclusive, code, stdout+stderr)
	require.Contains(t, stderr, "n@school.test: there is no account in the row")
	require.Contains(t, stderr, `short@school.test: "12345678901" is no account: a spreadsheet took its zeros away`)
	require.Contains(t, stderr, "evil@school.test: ")
	require.Contains(t, stderr, "is that of the student in line 2 too")
	require.Regexp(t, `s1@school.test \(10+1\): the role may not be assumed: .*external id.*attempt 1\)`, stdout)
	require.EqualValues(t, 3, class.assumed.Load(), "a shared account is read once")
	require.Len(t, resultFiles(t, out), 3)

	code, stdout, _ = swept(t, class, append(args, "--status", "--report", "json")...)
	require.Equal(t, exitInconclusive, code)
	var status struct {
		Done, Failed, Missing int
		Jobs                  []struct{ Students []string }
	}
	require.NoError(t, json.Unmarshal([]byte(stdout), &status))
	require.Equal(t, []int{2, 1, 0}, []int{status.Done, status.Failed, status.Missing})
	require.Equal(t, []string{"s0@school.test", "twin@school.test"}, status.Jobs[0].Students)

	delete(refused, accountNumber(1))
	_, stdout, _ = swept(t, class, args...)
	require.Regexp(t, `fixture +3 +0 +0`, stdout)
	require.EqualValues(t, 4, class.assumed.Load())
}

// A refresh reads again, and keeps what was said before where it was something else.
func TestSweepRefresh(t *testing.T) {
	class := classOf(t, "finished")
	class.teacher(t)
	out, roster := t.TempDir(), classFile(t, 2)
	args := []string{"--roster", roster, "--role-name", "labcheck-grader", "--out", out}
	_, _, stderr := swept(t, class, args...)
	require.Empty(t, stderr)
	class.change = func(account string, state map[string]any) {
		if account == accountNumber(0) {
			state["root"] = map[string]any{"password": true}
		}
	}
	class.accounts = map[string]*sandbox.Account{}
	_, _, stderr = swept(t, class, append(args, "--refresh", "1ns")...)
	require.Empty(t, stderr)
	files := slices.Sorted(maps.Keys(resultFiles(t, out)))
	require.Len(t, files, 3, files)
	require.Contains(t, strings.Join(files, " "), accountNumber(0)+"/history/fixture.")
}

// A named user is looked at by the checks about an IAM user, and the question who works there stays open.
func TestSweepOfAUser(t *testing.T) {
	class := classOf(t, "finished")
	class.teacher(t)
	out := t.TempDir()
	roster := filepath.Join(out, "class.csv")
	require.NoError(t, os.WriteFile(roster, []byte("student,account,iam-user\njdoe,"+accountNumber(0)+",alice\n"), 0o600))
	env, stdout, stderr := inProcess(t.Context(), "sweep", labs.First(), "--roster", roster, "--role-name",
		"labcheck-grader", "--out", filepath.Join(out, "results"))
	env.Now, env.Transport = time.Now, class
	require.Equal(t, exitPassed, Main(env, standard.Checks()...), stdout.String()+stderr.String())
	matches, err := filepath.Glob(filepath.Join(out, "results", "*", "*.md"))
	require.NoError(t, err)
	require.Len(t, matches, 1)
	data, err := os.ReadFile(matches[0])
	require.NoError(t, err)
	r, _, err := markdown.ReadEither(data)
	require.NoError(t, err)
	registry, err := checks.NewRegistry(standard.Checks()...)
	require.NoError(t, err)
	asked, open := 0, 0
	for _, s := range r.Steps {
		switch check, _ := registry.Lookup(s.Check); {
		case check.About != checks.AboutCaller:
		case s.Verdict == checks.Unknown:
			open++
		default:
			asked++
		}
	}
	require.Positive(t, asked)
	require.Equal(t, 1, open, "being swept never raises a grade: that it is not the root user")
}

// The grader's reading and the hand-in are one grade: each step of whoever could look at it.
func TestGradeJoinsWhatWasSwept(t *testing.T) {
	class := classOf(t, "finished")
	class.teacher(t)
	folder := t.TempDir()
	results, roster := filepath.Join(folder, "results"), classFile(t, 3)
	code, _, stderr := swept(t, class, "--roster", roster, "--role-name", "labcheck-grader", "--out", results)
	require.Equal(t, exitPassed, code, stderr)

	handIn := filepath.Join(folder, "handed-in", "s0.md")
	require.NoError(t, os.Mkdir(filepath.Dir(handIn), 0o700))
	t.Setenv("AWS_ACCESS_KEY_ID", studentKey+accountNumber(0))
	t.Setenv("AWS_SESSION_TOKEN", "EXAMPLETOKEN")
	t.Chdir(folder)
	env, _, said := inProcess(t.Context(), "fixture", "--student", "s0@school.test", "--report", "markdown="+handIn)
	env.Now, env.Transport = time.Now, class
	env.Environ = append(env.Environ, "HOME="+folder)
	Main(env, standard.Checks()...)
	require.FileExists(t, handIn, said.String())

	type person struct {
		Key, Status string
		Attempts    []struct {
			ObservedBy, JoinedWith, Excluded, Level string
			Steps                                   []struct{ ID, Verdict string }
		}
	}
	graded := func(paths ...string) map[string]person {
		args := []string{"grade", "--allow-simulated", "--roster", roster, "--report", "json"}
		env, out, said := inProcess(t.Context(), append(args, paths...)...)
		env.Now = time.Now
		Main(env, standard.Checks()...)
		var c struct {
			Students []person
			Refused  []any
		}
		require.NoError(t, json.Unmarshal(out.Bytes(), &c), said.String())
		require.Empty(t, c.Refused)
		all := map[string]person{}
		for _, p := range c.Students {
			all[p.Key] = p
		}
		return all
	}
	alone := graded(results)
	require.Len(t, alone, 3)
	require.Len(t, alone["s1@school.test"].Attempts, 1)
	require.Equal(t, graderARN, alone["s1@school.test"].Attempts[0].ObservedBy)
	require.Equal(t, "observed", alone["s1@school.test"].Attempts[0].Level)
	joined := graded(results, filepath.Dir(handIn))["s0@school.test"].Attempts
	require.Len(t, joined, 2)
	for _, a := range joined {
		if a.ObservedBy == "" {
			require.Contains(t, a.Excluded, "the grader read the account")
			continue
		}
		require.Contains(t, a.JoinedWith, "s0.md", "%+v", joined)
		for _, s := range a.Steps {
			if s.ID == "cli" {
				require.NotEqual(t, "unknown", s.Verdict)
			}
		}
	}
	// Whoever writes into a report of one's own that the grader made it is not believed.
	found, err := filepath.Glob(filepath.Join(results, accountNumber(1), "*.md"))
	require.NoError(t, err)
	data, err := os.ReadFile(found[0])
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "handed-in", "s1.md"), data, 0o600))
	for _, a := range graded(filepath.Dir(handIn)) {
		for _, attempt := range a.Attempts {
			require.Empty(t, attempt.ObservedBy)
		}
	}
}
