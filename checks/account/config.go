package account

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/feature/ec2/imds"
	"github.com/aws/smithy-go/middleware"

	"github.com/labcheck/labcheck/checks/api"
	"github.com/labcheck/labcheck/checks/facts"
)

// settings are what the SDK knows before anything is asked.
type settings struct {
	cfg             aws.Config
	region, profile string // of the environment and the configuration files
	sources         []any  // where the SDK looks for the endpoint of a single service
	sourcesRead     []any  // what the SDK has read, whether or not it counts
	roles           *roleSettings
}

// load reads the SDK's usual environment and files, or nothing of it when the credentials are given.
func (d *Door) load(ctx context.Context, o Options, retryer func() aws.Retryer) (settings, error) {
	var s settings
	if o.Credentials != nil {
		c := o.Credentials
		given := credentials.NewStaticCredentialsProvider(c.AccessKeyID, c.SecretAccessKey, c.SessionToken)
		s.cfg.Credentials = newSignIn(given, "", true)
	} else {
		var err error
		if s, err = d.loadEnvironment(ctx, o); err != nil {
			return settings{}, err
		}
	}
	if o.EndpointURL != "" {
		// The option wins over every other place that could name an endpoint.
		s.cfg.BaseEndpoint, s.cfg.ConfigSources, s.sources = aws.String(o.EndpointURL), nil, nil
	}
	if err := checkEndpoint(aws.ToString(s.cfg.BaseEndpoint)); err != nil {
		return settings{}, err
	}
	s.cfg.HTTPClient = d.withoutRedirects(o.Transport, trustedFile(s.sourcesRead), s.cfg.HTTPClient)
	s.cfg.Retryer, s.cfg.RetryMode, s.cfg.RetryMaxAttempts = retryer, "", 0
	s.cfg.APIOptions = nil // those of the sign-in
	return s, nil
}

// checkEndpoint refuses what is no address. The address is not repeated: it may hold a password.
func checkEndpoint(address string) error {
	u, err := url.Parse(address)
	if address != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		return facts.Errorf(facts.Unreachable, "the configured endpoint is not a URL such as http://localhost:4566")
	}
	return nil
}

// loadEnvironment makes a door's settings of what the SDK read for all doors like it, and takes on the option's role.
func (d *Door) loadEnvironment(ctx context.Context, o Options) (settings, error) {
	key := loadKey{o.Profile, o.Region, o.EndpointURL}
	s, err := d.network.settingsOf(key, func() (settings, error) {
		return (&Door{limits: d.limits}).readEnvironment(ctx, o) // it counts the answers of the sign-in that all share
	})
	if err != nil || o.RoleARN == "" {
		return s, err
	}
	with := s.cfg.Copy()
	with.APIOptions = []func(*middleware.Stack) error{d.addSignInMiddleware}
	with.HTTPClient = d.withoutRedirects(o.Transport, trustedFile(s.sourcesRead), s.cfg.HTTPClient)
	s.cfg.Credentials = newSignIn(assumeRole(with, o, s.roles), s.profile, true)
	return s, nil
}

// readEnvironment has the SDK read its environment and files.
func (d *Door) readEnvironment(ctx context.Context, o Options) (settings, error) {
	retryer := func() aws.Retryer { return d.newRetryer(o.Backoff) }
	options := []func(*config.LoadOptions) error{
		config.WithRetryer(retryer),
		config.WithAPIOptions([]func(*middleware.Stack) error{d.addSignInMiddleware}),
		// Signing in may need a Region of its own, for example to assume a role.
		config.WithDefaultRegion(cmp.Or(o.Region, globalRegion(""))),
	}
	var roles roleSettings
	options = append(options, roles.options()...)
	if o.Profile != "" {
		options = append(options, config.WithSharedConfigProfile(o.Profile))
	}
	if o.Transport != nil {
		options = append(options, config.WithHTTPClient(&http.Client{Transport: o.Transport}))
	}
	onEC2 := o.OnEC2
	if onEC2 == nil {
		onEC2 = machineIsEC2
	}
	hasIMDS := onEC2()
	if !hasIMDS {
		// Elsewhere nobody answers, which costs seconds.
		options = append(options, config.WithEC2IMDSClientEnableState(imds.ClientDisabled))
	}
	if err := checkVariables(); err != nil {
		return settings{}, err
	}
	options = append(options, awsFiles()...)
	// How often is asked again is not for the environment to say, and the SDK refuses what an AWS CLI takes, such as
	// legacy.
	if err := os.Unsetenv("AWS_RETRY_MODE"); err != nil {
		return settings{}, fmt.Errorf("leave AWS_RETRY_MODE out: %w", err)
	}
	cfg, err := loadFiles(ctx, options)
	if err != nil && strings.Contains(facts.AsError(err).Detail, "retry_mode") {
		profile := cmp.Or(o.Profile, os.Getenv("AWS_PROFILE"), os.Getenv("AWS_DEFAULT_PROFILE"), "default")
		if option, forget, fileErr := withRetryMode(profile); fileErr == nil {
			defer forget()
			cfg, err = loadFiles(ctx, append(options, option))
		}
	}
	if err != nil {
		return settings{}, err
	}
	roles.resolveEndpoint(o.EndpointURL, cfg)
	s := settings{cfg: cfg, sources: cfg.ConfigSources, sourcesRead: cfg.ConfigSources, roles: &roles}
	for _, source := range cfg.ConfigSources {
		switch c := source.(type) {
		case config.EnvConfig: // comes first, and wins
			s.region = c.Region
		case config.SharedConfig:
			s.region = cmp.Or(s.region, c.Region)
			s.profile = c.Profile
			roles.process = firstProcess(c)
			cfg.Credentials = withoutStderr(cfg.Credentials, roles.process)
		}
	}
	s.cfg.Credentials = newSignIn(cfg.Credentials, s.profile, hasIMDS)
	return s, nil
}

