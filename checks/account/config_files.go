package account

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/aws/aws-sdk-go-v2/config"

	"github.com/labcheck/labcheck/checks/facts"
)

// checkVariables refuses a variable that ends in a line break, as one has that was read from a file of Windows: nothing
// could be sent with it.
func checkVariables() error {
	for _, name := range []string{
		"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION",
	} {
		if strings.HasSuffix(os.Getenv(name), "\n") || strings.HasSuffix(os.Getenv(name), "\r") {
			return facts.Errorf(facts.NoCredentials, "the variable %s ends in a line break: set it again without one", name)
		}
	}
	return nil
}

// awsFiles are the options with which the SDK finds the files that the AWS CLI does: by itself it puts no home folder
// in the place of a ~.
func awsFiles() []func(*config.LoadOptions) error {
	var options []func(*config.LoadOptions) error
	if name := os.Getenv(configVariable); name != expanded(name) {
		options = append(options, config.WithSharedConfigFiles([]string{expanded(name)}))
	}
	if name := os.Getenv(credentialsVariable); name != expanded(name) {
		options = append(options, config.WithSharedCredentialsFiles([]string{expanded(name)}))
	}
	return options
}

const (
	configVariable      = "AWS_CONFIG_FILE"
	credentialsVariable = "AWS_SHARED_CREDENTIALS_FILE" //nolint:gosec // the name of a variable
)

// withRetryMode is an option with which the SDK reads a further config file, which has a retry mode that it knows: it
// refuses the file of a profile with another, such as legacy, and the mode is not asked for here. forget removes that
// file, which says nothing else.
func withRetryMode(profile string) (option func(*config.LoadOptions) error, forget func(), err error) {
	file, err := os.CreateTemp("", "labcheck-retry-mode-*")
	if err != nil {
		return nil, nil, err
	}
	section := "default"
	if profile != section {
		section = "profile " + profile
	}
	_, err = fmt.Fprintf(file, "[%s]\nretry_mode = standard\n", section)
	err = errors.Join(err, file.Close())
	name := cmp.Or(expanded(os.Getenv(configVariable)), config.DefaultSharedConfigFilename())
	return config.WithSharedConfigFiles([]string{name, file.Name()}), func() { _ = os.Remove(file.Name()) }, err
}

// expanded is a path as the AWS CLI reads it.
func expanded(name string) string {
	name = os.Expand(name, func(variable string) string {
		if value, set := os.LookupEnv(variable); set {
			return value
		}
		return "$" + variable
	})
	if below, ok := strings.CutPrefix(name, "~/"); ok {
		if home, err := os.UserHomeDir(); err == nil {
			return filepath.Join(home, below)
		}
	}
	return name
}

// proxyRefusal is the answer of a proxy that does not lead on.
type proxyRefusal struct {
	proxy  string // host and port, without the password that may stand in the variable
	status int
}

func (e *proxyRefusal) Error() string {
	return fmt.Sprintf("the proxy %s of the environment refuses: HTTP %d %s (see HTTPS_PROXY)",
		e.proxy, e.status, http.StatusText(e.status))
}

// acceptedByProxy keeps what a proxy answers that refuses.
func acceptedByProxy(_ context.Context, proxy *url.URL, _ *http.Request, answer *http.Response) error {
	if answer.StatusCode != http.StatusOK {
		return &proxyRefusal{proxy: proxy.Host, status: answer.StatusCode}
	}
	return nil
}
