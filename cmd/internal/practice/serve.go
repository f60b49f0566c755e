package practice

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"github.com/labcheck/labcheck/cmd/internal/console"
	"github.com/labcheck/labcheck/cmd/internal/failure"
	"github.com/labcheck/labcheck/cmd/internal/files"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/labs/paths"
	"github.com/labcheck/labcheck/labs/sandbox"
	"github.com/labcheck/labcheck/labs/sandbox/wire"
	"github.com/labcheck/labcheck/reports"
)

const (
	// Address is where the practice account listens if nothing else is said.
	Address = "127.0.0.1:4580"
	// anyPort is where it listens if that port is taken.
	anyPort = "127.0.0.1:0"
	// farewell is how long the end waits for requests that are under way.
	farewell = 500 * time.Millisecond
)

// Options say which practice account is served, and where.
type Options struct {
	Lab     *lab.Lab   // whose accounts are meant; nil is the first built-in one
	LabName string     // what a person types to name it
	From    string     // its beginning: an account of the lab, or a file; "" is the fresh one, or what File holds
	Drill   *lab.Drill // breaks the finished account, which is the beginning then; nil is none
	File    string     // where it is kept; "" is nowhere
	Listen  string     // the address; "" is the usual one, or another port where that is taken
	// FirstTask says in a sentence what to do first in an account that is no drill; nil says nothing.
	FirstTask func(*sandbox.Account) string
}

// System is what a practice account takes from the machine that it is served on.
type System struct {
	console.Console
	Program string // how the program was started, for the commands that it prints
	Environ []string
	Getenv  func(string) string
	Account sandbox.Options // what goes wrong in the account, and how slowly it answers
	// Services are what the account has besides its own services.
	Services []*wire.Service
	// Transport reaches a practice account that is served; nil is the network.
	Transport http.RoundTripper
	// Interactive says that a person types at a terminal: the shell says in its prompt what it is.
	Interactive bool
	// Run runs a program on the terminal until it ends, with this environment, and returns its exit code.
	Run func(argv, environ []string) (code int, err error)
}

// Serve serves a practice account until ctx ends, which is the normal way to leave. It prints the lines that lead the
// tools to it, for this shell.
func (sys System) Serve(ctx context.Context, o Options, shell reports.Shell) error {
	s, err := sys.open(o)
	if err != nil {
		return err
	}
	id, secret, token := s.account.Credentials()
	// A token that the shell has from elsewhere would be sent along, and spoil every request.
	set := append(s.variables(sys.Getenv), variable{"AWS_ACCESS_KEY_ID", id}, variable{"AWS_SECRET_ACCESS_KEY", secret},
		variable{"AWS_SESSION_TOKEN", token})
	sys.introduce(s)
	sys.Tell("Ctrl-C ends it. Paste these lines into another terminal. All of it in one: " +
		sys.Program + " sandbox shell")
	if err = sys.Print(func(w *bufio.Writer) { fmt.Fprint(w, export(shell, set)) }); err == nil {
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
	options Options
	// notIgnored is the line that a .gitignore lacks which would keep the account out of git; "" for none.
	notIgnored string
}

// open begins to serve an account. The caller closes it.
func (sys System) open(o Options) (s *served, err error) {
	unlock, err := lock(o.File)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, unlock())
		}
	}()
	state, err := o.begin(sys.Now(), sys.Services)
	if err != nil {
		return nil, err
	}
	s = &served{
		keeper: keeper{system: sys.Files, path: o.File, unlock: unlock}, options: o, failed: make(chan error, 1),
	}
	account := sys.Account
	account.Now, account.Log, account.ForgetCalls = sys.Now, sys.Stderr, true
	account.Changed = func() {
		if err := s.save(); err != nil {
			sys.Tell("labcheck: " + err.Error())
		}
	}
	s.account = sandbox.New(state, account)
	name, _, _ := net.SplitHostPort(o.Listen) // listen says what is wrong with it
	accounts := sandbox.NewServer(sandbox.ServerOptions{Now: sys.Now, Log: sys.Stderr, Name: name})
	if err := accounts.Add(s.account); err != nil {
		return nil, err
	}
	if err := s.save(); err != nil { // better now than after an hour of work
		return nil, err
	}
	if o.File != "" {
		if s.notIgnored, err = keepOutOfGit(o.File); err != nil {
			return nil, files.WriteProblem(o.File, err)
		}
	}
	listener, err := listen(o.Listen)
	if err != nil {
		return nil, failure.Usagef("--listen: %w; choose another address, such as %s", err, anyPort)
	}
	s.address = listener.Addr().(*net.TCPAddr)
	s.server = &http.Server{
		Handler: accounts, ErrorLog: log.New(sys.Stderr, "labcheck: ", 0), MaxHeaderBytes: 64 << 10,
		// A client that is slow or says nothing more keeps no connection.
		ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, // layers have their own
		WriteTimeout: 15 * time.Minute, IdleTimeout: 2 * time.Minute,
		DisableGeneralOptionsHandler: true, // it would answer any name
	}
	go func() {
		if err := s.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.failed <- fmt.Errorf("the practice account stopped: %w", err)
		}
	}()
	return s, nil
}