// loadFiles has the SDK read its environment and files. The SDK opens them whatever they are, and would wait for ever
// for somebody to write to a pipe.
func loadFiles(ctx context.Context, options []func(*config.LoadOptions) error) (aws.Config, error) {
	type result struct {
		cfg aws.Config
		err error
	}
	loaded := make(chan result, 1)
	go func() {
		cfg, err := config.LoadDefaultConfig(ctx, options...)
		loaded <- result{cfg, err}
	}()
	select {
	case r := <-loaded:
		if r.err != nil {
			return aws.Config{}, explainLoad(r.err)
		}
		return r.cfg, nil
	case <-ctx.Done():
		return aws.Config{}, facts.AsError(context.Cause(ctx))
	}
}

// maxHeader is the largest header of an answer that is read, in bytes; AWS's have one or two thousand.
const maxHeader = 64 << 10

// withoutRedirects makes the HTTP client: AWS's APIs do not redirect, so whoever does is somebody else.
func (d *Door) withoutRedirects(transport http.RoundTripper, trusted string, configured aws.HTTPClient) *http.Client {
	if transport == nil {
		transport = d.network.transport(trusted, configured)
	}
	return &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// customEndpoint says whether an endpoint is configured for all services, or for one that the plan asks.
func (s settings) customEndpoint(ctx context.Context, operations map[string]bool) bool {
	if s.cfg.BaseEndpoint != nil {
		return true
	}
	if ignored, _, err := config.GetIgnoreConfiguredEndpoints(ctx, s.sources); err == nil && ignored {
		return false
	}
	configured := s.servicesWithEndpoint()
	if len(configured) == 0 {
		return false
	}
	for operation := range operations {
		prefix, _, _ := strings.Cut(operation, ":")
		if configured[prefix] || configured[prefixOf(api.ServiceID(prefix))] {
			return true
		}
	}
	return false
}

// endpointSetting is the setting that decides whom the question who is calling goes to: a variable of the environment,
// or endpoint_url in the configuration. It is "" where that is AWS's own endpoint of the usual kind, or the option says
// it. The order is that of https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
func (s settings) endpointSetting(ctx context.Context) string {
	var environment config.EnvConfig
	for _, source := range s.sources {
		if found, ok := source.(config.EnvConfig); ok {
			environment = found
		}
	}
	ignored, _, err := config.GetIgnoreConfiguredEndpoints(ctx, s.sources)
	switch {
	case len(s.sources) == 0:
		return ""
	case err == nil && ignored, s.cfg.BaseEndpoint == nil && !s.servicesWithEndpoint()["sts"]:
		if environment.UseFIPSEndpoint == aws.FIPSEndpointStateEnabled {
			return "AWS_USE_FIPS_ENDPOINT"
		}
		return ""
	case os.Getenv("AWS_ENDPOINT_URL_STS") != "":
		return "AWS_ENDPOINT_URL_STS"
	case environment.BaseEndpoint != "":
		return "AWS_ENDPOINT_URL"
	}
	return "endpoint_url"
}

// servicesWithEndpoint are the prefixes of the services that have an endpoint of their own in the environment
// (AWS_ENDPOINT_URL_CLOUDWATCH_LOGS) or in the profile's services section (cloudwatch_logs).
func (s settings) servicesWithEndpoint() map[string]bool {
	configured := map[string]bool{}
	for _, source := range s.sources {
		switch source := source.(type) {
		case config.EnvConfig: // it reads these variables only when it is asked for a service by name
			for _, variable := range os.Environ() {
				name, address, _ := strings.Cut(variable, "=")
				if service, ok := strings.CutPrefix(strings.ToUpper(name), "AWS_ENDPOINT_URL_"); ok && address != "" {
					configured[prefixOf(service)] = true
				}
			}
		case config.SharedConfig:
			for service, values := range source.Services.ServiceValues {
				if _, ok := values["endpoint_url"]; ok {
					configured[prefixOf(service)] = true
				}
			}
		}
	}
	return configured
}

// machineIsEC2 says whether this machine's DMI names Amazon EC2, as AWS documents it:
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/identify_ec2_instances.html
// Where there is no such file (macOS, Windows) the answer is no.
func machineIsEC2() bool { return dmiIsEC2("/sys/class/dmi/id") }

func dmiIsEC2(folder string) bool {
	for _, name := range []string{"sys_vendor", "board_vendor", "bios_vendor"} {
		vendor, err := os.ReadFile(filepath.Join(folder, name))
		if err == nil && strings.TrimSpace(string(vendor)) == "Amazon EC2" {
			return true
		}
	}
	// Instances of the older Xen generation name Xen as their vendor.
	version, err := os.ReadFile(filepath.Join(folder, "bios_version"))
	return err == nil && strings.HasSuffix(strings.TrimSpace(string(version)), ".amazon")
}
