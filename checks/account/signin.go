package account

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"net/url"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/ec2rolecreds"
	"github.com/aws/aws-sdk-go-v2/credentials/processcreds"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"github.com/labcheck/labcheck/checks/facts"
)

// signIn is the SDK's own way to the credentials. It marks what goes wrong on it, so that the failure of a sign-in is
// never taken for an answer of the service that was asked.
type signIn struct {
	aws.CredentialsProvider
	profile    string
	configured bool
}

// newSignIn wraps the provider that the SDK found. Its last resort is the metadata service of EC2: elsewhere that means
// that nothing is configured.
func newSignIn(provider aws.CredentialsProvider, profile string, hasIMDS bool) signIn {
	lastResort := aws.IsCredentialsProvider(provider, (*ec2rolecreds.Provider)(nil))
	return signIn{CredentialsProvider: provider, profile: profile, configured: hasIMDS || !lastResort}
}

// Retrieve implements aws.CredentialsProvider. Its error is a *signInError, except when ctx ends.
func (s signIn) Retrieve(ctx context.Context) (aws.Credentials, error) {
	if !s.configured {
		return aws.Credentials{}, &signInError{err: errNothingConfigured, profile: s.profile}
	}
	credentials, err := s.CredentialsProvider.Retrieve(ctx)
	var before *signInError
	if errors.As(err, &before) {
		return credentials, before // of the credentials that a role is assumed with
	}
	if err != nil && ctx.Err() == nil {
		err = &signInError{err: err, profile: s.profile, sources: s.ProviderSources()}
	}
	return credentials, err
}

// ProviderSources names the kinds of the providers that the credentials come through.
func (s signIn) ProviderSources() []aws.CredentialSource {
	if p, ok := s.CredentialsProvider.(aws.CredentialProviderSource); ok {
		return p.ProviderSources()
	}
	return nil
}

// withoutStderr keeps what a credential process says on its standard error from the person's terminal and from a job's
// log, where the SDK lets it through unread: it may be a secret. Other providers stay as they are.
func withoutStderr(provider aws.CredentialsProvider, command string) aws.CredentialsProvider {
	if !aws.IsCredentialsProvider(provider, (*processcreds.Provider)(nil)) {
		return provider
	}
	build := func(ctx context.Context) (*exec.Cmd, error) {
		cmd, err := processcreds.DefaultNewCommandBuilder{Args: []string{command}}.NewCommand(ctx)
		if err == nil {
			cmd.Stdout, cmd.Stderr = &atMost{maxCredentials}, nil
			cmd.WaitDelay = time.Second // one that is ended may have left a child with its output
		}
		return cmd, err
	}
	return aws.NewCredentialsCache(processcreds.NewProviderCommand(processcreds.NewCommandBuilderFunc(build),
		func(o *processcreds.Options) {
			if p, ok := provider.(aws.CredentialProviderSource); ok {
				o.CredentialSources = p.ProviderSources()
			}
		}))
}

// maxCredentials is the longest output of a credential process that is read, in bytes.
const maxCredentials = 64 << 10

// atMost takes so many bytes, and ends whoever writes more.
type atMost struct{ left int }

func (w *atMost) Write(p []byte) (int, error) {
	if w.left -= len(p); w.left < 0 {
		return 0, errors.New("the output is too long")
	}
	return len(p), nil
}

var errNothingConfigured = errors.New("no credentials are configured")

// signInError is a failure to get credentials. Its text is for nobody's eyes: that of a credential process, for one,
// holds what the process printed.
type signInError struct {
	err     error
	profile string
	sources []aws.CredentialSource
}

func (e *signInError) Error() string { return "the credentials could not be got" }
func (e *signInError) Unwrap() error { return e.err }

// RetryableError keeps a call from asking again: the SDK has retried the sign-in itself.
func (e *signInError) RetryableError() bool { return false }

