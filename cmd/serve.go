package cmd

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/labcheck/labcheck/cmd/internal/console"
	"github.com/labcheck/labcheck/cmd/internal/failure"
	"github.com/labcheck/labcheck/labs/sandbox"
)

const (
	// practiceAddress is where the practice account listens if nothing else is said.
	practiceAddress = "127.0.0.1:4580"
	// practiceAnyPort is where it listens if that port is taken.
	practiceAnyPort = "127.0.0.1:0"
	// farewell is how long the end waits for requests that are under way.
	farewell = 500 * time.Millisecond
)

// sandbox serves a practice account until the person interrupts, which is the normal way to leave.
func (a *app) sandbox(ctx context.Context, flags sandboxFlags, shell string) error {
	syntax, err := syntaxOf(shell)
	if err != nil {
		return err
	}
	s, err := a.servePractice(flags)
	if err != nil {
		return err
	}
	id, secret, token := s.account.Credentials()
	set := s.variables(a.env)
	// A token that the shell has from elsewhere would be sent along, and spoil every request.
	set = append(set, variable{"AWS_ACCESS_KEY_ID", id}, variable{"AWS_SECRET_ACCESS_KEY", secret}, variable{"AWS_SESSION_TOKEN", token})
	s.introduce(a.Console, a.env.Program)
	a.Tell("Ctrl-C ends it. Paste these lines into another terminal. All of it in one: " + a.env.Program + " sandbox shell")
	if err = a.Print(func(w *bufio.Writer) { fmt.Fprint(w, syntax.export(set)) }); err == nil {
		select {
		case <-ctx.Done():
		case err = <-s.failed:
		}
	}
	return errors.Join(err, s.close())
}

// served is a practice account that answers on a port.
type served struct {
	keeper
	server  *http.Server
	failed  chan error // why it stopped to answer
	address *net.TCPAddr
	symptom string // of a drill
}

// servePractice begins to serve the account that the flags ask for. The caller closes it.
func (a *app) servePractice(flags sandboxFlags) (s *served, err error) {
	unlock, err := lockState(flags.state)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, unlock())
		}
	}()
	state, symptom, err := a.practiceFor(flags)
	if err != nil {
		return nil, err
	}
	s = &served{
		keeper: keeper{files: a.env.Files, path: flags.state, unlock: unlock}, symptom: symptom, failed: make(chan error, 1),
	}
	o := a.env.Practice
	o.Now, o.Log, o.ForgetCalls = a.env.Now, a.env.Stderr, true
	o.Changed = func() {
		if err := s.save(); err != nil {
			a.Tell("labcheck: " + err.Error())
		}
	}
	s.account = a.practising(state, o)
	accounts := sandbox.NewServer(sandbox.ServerOptions{Now: a.env.Now, Log: a.env.Stderr})
	if err := accounts.Add(s.account); err != nil {
		return nil, err
	}
	if err := s.save(); err != nil { // better now than after an hour of work
		return nil, err
	}
	listener, err := listen(flags.listen)
	if err != nil {
		return nil, failure.Usagef("--listen: %w; choose another address, such as %s", err, practiceAnyPort)
	}
	s.address = listener.Addr().(*net.TCPAddr)
	s.server = &http.Server{
		Handler: accounts, ReadHeaderTimeout: 10 * time.Second, ErrorLog: log.New(a.env.Stderr, "labcheck: ", 0),
	}
	go func() {
		if err := s.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.failed <- fmt.Errorf("the practice account stopped: %w", err)
		}
	}()
	return s, nil
}

// listen opens the port. The usual one may be taken, by another practice account for example: then any is as good.
func listen(address string) (net.Listener, error) {
	if address != "" {
		return net.Listen("tcp", address)
	}
	if l, err := net.Listen("tcp", practiceAddress); err == nil {
		return l, nil
	}
	return net.Listen("tcp", practiceAnyPort)
}

// url is what clients on this machine ask.
func (s *served) url() string {
	address := *s.address
	if address.IP.IsUnspecified() {
		address.IP = net.IPv4(127, 0, 0, 1)
	}
	return "http://" + address.String()
}

// close ends the service: what is under way gets a moment, and the account is written for the last time.
func (s *served) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), farewell)
	defer cancel()
	if s.server.Shutdown(ctx) != nil {
		_ = s.server.Close() // the clients have had their time
	}
	return errors.Join(s.save(), s.unlock())
}

// introduce says on stderr what answers there.
func (s *served) introduce(c console.Console, program string) {
	c.Tell(fmt.Sprintf("SIMULATED: a practice account on this machine, at %s.\n"+
		"Nothing in it is AWS, and nothing in it costs money.", s.url()))
	if !s.address.IP.IsLoopback() {
		c.Tell(fmt.Sprintf("WARNING: %s is no loopback address. Whoever reaches it can use the account.", s.address))
	}
	if s.path != "" {
		c.Tell("It is kept in " + s.path + ".")
	}
	if s.symptom != "" {
		c.Tell(fmt.Sprintf("\nSomething in it is broken:\n\n    %s\n\n"+
			"Find it and mend it. \"%s watch module-1.2\" ends when it is mended.\n", s.symptom, program))
	}
}

// variables lead the tools to the practice account, but for the credentials.
func (s *served) variables(env Env) []variable {
	set := []variable{
		{"AWS_ENDPOINT_URL", s.url()},
		{"AWS_REGION", practiceRegion},
		{"AWS_DEFAULT_REGION", practiceRegion}, // version 1 of the AWS CLI reads only this one
	}
	if env.getenv("HTTP_PROXY")+env.getenv("http_proxy") == "" {
		return set
	}
	// The AWS CLI would ask the proxy even for this machine.
	for _, name := range []string{"NO_PROXY", "no_proxy"} {
		set = append(set, variable{name, strings.Trim(env.getenv(name)+","+s.address.IP.String(), ",")})
	}
	return set
}
