package cmd

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/declared"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/cmd/internal/author"
	"github.com/labcheck/labcheck/cmd/internal/console"
	"github.com/labcheck/labcheck/cmd/internal/failure"
	"github.com/labcheck/labcheck/cmd/internal/files"
	"github.com/labcheck/labcheck/cmd/internal/practice"
	"github.com/labcheck/labcheck/cmd/internal/session"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/reports"
)

// authorFlags are those of the commands that may look at the author's own account.
type authorFlags struct {
	source          sourceFlags
	profile, region string
	scrub           []string
}

func (f *authorFlags) register(set *pflag.FlagSet) {
	set.StringVar(&f.profile, "profile", "", "the AWS CLI `profile` to use")
	set.StringVar(&f.region, "region", "", "the AWS `Region` to ask instead of the environment's")
	set.StringArrayVar(&f.scrub, "scrub", nil,
		"a `word` of your account that becomes another: WORD or WORD=OTHER (repeatable)")
	f.source.registerSandbox(set)
	f.source.registerEndpoint(set)
	set.DurationVar(&f.source.timeout, "timeout", defaultTimeout, "the longest that it may take")
}

// newFlags are the flags of dev new as they were typed.
type newFlags struct {
	authorFlags
	author.DraftOptions
	out  string
	look bool
}

func (a *app) devNewCommand() *cobra.Command {
	var flags newFlags
	c := &cobra.Command{
		Use:   "new [LINE]",
		Short: "Make a check of an aws command line",
		Long: `Make a check, with tests, of a line that you know: aws SERVICE OPERATION …
--query EXPRESSION, as you have it, with prompts, line ends and typographic
quotes. It is written to ID.yaml in this folder, and proven. Without LINE it is
read from the standard input: paste it, and end with Ctrl-D. Nothing is asked of
AWS, unless --look is given: then your account is asked once, what it answers is
what is expected, and a test.`,
		Example: `  labcheck dev new 'aws s3api get-bucket-versioning --bucket b --query Status'
  labcheck dev new --is required --look 'aws ec2 describe-instances …'`,
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			line, err := a.pastedLine(c, args)
			if err != nil {
				return err
			}
			return a.devNew(c.Context(), line, &flags)
		},
	}
	f := c.Flags()
	f.SetInterspersed(false) // what follows the line's first word is the line's
	f.StringVar(&flags.Is, "is", "", "the `value` that is right; else it is guessed")
	f.StringVar(&flags.ID, "id", "", "the check's `name`, such as s3-versioned")
	f.StringVar(&flags.Title, "title", "", "the good state, in the present `tense`")
	f.StringVar(&flags.Why, "why", "", "one `sentence` about the real world")
	f.StringVar(&flags.out, "out", "", "the `file` to write")
	f.BoolVar(&flags.look, "look", false, "look at your account once")
	flags.register(f)
	f.SortFlags = false
	return c
}

// pastedLine is the line that a check is made of. One in quotes may have flags behind it.
func (a *app) pastedLine(c *cobra.Command, args []string) (string, error) {
	if len(args) == 0 {
		if a.env.Stdin == nil {
			return "", failure.Usagef("paste a line, such as: %s dev new 'aws s3api list-buckets --query Buckets[].Name'",
				a.env.Program)
		}
		if a.env.StderrTerminal {
			a.Tell("Paste the line, press Enter, then Ctrl-D.")
		}
		const most = 64 << 10
		text, err := io.ReadAll(io.LimitReader(a.env.Stdin, most))
		return string(text), err
	}
	if args[0] == "" || strings.ContainsAny(args[0], " \n") { // the whole line
		if err := c.Flags().Parse(args[1:]); err != nil {
			return "", flagError(c, err)
		}
		if rest := c.Flags().Args(); len(rest) > 0 {
			return "", failure.Usagef("%q stands behind the line: put all of the line into quotes", rest[0])
		}
		return args[0], nil
	}
	words := make([]string, len(args))
	for i, arg := range args {
		words[i] = "'" + strings.ReplaceAll(arg, "'", `'\''`) + "'"
	}
	words[0] = args[0]
	return strings.Join(words, " "), nil
}