// explain finds the reason of a failed sign-in, the missing action if there is one, and what to do.
func (e *signInError) explain() (facts.Reason, string, string) {
	var api smithy.APIError
	if errors.As(e.err, &api) {
		return e.explainRefusal(api)
	}
	if errors.Is(e.err, errNothingConfigured) {
		return facts.NoCredentials, "", "no credentials are configured: run " + e.command("aws configure")
	}
	if reason, detail := explainNetwork(e.err); reason != facts.InternalError {
		return reason, "", detail
	}
	// The provider of aws login has no type for its missing file.
	missing := errors.Is(e.err, fs.ErrNotExist) || strings.Contains(e.err.Error(), "token file not found")
	switch {
	case e.from(aws.CredentialSourceSSO, aws.CredentialSourceSSOLegacy) && missing:
		return facts.NoCredentials, "", "nobody has signed in to IAM Identity Center yet: run " + e.command("aws sso login")
	case e.from(aws.CredentialSourceSSO, aws.CredentialSourceSSOLegacy):
		return facts.ExpiredCredentials, "", "the session of IAM Identity Center has expired: run " +
			e.command("aws sso login")
	case e.from(aws.CredentialSourceLogin) && missing:
		return facts.NoCredentials, "", "nobody has signed in yet: run " + e.command("aws login")
	case e.from(aws.CredentialSourceLogin):
		return facts.ExpiredCredentials, "", "the login session has expired: run " + e.command("aws login")
	case e.from(aws.CredentialSourceProcess):
		return facts.NoCredentials, "", "the profile's credential_process gave no credentials: run it by hand to see why"
	case e.from(aws.CredentialSourceIMDS):
		return facts.NoCredentials, "", "this EC2 instance has no role with credentials: attach one, or run aws configure"
	case e.from(aws.CredentialSourceHTTP):
		return facts.NoCredentials, "", "the container's credentials endpoint gave no credentials"
	case e.from(aws.CredentialSourceEnvVarsSTSWebIDToken, aws.CredentialSourceProfileSTSWebIDToken):
		return facts.NoCredentials, "", "the web identity token file cannot be read"
	}
	return facts.NoCredentials, "", "the configured credentials cannot be used: " +
		"run aws configure list to see where they come from"
}

// explainRefusal reads the answer of a sign-in service that gave no credentials.
func (e *signInError) explainRefusal(api smithy.APIError) (facts.Reason, string, string) {
	reason, known := reasonOfCode[api.ErrorCode()]
	switch {
	case api.ErrorCode() == "ForbiddenException": // sso:GetRoleCredentials
		return facts.RejectedCredentials, "", "IAM Identity Center does not give this user the profile's role"
	case e.from(aws.CredentialSourceSSO, aws.CredentialSourceSSOLegacy):
		return facts.ExpiredCredentials, "", "the session of IAM Identity Center has ended: run " + e.command("aws sso login")
	case e.from(aws.CredentialSourceLogin):
		return facts.ExpiredCredentials, "", "the login session has ended: run " + e.command("aws login")
	case known && reason == facts.AccessDenied:
		action, detail := explainDenial("sts:AssumeRole", api.ErrorMessage())
		return facts.RejectedCredentials, action, "the role may not be assumed: " + detail
	case known && plainDetails[reason] != "":
		return reason, "", plainDetails[reason]
	}
	if codeOf(api) == noCode {
		return facts.InvalidResponse, "", "the sign-in was answered with an error that has no name: " +
			"is a proxy or a firewall of the network in the way?"
	}
	return facts.RejectedCredentials, "", "the sign-in was answered with " + api.ErrorCode()
}

// command is what a person types for the profile in use.
func (e *signInError) command(command string) string {
	if e.profile == "" || e.profile == "default" {
		return command
	}
	return command + " --profile " + facts.HideSecrets(e.profile)
}

func (e *signInError) from(kinds ...aws.CredentialSource) bool {
	return slices.ContainsFunc(e.sources, func(s aws.CredentialSource) bool { return slices.Contains(kinds, s) })
}

// explainLoad reads an error about the environment or the configuration files, before anything is asked.
func explainLoad(err error) *facts.Error {
	e := &facts.Error{Reason: facts.NoCredentials, Err: err}
	var noProfile config.SharedConfigProfileNotExistError
	var unreadable config.SharedConfigLoadError
	var noMFA config.AssumeRoleTokenProviderNotSetError
	var badRole config.SharedConfigAssumeRoleError
	var noARN config.CredentialRequiresARNError
	var address *url.Error
	switch {
	case errors.As(err, &noMFA):
		e.Detail = "the profile's role asks for an MFA code, which labcheck cannot ask for: " +
			"export the keys of a session (aws sts get-session-token)"
	case errors.As(err, &badRole):
		source := facts.HideSecrets(badRole.Profile)
		e.Detail = "the profile " + source + ", with which the role is taken on, does not exist or has no credentials: " +
			"run aws configure --profile " + source
	case errors.As(err, &noARN):
		e.Detail = "the profile " + facts.HideSecrets(noARN.Profile) + " needs a role_arn"
	case errors.As(err, &noProfile):
		e.Detail = "there is no profile " + facts.HideSecrets(noProfile.Profile) +
			" in the AWS configuration files: run aws configure list-profiles"
	case errors.As(err, &address):
		e.Detail = "an address in the AWS configuration is not a URL" // it may hold a password
	case errors.As(err, &unreadable):
		e.Detail = "the AWS configuration file " + unreadable.Filename + " cannot be read"
	default:
		e.Detail = clip("the AWS configuration cannot be used: " + err.Error())
	}
	return e
}