// begin makes the account as it is in the beginning.
func (o Options) begin(now time.Time, own []*wire.Service) (*sandbox.State, error) {
	if o.Drill != nil {
		return Broken(o.Lab, *o.Drill, now, own...)
	}
	from := o.From
	if from == "" {
		from = lab.Fresh
		if _, missing := os.Stat(o.File); o.File != "" && !errors.Is(missing, fs.ErrNotExist) {
			from = o.File
		}
	}
	accounts, err := AccountsOf(o.Lab)
	if err != nil {
		return nil, failure.OfFile(err)
	}
	return accounts.Load(from, now, own...)
}

// listen opens the port. The usual one may be taken, by another practice account for example: then any is as good.
func listen(address string) (net.Listener, error) {
	if address != "" {
		return net.Listen("tcp", address)
	}
	if l, err := net.Listen("tcp", Address); err == nil {
		return l, nil
	}
	return net.Listen("tcp", anyPort)
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
func (sys System) introduce(s *served) {
	sys.Tell(fmt.Sprintf("SIMULATED: a practice account on this machine, at %s.\n"+
		"Nothing in it is AWS, and nothing in it costs money.", s.url()))
	if !s.address.IP.IsLoopback() {
		sys.Tell(fmt.Sprintf("WARNING: %s is no loopback address. Whoever reaches it can use the account.", s.address))
	}
	if s.path != "" {
		sys.Tell("It is kept in " + s.path + ".")
	}
	if s.notIgnored != "" {
		sys.Tell("It holds keys. Keep it out of git: add " + s.notIgnored + " to .gitignore.")
	}
	if drill := s.options.Drill; drill != nil {
		sys.Tell(fmt.Sprintf("\nSomething in it is broken:\n\n    %s\n\n"+
			"Find it and fix it. \"%s watch %s\" ends when it is fixed.\n",
			drill.Symptom, sys.Program, s.options.LabName))
	}
}

// variables lead the tools to the practice account, but for the credentials.
func (s *served) variables(getenv func(string) string) []variable {
	set := []variable{
		{"AWS_ENDPOINT_URL", s.url()},
		{"AWS_REGION", region},
		{"AWS_DEFAULT_REGION", region}, // version 1 of the AWS CLI reads only this one
	}
	if getenv("HTTP_PROXY")+getenv("http_proxy") == "" {
		return set
	}
	// The AWS CLI would ask the proxy even for this machine.
	for _, name := range []string{"NO_PROXY", "no_proxy"} {
		set = append(set, variable{name, strings.Trim(getenv(name)+","+s.address.IP.String(), ",")})
	}
	return set
}

// keeper keeps a practice account in a file, if it is to be kept.
type keeper struct {
	system  files.System
	path    string       // "": the account is not kept
	unlock  func() error // gives the path back
	account *sandbox.Account

	mu sync.Mutex // one write at a time
}

// save writes the account as it is now.
func (k *keeper) save() error {
	if k.path == "" {
		return nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := files.WritePrivate(k.system, k.path, k.account.Snapshot().Write); err != nil {
		return fmt.Errorf("the practice account is not kept: %w", err)
	}
	return nil
}

// lock keeps the file of a practice account for this process: two that write it would each undo what the other one did.
// The lock is on a neighbour, because the file itself is replaced each time. The system gives it back when the process
// ends, however it ends, and so the neighbour may stay. No path needs no lock.
func lock(path string) (unlock func() error, err error) {
	if path == "" {
		return func() error { return nil }, nil
	}
	folder, name, err := paths.ForWriting(path)
	if err != nil {
		return nil, files.WriteProblem(path, err)
	}
	defer func() { _ = folder.Close() }()
	name += ".lock"
	if info, err := folder.Lstat(name); err == nil && !info.Mode().IsRegular() {
		return nil, files.WriteProblem(path+".lock", paths.ErrNotOrdinary)
	}
	lock := flock.New(filepath.Join(folder.Name(), name))
	switch mine, err := lock.TryLock(); {
	case err != nil:
		return nil, files.WriteProblem(path, err)
	case !mine:
		return nil, failure.Usagef("%s is kept by another practice account that runs now: "+
			"end that one, or name another file", path)
	}
	return lock.Unlock, nil
}