func (a *app) devNew(ctx context.Context, text string, flags *newFlags) error {
	line, err := author.ReadLine(text)
	if err != nil {
		return failure.New(failure.Usage, err)
	}
	flags.Taken = func(id string) bool { return slices.Contains(a.registry.IDs(), id) }
	draft, err := author.NewDraft(line, flags.DraftOptions)
	if err != nil {
		return failure.New(failure.Usage, err)
	}
	path := cmp.Or(flags.out, draft.ID+".yaml")
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return failure.Usagef("there is a file %s already: say another with --out, or another name with --id", path)
	}
	if flags.Taken(draft.ID) {
		return failure.Usagef("the id %q is that of a check that comes with labcheck; choose another with --id", draft.ID)
	}
	for _, note := range line.Notes {
		a.Tell("note: " + console.Clean(note))
	}
	if line.Region != "" {
		a.Tell("note: a check asks in the lab's Region; where it always is " + console.Clean(line.Region) +
			", say so under the read: region: " + console.Clean(line.Region))
	}
	told := "guessed; --is says another"
	if !draft.Guessed {
		told = "as you said"
	}
	if flags.look {
		flags.profile, flags.region = cmp.Or(flags.profile, line.Profile), cmp.Or(flags.region, line.Region)
		if draft, told, err = a.lookForDraft(ctx, line, draft, flags); err != nil || draft == nil {
			return err
		}
	}
	if err := a.Write(path, func(w io.Writer) error { _, err := io.WriteString(w, draft.Text); return err }); err != nil {
		return err
	}
	return a.Print(func(w *bufio.Writer) {
		fmt.Fprintf(w, "%s: written, with %s. Expected: %s (%s)\n", path, checks.Count(len(draft.File.Tests), "test"),
			console.Clean(draft.Expects), told)
		fmt.Fprintf(w, "Of %d spoiled answers %d change the verdict, and none makes it better.\n", draft.Proof.Mutants,
			draft.Proof.Noticed)
		for _, note := range draft.Proof.Notes {
			note.File = path
			fmt.Fprintln(w, toldAs("note", note))
		}
		fmt.Fprintf(w, "\nNext: write title, why and a fix, then %s dev check %s. In a lab:\n%s", a.env.Program, path,
			console.Clean(draft.InLab()))
	})
}

// lookForDraft makes the check anew after a look at the author's account: what is there is expected, unless the author
// said otherwise, and is a test.
func (a *app) lookForDraft(ctx context.Context, line *author.Line, draft *author.Draft, flags *newFlags) (
	made *author.Draft, told string, err error,
) {
	given, err := draft.Given()
	if err != nil {
		return nil, "", err
	}
	o, err := flags.complete()
	if err != nil {
		return nil, "", err
	}
	test, err := a.observe(ctx, draft.File, given, o)
	if err != nil || test == nil {
		return nil, "", err
	}
	made, told = draft, "as you said"
	if draft.Guessed {
		told = "guessed: your account does not say; --is says another"
	}
	found := draft.File.ValueOf(*test, draft.Stands)
	if flags.Is == "" && found != nil {
		told = "as your account has it"
		flags.Is = textOf(found)
		if made, err = author.NewDraft(line, flags.DraftOptions); err != nil {
			return nil, "", failure.New(failure.Usage, err)
		}
		if test, err = a.observe(ctx, made.File, given, o); err != nil || test == nil {
			return nil, "", err
		}
	}
	test.Name = "an account"
	scrubbed, err := author.Scrub(made.File, *test, flags.scrub)
	if err != nil {
		return nil, "", failure.New(failure.Usage, err)
	}
	withTest, err := author.AddTest(made.File, []byte(made.Text), scrubbed)
	if err != nil {
		return nil, "", err
	}
	f, err := declared.Load(made.ID+".yaml", withTest)
	if err != nil {
		return nil, "", failure.OfFile(err)
	}
	made.Text, made.File, made.Proof = string(withTest), f, f.Prove()
	if len(made.Proof.Errors) > 0 {
		return nil, "", failure.OfFile(made.Proof.Errors)
	}
	return made, told, nil
}

// textOf is a value as --is takes it.
func textOf(v any) string {
	if text, ok := v.(string); ok {
		return text
	}
	data, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(data)
}

// recordFlags are the flags of dev record as they were typed.
type recordFlags struct {
	authorFlags
	set  []string
	name string
	show bool
}

func (a *app) devRecordCommand() *cobra.Command {
	var flags recordFlags
	c := &cobra.Command{
		Use:   "record CHECK",
		Short: "Make a test of what your account answers",
		Long: `Ask your own account what a check asks, and add that to its file as a test, with
the verdict that the check gives. Only members that the check names are kept.
The values of the parameters become the parameters' names; account ids, access
keys and e-mail addresses become AWS's examples; --scrub names more.`,
		Example: `  labcheck dev record s3-own.yaml --set bucket=my-bucket --name "my bucket"`,
		Args:    cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) != 1 {
				return failure.Usagef("name the file of one check, such as: %s dev record my-check.yaml", a.env.Program)
			}
			return a.devRecord(c.Context(), args[0], &flags)
		},
	}
	f := c.Flags()
	f.StringArrayVar(&flags.set, "set", nil, "a parameter of the check: `name=value` (repeatable)")
	f.StringVar(&flags.name, "name", "", "the `name` of the test")
	f.BoolVar(&flags.show, "show", false, "print the test, and leave the file as it is")
	flags.register(f)
	f.SortFlags = false
	return c
}

