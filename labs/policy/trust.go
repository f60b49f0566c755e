package policy

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/labcheck/labcheck/checks/facts"
)

// Trust says who may take on the role. ParseTrust makes it.
type Trust struct {
	issuer  *issuer // of the token with which a pipeline proves who it is; nil: an account is trusted
	subject string  // of the token, with "*" at its end or exact
	project string  // the number of GitLab's project; empty: its path alone counts
	// bareNames says that the subject of GitHub has no ids, and so does not fit a newer repository.
	bareNames bool

	account, externalID string
	// asked says that the external id is a parameter of the template, and the role has the name that a sweep asks for.
	asked bool
}

// issuer signs the tokens of a service's pipelines.
type issuer struct {
	name     string // as the service writes itself
	host     string // what AWS calls the provider and its condition keys
	audience string // what the token must be made for
}

// github signs for the audience that AWS's own action asks for:
// https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws
func github() *issuer {
	return &issuer{"GitHub", "token.actions.githubusercontent.com", "sts.amazonaws.com"}
}

// gitlab signs for what a job's id_tokens say, and the template of labcheck says this:
// https://docs.gitlab.com/ci/cloud_services/aws/
func gitlab() *issuer { return &issuer{"GitLab", "gitlab.com", "https://gitlab.com"} }

var (
	// Names of GitHub:
	// https://docs.github.com/en/enterprise-cloud@latest/admin/managing-iam/iam-configuration-reference A name may
	// carry its numeric id, as the tokens of newer repositories do.
	githubOwner = onUse(`^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,38})(@[0-9]{1,20})?$`)
	githubName  = onUse(`^[A-Za-z0-9._-]{1,100}(@[0-9]{1,20})?$`)
	// gitlabPath is the path of a project through its groups, with its number or without; gitlabName is one part of it:
	// https://docs.gitlab.com/user/reserved_names/
	gitlabPath = onUse(`^([^@]+/[^@]+?)(?:@([0-9]{1,20}))?$`)
	gitlabName = onUse(`^[A-Za-z0-9_.][A-Za-z0-9_.-]*$`)
	// gitRef leaves out what means something in a policy or a template ("*", "?", "$"), though git would take "$".
	gitRef = onUse(`^[A-Za-z0-9][A-Za-z0-9._+@/-]*$`)
	// externalID is the pattern of STS: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
	externalID = onUse(`^[A-Za-z0-9_+=,.@:/-]{2,}$`)
)

// onUse compiles a pattern when it is first used: it takes its time whenever labcheck starts otherwise.
func onUse(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}

// The longest of them, in bytes. In a pattern, a count as large takes its time.
const (
	maxName       = 255
	maxRef        = 250
	maxExternalID = 1224
)

// ValidExternalID says whether STS takes this as an external id.
func ValidExternalID(id string) bool { return externalID().MatchString(id) && len(id) <= maxExternalID }

// ParseTrust reads who is to be trusted: github:OWNER/REPO, gitlab:GROUP/PROJECT, either with :REF, or account:ID. An
// account needs an external id, and a pipeline has none. REF is a branch, or a whole ref such as refs/tags/v1. What is
// wrong with the text is said with what to type.
func ParseTrust(text, external string) (*Trust, error) {
	kind, who, _ := strings.Cut(text, ":")
	switch {
	case (kind == "github" || kind == "gitlab") && external != "":
		return nil, errors.New("an external id goes with account:ID; a pipeline proves who it is with a token")
	case kind == "github":
		return parseGitHub(who)
	case kind == "gitlab":
		return parseGitLab(who)
	case kind == "account":
		return parseAccount(who, external)
	}
	return nil, fmt.Errorf("%q: write it as github:OWNER/REPO, gitlab:GROUP/PROJECT, either with :BRANCH, "+
		"or account:123456789012", text)
}

func parseGitHub(who string) (*Trust, error) {
	repository, ref, hasRef := strings.Cut(who, ":")
	owner, name, _ := strings.Cut(repository, "/")
	o, n := githubOwner().FindStringSubmatch(owner), githubName().FindStringSubmatch(name)
	if o == nil || n == nil || name == "." || name == ".." {
		return nil, fmt.Errorf("github:%s: a repository is written as OWNER/REPO, such as octo-org/octo-repo", who)
	}
	if (o[1] == "") != (n[1] == "") {
		return nil, fmt.Errorf("github:%s: give the ids of both or of none, as OWNER@ID/REPO@ID", who)
	}
	t := &Trust{issuer: github(), subject: "repo:" + repository + ":*", bareNames: o[1] == ""}
	if !hasRef {
		return t, nil
	}
	kind, ref, err := parseRef(ref)
	if err != nil {
		return nil, fmt.Errorf("github:%s: %w", who, err)
	}
	t.subject = "repo:" + repository + ":ref:refs/" + kind + "/" + ref
	return t, nil
}

