package cmd

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/api"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/cmd/internal/console"
	"github.com/labcheck/labcheck/cmd/internal/failure"
	"github.com/labcheck/labcheck/cmd/internal/practice"
	"github.com/labcheck/labcheck/cmd/internal/session"
	"github.com/labcheck/labcheck/reports"
)

// readFlags are the flags of read as they were typed.
type readFlags struct {
	source                 sourceFlags
	profile, region, query string
}

// readOptions are what read was asked for: an operation, its input, and what of its answer is shown.
type readOptions struct {
	operation *api.Operation
	input     map[string]any
	query     string
	keep      *api.Selection
	source    source
	target    target
}

func (a *app) readCommand() *cobra.Command {
	var flags readFlags
	c := &cobra.Command{
		Use:   "read SERVICE:OPERATION [JSON]",
		Short: "Ask AWS one thing, for people who write checks",
		Long: `Ask one operation of AWS that only reads, with the credentials in use, and print
its answer as "aws SERVICE OPERATION --query EXPRESSION" does: all pages, and
only what the expression names. Without one, all that is not sensitive. The
permission that it needs is told beside it.`,
		Example: `  labcheck read s3:ListBuckets --query 'Buckets[].Name'
  labcheck read dynamodb:DescribeTable '{"TableName": "orders"}'`,
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: completeOperations,
		RunE: func(c *cobra.Command, args []string) error {
			o, err := flags.complete(args)
			if err != nil {
				return err
			}
			return a.read(c.Context(), o)
		},
	}
	f := c.Flags()
	f.StringVar(&flags.query, "query", "", "the JMESPath `expression` for what is shown")
	f.StringVar(&flags.profile, "profile", "", "the AWS CLI `profile` to use")
	f.StringVar(&flags.region, "region", "", "the AWS `Region` to ask instead of the environment's")
	flags.source.registerSandbox(f)
	flags.source.registerEndpoint(f)
	f.DurationVar(&flags.source.timeout, "timeout", defaultTimeout, "the longest that it may take")
	f.SortFlags = false
	return c
}