// roleSettings correct the clients with which the SDK assumes a profile's role. It makes them before it knows of the
// endpoint that is configured for STS and would ask AWS itself, which the AWS CLI does not; and it makes the provider
// of a credential process behind a source_profile itself.
type roleSettings struct {
	url     *string // STS's endpoint; nil: AWS's own
	process string  // the credential_process that the chain of profiles begins with, if any
}

// options make the clients of the sign-in use the settings, which may be known later than they are made.
func (s *roleSettings) options() []func(*config.LoadOptions) error {
	return []func(*config.LoadOptions) error{
		config.WithAssumeRoleCredentialOptions(func(o *stscreds.AssumeRoleOptions) {
			if o.Client != nil {
				o.Client = roleClient{o.Client, s}
			}
		}),
		config.WithWebIdentityRoleCredentialOptions(func(o *stscreds.WebIdentityRoleOptions) {
			if o.Client != nil {
				o.Client = webIdentityClient{o.Client, s}
			}
		}),
	}
}

// resolveEndpoint takes the endpoint from what was given, else from what the SDK has read.
func (s *roleSettings) resolveEndpoint(given string, cfg aws.Config) {
	if given != "" {
		s.url = aws.String(given)
		return
	}
	s.url = sts.NewFromConfig(cfg).Options().BaseEndpoint
}

func (s *roleSettings) apply(o *sts.Options) {
	if s.url != nil {
		o.BaseEndpoint = s.url
	}
	o.Credentials = withoutStderr(o.Credentials, s.process)
}

// firstProcess is the credential_process with which a chain of source profiles begins; "" if it begins with another
// kind of credentials.
func firstProcess(profile config.SharedConfig) string {
	for profile.Source != nil {
		profile = *profile.Source
	}
	return profile.CredentialProcess
}

type roleClient struct {
	stscreds.AssumeRoleAPIClient
	settings *roleSettings
}

// AssumeRole implements stscreds.AssumeRoleAPIClient.
func (c roleClient) AssumeRole(
	ctx context.Context, in *sts.AssumeRoleInput, options ...func(*sts.Options),
) (*sts.AssumeRoleOutput, error) {
	return c.AssumeRoleAPIClient.AssumeRole(ctx, in, append(options, c.settings.apply)...)
}

type webIdentityClient struct {
	stscreds.AssumeRoleWithWebIdentityAPIClient
	settings *roleSettings
}

// AssumeRoleWithWebIdentity implements stscreds.AssumeRoleWithWebIdentityAPIClient.
func (c webIdentityClient) AssumeRoleWithWebIdentity(
	ctx context.Context, in *sts.AssumeRoleWithWebIdentityInput, options ...func(*sts.Options),
) (*sts.AssumeRoleWithWebIdentityOutput, error) {
	return c.AssumeRoleWithWebIdentityAPIClient.AssumeRoleWithWebIdentity(ctx, in, append(options, c.settings.apply)...)
}

// roleSession is the name of our session of an assumed role: the role's owner reads it in CloudTrail.
const roleSession = "labcheck"

// assumeRole is the way to the credentials of the option's role, with those of a configuration. Like every way to
// credentials it is not under the guard.
func assumeRole(with aws.Config, o Options, settings *roleSettings) aws.CredentialsProvider {
	client := roleClient{sts.NewFromConfig(with), settings}
	session := func(policy *string) aws.CredentialsProvider {
		return aws.NewCredentialsCache(stscreds.NewAssumeRoleProvider(client, o.RoleARN, func(a *stscreds.AssumeRoleOptions) {
			a.RoleSessionName = cmp.Or(o.RoleSession, roleSession)
			a.Policy = policy
			if o.ExternalID != "" {
				a.ExternalID = aws.String(o.ExternalID)
			}
		}))
	}
	if len(o.RolePolicies) == 0 {
		return session(nil)
	}
	all := narrowed{first: session(&o.RolePolicies[0].Policy), of: map[string]aws.CredentialsProvider{}}
	for i, p := range o.RolePolicies {
		credentials := all.first
		if i > 0 {
			credentials = session(&p.Policy)
		}
		for _, operation := range p.Operations {
			all.of[operation] = credentials
		}
	}
	return all
}

// narrowed are the sessions of one role, each narrowed to a part of what is asked. A session begins when something is
// asked with it.
type narrowed struct {
	first aws.CredentialsProvider
	of    map[string]aws.CredentialsProvider // by operation
}

// Retrieve implements aws.CredentialsProvider: which session it is depends on the operation that is being signed.
func (n narrowed) Retrieve(ctx context.Context) (aws.Credentials, error) {
	if credentials, ok := n.of[operationOf(ctx)]; ok {
		return credentials.Retrieve(ctx)
	}
	return n.first.Retrieve(ctx)
}

// ProviderSources implements aws.CredentialProviderSource.
func (n narrowed) ProviderSources() []aws.CredentialSource {
	return signIn{CredentialsProvider: n.first}.ProviderSources()
}
