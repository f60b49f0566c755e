package practice

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/labcheck/labcheck/cmd/internal/failure"
)

// simulateTimeout is how long a practice account may take, which is on this machine.
const simulateTimeout = 10 * time.Second

// Simulate does in a practice account what no command of AWS does: one of the sandbox's simulations, by name.
func (sys System) Simulate(ctx context.Context, name string) error {
	endpoint := strings.TrimSuffix(sys.Getenv("AWS_ENDPOINT_URL"), "/")
	if endpoint == "" {
		return failure.Usagef("this is done in a practice account: begin one with \"%s sandbox shell\"", sys.Program)
	}
	ctx, cancel := context.WithTimeout(ctx, simulateTimeout)
	defer cancel()
	// First a question that changes nothing: who answers there?
	if err := sys.ask(ctx, http.MethodGet, endpoint+"/labcheck/simulate"); err != nil {
		return err
	}
	if err := sys.ask(ctx, http.MethodPost, endpoint+"/labcheck/simulate/"+name); err != nil {
		return err
	}
	return sys.Print(func(w *bufio.Writer) { fmt.Fprintf(w, "Done in the practice account: %s\n", name) })
}

// ask makes a request of the practice account's own, and refuses the answer of anybody else.
func (sys System) ask(ctx context.Context, method, url string) error {
	req, err := http.NewRequestWithContext(ctx, method, url, nil)
	if err != nil {
		return failure.Usagef("AWS_ENDPOINT_URL is not an address: %w", err)
	}
	client := http.Client{Transport: sys.Transport, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	answer, err := client.Do(req)
	if err != nil {
		return failure.New(failure.Unreachable, fmt.Errorf("the practice account does not answer; "+
			"begin it again with \"%s sandbox shell\": %w", sys.Program, err))
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
