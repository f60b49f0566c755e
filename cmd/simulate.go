package cmd

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/labcheck/labcheck/cmd/internal/console"
	"github.com/labcheck/labcheck/cmd/internal/failure"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/labs/sandbox"
)

// simulateTimeout is how long a practice account may take, which is on this machine.
const simulateTimeout = 10 * time.Second

func (a *app) simulateCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "simulate [NAME]",
		Short: "Do in the practice account what no command does",
		Long: `Do in the practice account what only the console or a mail can do. Without a
name, list what there is. It works in a practice shell, or where the variable
AWS_ENDPOINT_URL leads to a practice account: nobody else is asked to change
anything.`,
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error { return a.simulate(c.Context(), args) },
	}
}

func (a *app) simulate(ctx context.Context, args []string) error {
	simulations := sandbox.Simulations()
	if len(args) == 0 {
		return a.Print(func(w *bufio.Writer) {
			for _, s := range simulations {
				fmt.Fprintf(w, "%s\n%s\n", s.Name, console.Fold(s.Help, "    ", a.TextWidth()))
			}
		})
	}
	var names []string
	for _, s := range simulations {
		names = append(names, s.Name)
	}
	if len(args) > 1 || !slices.Contains(names, args[0]) {
		what := strings.Join(args, " ")
		return failure.Usagef("%q cannot be simulated%s (there are: %s)", what, lab.DidYouMean(what, names), strings.Join(names, ", "))
	}
	endpoint := strings.TrimSuffix(a.env.getenv("AWS_ENDPOINT_URL"), "/")
	if endpoint == "" {
		return failure.Usagef("this is done in a practice account: begin one with \"%s sandbox shell\"", a.env.Program)
	}
	ctx, cancel := context.WithTimeout(ctx, simulateTimeout)
	defer cancel()
	// First a question that changes nothing: who answers there?
	if err := a.askPractice(ctx, http.MethodGet, endpoint+"/labcheck/simulate"); err != nil {
		return err
	}
	if err := a.askPractice(ctx, http.MethodPost, endpoint+"/labcheck/simulate/"+args[0]); err != nil {
		return err
	}
	return a.Print(func(w *bufio.Writer) { fmt.Fprintf(w, "Done in the practice account: %s\n", args[0]) })
}

// askPractice makes a request of the practice account's own, and refuses the answer of anybody else.
func (a *app) askPractice(ctx context.Context, method, url string) error {
	req, err := http.NewRequestWithContext(ctx, method, url, nil)
	if err != nil {
		return failure.Usagef("AWS_ENDPOINT_URL is not an address: %w", err)
	}
	client := http.Client{Transport: a.env.Transport, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	answer, err := client.Do(req)
	if err != nil {
		return failure.New(failure.Unreachable, fmt.Errorf("the practice account does not answer; "+
			"begin it again with \"%s sandbox shell\": %w", a.env.Program, err))
	}
	defer answer.Body.Close()
	if answer.Header.Get("X-Labcheck-Simulated") != "true" {
		return failure.Usagef("AWS_ENDPOINT_URL does not lead to a practice account, and nothing was changed")
	}
	said, err := io.ReadAll(io.LimitReader(answer.Body, 1<<10))
	if err == nil && answer.StatusCode >= http.StatusBadRequest {
		err = fmt.Errorf("%s", strings.TrimSpace(string(said)))
	}
	if err != nil {
		return fmt.Errorf("the practice account: %w", err)
	}
	return nil
}