// parseGitLab reads a project of gitlab.com. The subject is project_path:PATH:ref_type:branch:ref:NAME:
// https://docs.gitlab.com/ci/secrets/id_token_authentication/
func parseGitLab(who string) (*Trust, error) {
	project, ref, hasRef := strings.Cut(who, ":")
	m := gitlabPath().FindStringSubmatch(project)
	if m == nil || slices.ContainsFunc(strings.Split(m[1], "/"), isNoName) {
		return nil, fmt.Errorf("gitlab:%s: a project is written as GROUP/PROJECT, such as acme/tools/shop", who)
	}
	t := &Trust{issuer: gitlab(), project: m[2], subject: "project_path:" + m[1] + ":*"}
	if !hasRef {
		return t, nil
	}
	kind, ref, err := parseRef(ref)
	types := map[string]string{"heads": "branch", "tags": "tag"}
	if err == nil && types[kind] == "" {
		err = fmt.Errorf("GitLab's tokens name branches and tags, and no refs/%s", kind)
	}
	if err != nil {
		return nil, fmt.Errorf("gitlab:%s: %w", who, err)
	}
	t.subject = "project_path:" + m[1] + ":ref_type:" + types[kind] + ":ref:" + ref
	return t, nil
}

// isNoName says whether a part of a path cannot be the name of a group or a project.
func isNoName(part string) bool {
	return !gitlabName().MatchString(part) || len(part) > maxName || part == "." || part == ".."
}

// parseRef takes a branch or a whole ref apart: heads and main, tags and v1.
func parseRef(text string) (kind, name string, err error) {
	if !gitRef().MatchString(text) || len(text) > maxRef || strings.Contains(text, "..") ||
		strings.Contains(text, "//") || strings.HasSuffix(text, "/") {
		return "", "", fmt.Errorf("%q is no branch and no ref such as refs/tags/v1", text)
	}
	whole, ok := strings.CutPrefix(text, "refs/")
	if !ok {
		return "heads", text, nil
	}
	kind, name, ok = strings.Cut(whole, "/")
	if !ok {
		return "", "", fmt.Errorf("%q is no branch and no ref such as refs/tags/v1", text)
	}
	return kind, name, nil
}

func parseAccount(id, external string) (*Trust, error) {
	switch {
	case !facts.IsAccountID(id):
		return nil, fmt.Errorf("account:%s: an account's id has 12 digits, such as 123456789012", id)
	case external == "":
		return nil, errors.New("account:ID needs an external id, a word that the two of you agree on: without it, " +
			"somebody else who uses the same service could come in (AWS calls this the confused deputy)")
	case !ValidExternalID(external):
		return nil, errors.New("an external id has 2 to 1224 letters, digits and characters of _+=,.@:/-")
	}
	return &Trust{account: id, externalID: external}, nil
}

// ParseTemplateTrust reads account:ID for a template of which each student says the external id: one template serves a
// class.
func ParseTemplateTrust(text string) (*Trust, error) {
	const some = "parameter"
	t, err := ParseTrust(text, some)
	if err != nil {
		return nil, err
	}
	t.externalID, t.asked = "", true
	return t, nil
}

// Issuer names the service whose pipelines are trusted, for which the account needs an OIDC provider. It is empty where
// an account is trusted.
func (t *Trust) Issuer() string {
	if t.issuer == nil {
		return ""
	}
	return t.issuer.name
}

// BarePath says whether a project of GitLab is trusted by its path alone, which somebody else can take once it is free.
func (t *Trust) BarePath() bool { return t.Issuer() == "GitLab" && t.project == "" }

// BareNames says whether a repository is trusted by its names alone. One created or renamed from 15 July 2026 on names
// itself with ids too, and is not matched: https://docs.github.com/en/actions/reference/security/oidc
func (t *Trust) BareNames() bool { return t.bareNames }

// document is the trust policy. The provider is the ARN of the issuer's OIDC provider in the role's account, or what a
// template computes it with.
func (t *Trust) document(provider any) Document {
	s := Statement{Sid: "LabcheckTrust", Effect: "Allow"}
	if t.issuer == nil {
		// The bare id stands for the account's root ARN in every partition.
		s.Principal, s.Action = map[string]any{"AWS": t.account}, []string{"sts:AssumeRole"}
		s.Condition = map[string]map[string]string{"StringEquals": {"sts:ExternalId": t.externalID}}
		return Document{languageVersion, []Statement{s}}
	}
	s.Principal, s.Action = map[string]any{"Federated": provider}, []string{"sts:AssumeRoleWithWebIdentity"}
	equals := map[string]string{t.issuer.host + ":aud": t.issuer.audience}
	s.Condition = map[string]map[string]string{"StringEquals": equals}
	if t.project != "" {
		equals[t.issuer.host+":project_id"] = t.project
	}
	if strings.HasSuffix(t.subject, "*") {
		s.Condition["StringLike"] = map[string]string{t.issuer.host + ":sub": t.subject}
	} else {
		equals[t.issuer.host+":sub"] = t.subject
	}
	return Document{languageVersion, []Statement{s}}
}