// completeOperations proposes services, and the operations of one.
func completeOperations(_ *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	var names []string
	service, _, isOperation := strings.Cut(typed, ":")
	switch {
	case len(args) > 0:
	case isOperation:
		for _, name := range api.Operations(service) {
			names = append(names, service+":"+name)
		}
	default:
		for _, name := range api.Services() {
			names = append(names, name+":")
		}
		return names, cobra.ShellCompDirectiveNoSpace | cobra.ShellCompDirectiveNoFileComp
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// complete makes the options of read. Whatever is wrong with them is said before anything is asked of AWS.
func (f *readFlags) complete(args []string) (*readOptions, error) {
	if len(args) == 0 || len(args) > 2 {
		return nil, failure.Usagef("name one operation and its input, " +
			`such as: labcheck read dynamodb:DescribeTable '{"TableName": "orders"}'`)
	}
	operation, err := api.Find(args[0])
	if err != nil {
		return nil, failure.New(failure.Usage, err)
	}
	o := &readOptions{operation: operation, query: f.query, target: target{profile: f.profile, region: f.region}}
	if err := f.source.check(f.profile); err != nil {
		return nil, err
	}
	if o.source, err = f.source.complete(true); err != nil {
		return nil, err
	}
	if o.input, err = readInput(operation, args[1:]); err != nil {
		return nil, err
	}
	o.keep = operation.Everything()
	if f.query != "" {
		if o.keep, err = operation.Select(f.query, api.Shown); err != nil {
			return nil, failure.Usagef("--query: %w", err)
		}
	}
	return o, nil
}

// readInput types the input of an operation.
func readInput(operation *api.Operation, args []string) (map[string]any, error) {
	var input map[string]any
	if len(args) > 0 {
		if err := json.Unmarshal([]byte(args[0]), &input); err != nil {
			return nil, failure.Usagef("the input of %s is not a JSON object: %w", operation, err)
		}
	}
	typed, problems := operation.CheckInput(input)
	if len(problems) == 0 {
		return typed, nil
	}
	lines := make([]string, len(problems))
	for i, p := range problems {
		lines[i] = p.String()
	}
	return nil, failure.Usagef("the input of %s is not right:\n  %s", operation, strings.Join(lines, "\n  "))
}

// read asks, prints the answer, and tells what asking needs.
func (a *app) read(ctx context.Context, o *readOptions) error {
	ctx, cancel := context.WithTimeoutCause(ctx, o.source.timeout, facts.ErrRunTimeout)
	defer cancel()
	for _, action := range o.operation.Actions {
		a.Tell("needs " + action)
	}
	answer, err := a.readOnce(ctx, o)
	if err != nil {
		return a.readFailed(facts.AsError(err))
	}
	if hidden := o.keep.Hidden(); len(hidden) > 0 {
		a.Tell("left out, because it may be sensitive: " + strings.Join(hidden, ", "))
	}
	var shown any = answer
	if o.query != "" {
		if shown, err = api.Search(o.query, answer); err != nil {
			return failure.Usagef("--query: %w", err)
		}
	}
	var text strings.Builder
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	e.SetIndent("", "    ")
	if err := e.Encode(shown); err != nil {
		return err
	}
	return a.Print(func(w *bufio.Writer) { fmt.Fprint(w, plainJSON(text.String())) })
}

// readOnce opens the account and asks.
func (a *app) readOnce(ctx context.Context, o *readOptions) (map[string]any, error) {
	at := session.Options{Now: a.env.Now, Account: account.Options{
		Profile: o.target.profile, Region: o.target.region, EndpointURL: o.source.endpointURL,
		Transport: a.env.Transport, Operations: []string{o.operation.String()}, Now: a.env.Now,
	}}
	if o.source.practice != "" {
		simulated, _, err := a.practiceAccount(nil, o.source.practice)
		if err != nil {
			return nil, err
		}
		practice.Enter(simulated, &at)
	}
	door, err := account.Open(ctx, at.Account)
	if err != nil {
		return nil, err
	}
	if o.source.practice != "" || !door.EndpointIsAWS() {
		a.Tell(reports.Sandbox.Label() + ": this is not AWS itself")
	}
	read := &facts.Read[string, map[string]any]{
		Name: o.operation.String(), Operations: []string{o.operation.String()},
		Fetch: func(ctx context.Context, access *facts.Access, region string) (map[string]any, error) {
			return account.ReadNamed(ctx, access, o.operation, region, o.input, o.keep)
		},
	}
	asked := facts.NewSession(ctx, facts.Options{Now: a.env.Now(), Doors: []facts.Door{facts.Open(door)}})
	return read.Get(asked.View(facts.Site{}, []facts.Source{read}, nil), door.Region())
}

// readFailed tells why there is no answer. What AWS itself says is wrong with the question is not a fault of ours.
func (a *app) readFailed(err *facts.Error) error {
	if kind, ok := failure.KindOf(err); ok {
		return failure.New(kind, err)
	}
	a.code = problemCode(err.Reason)
	code := account.ErrorCode(err)
	if a.code == exitInternal && code != "" {
		a.code = exitUnreachable
	}
	text := console.Clean(err.Error())
	if code != "" && !strings.Contains(text, code) {
		text += " (" + console.Clean(code) + ")"
	}
	a.Tell("labcheck: " + text)
	return nil
}

// plainJSON writes what a terminal would obey or turn around as JSON's escapes: controls of eight bits, and the marks
// of text that runs the other way. JSON escapes the other controls itself.
func plainJSON(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r >= 0x7f && r <= 0x9f, r == 0x061c, r >= 0x200b && r <= 0x200f, r >= 0x202a && r <= 0x202e,
			r >= 0x2066 && r <= 0x2069, r == 0xfeff:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