func (a *app) devRecord(ctx context.Context, path string, flags *recordFlags) error {
	data, err := files.Read(path, lab.MaxFile)
	if err != nil {
		return err
	}
	f, err := declared.Load(path, data)
	if err != nil {
		return failure.OfFile(err)
	}
	given, err := givenParams(f, flags.set)
	if err != nil {
		return err
	}
	o, err := flags.complete()
	if err != nil {
		return err
	}
	test, err := a.observe(ctx, f, given, o)
	if err != nil || test == nil {
		return err
	}
	test.Name = freeTestName(f, cmp.Or(flags.name, "an account on "+a.env.Now().UTC().Format("2006-01-02")))
	scrubbed, err := author.Scrub(f, *test, flags.scrub)
	if err != nil {
		return failure.New(failure.Usage, err)
	}
	if flags.show {
		return a.Print(func(w *bufio.Writer) { fmt.Fprint(w, console.Clean(f.TestText(scrubbed))) })
	}
	changed, err := author.AddTest(f, data, scrubbed)
	if err != nil {
		return failure.OfFile(err)
	}
	again, err := declared.Load(path, changed)
	if err == nil {
		if problems := again.RunTests(); len(problems) > 0 {
			err = problems
		}
	}
	if err != nil {
		return failure.OfFile(fmt.Errorf("the file was left as it is, for with the new test it would be wrong:\n%w", err))
	}
	if err := a.Write(path, func(w io.Writer) error { _, err := w.Write(changed); return err }); err != nil {
		return err
	}
	return a.Print(func(w *bufio.Writer) {
		fmt.Fprintf(w, "%s: the test %q was added; it is %s. Read it before you give it away:\n%s", path, scrubbed.Name,
			scrubbed.Verdict, console.Clean(again.TestText(scrubbed)))
	})
}

func freeTestName(f *declared.File, name string) string {
	free := name
	for n := 2; slices.ContainsFunc(f.Tests, func(t declared.Test) bool { return t.Name == free }); n++ {
		free = fmt.Sprintf("%s (%d)", name, n)
	}
	return free
}

// givenParams are the parameters of a check as they were typed.
func givenParams(f *declared.File, set []string) (map[string]json.RawMessage, error) {
	typed, err := parameters(set)
	if err != nil {
		return nil, err
	}
	given := map[string]json.RawMessage{}
	for _, p := range f.Params() {
		value, ok := typed[p.Name]
		switch {
		case ok && p.Type == "string":
			data, err := json.Marshal(value)
			if err != nil {
				return nil, err
			}
			given[p.Name] = data
		case ok:
			given[p.Name] = []byte(value)
		case p.Required:
			return nil, failure.Usagef("%s: say which one is yours: --set %s=VALUE", p.Name, p.Name)
		}
		delete(typed, p.Name)
	}
	for name := range typed {
		return nil, failure.Usagef("--set %s: the check has no such parameter", name)
	}
	return given, nil
}

// lookAt is whom to ask for an author.
type lookAt struct {
	source source
	target target
}

// complete checks the flags, before anything is asked.
func (f *authorFlags) complete() (lookAt, error) {
	if err := f.source.check(f.profile); err != nil {
		return lookAt{}, err
	}
	if f.region != "" {
		if err := checkRegion(f.region); err != nil && f.source.endpointURL == "" {
			return lookAt{}, err
		}
	}
	from, err := f.source.complete(true)
	return lookAt{from, target{profile: f.profile, region: f.region}}, err
}

// observe asks the author's account what a check asks. There is no test where the account cannot be asked: that is
// told, and the exit code is set.
func (a *app) observe(ctx context.Context, f *declared.File, given map[string]json.RawMessage, o lookAt) (
	*declared.Test, error,
) {
	ctx, cancel := context.WithTimeoutCause(ctx, o.source.timeout, facts.ErrRunTimeout)
	defer cancel()
	var operations []string
	for _, s := range f.Check.Sources() {
		operations = append(operations, s.Describe().Operations...)
	}
	at := session.Options{Now: a.env.Now, Program: a.env.Program, Source: reports.AWS, Account: account.Options{
		Profile: o.target.profile, Region: o.target.region, EndpointURL: o.source.endpointURL,
		Transport: a.env.Transport, Operations: operations, Now: a.env.Now,
	}}
	if o.source.practice != "" {
		simulated, _, err := a.practiceAccount(nil, o.source.practice)
		if err != nil {
			return nil, err
		}
		practice.Enter(simulated, &at)
	}
	s := session.Open(ctx, at)
	if p := s.Options.Problem; p != nil {
		a.code = problemCode(p.Reason)
		a.Tell("labcheck: your account cannot be asked: " + console.Clean(p.Detail))
		return nil, nil
	}
	if s.Options.Source != reports.AWS {
		a.tellOnce(s.Options.Source.Label() + ": this is not AWS itself")
	}
	test, err := f.Observe(s.Facts.View(s.Options.Site, f.Check.Reads, f.Check.Extra), given)
	var wrong *checks.ParamError
	if errors.As(err, &wrong) {
		return nil, failure.New(failure.Usage, err)
	}
	if err != nil {
		return nil, a.readFailed(facts.AsError(err))
	}
	return &test, nil
}
