package policy

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/labcheck/labcheck/checks/facts"
)

// Trust says who may take on the role. ParseTrust makes it.
type Trust struct {
	github  bool
	subject string // github: the subject of the token, with "*" at its end or exact
	// bareNames says that the subject has no ids, and so does not fit a newer repository.
	bareNames bool

	account, externalID string
}

// The host that signs the tokens of GitHub Actions, and the audience that AWS's own action asks for:
// https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws
const (
	githubHost = "token.actions.githubusercontent.com"
	audience   = "sts.amazonaws.com"
)

var (
	// Names of GitHub:
	// https://docs.github.com/en/enterprise-cloud@latest/admin/managing-iam/iam-configuration-reference A name may
	// carry its numeric id, as the tokens of newer repositories do.
	githubOwner = regexp.MustCompile(`^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,38})(@[0-9]{1,20})?$`)
	githubName  = regexp.MustCompile(`^[A-Za-z0-9._-]{1,100}(@[0-9]{1,20})?$`)
	// gitRef leaves out what means something in a policy or a template ("*", "?", "$"), though git would take "$".
	gitRef = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._+@/-]{0,249}$`)
	// externalID is the pattern of STS: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
	externalID = regexp.MustCompile(`^[A-Za-z0-9_+=,.@:/-]{2,}$`)
)

const maxExternalID = 1224

// ValidExternalID says whether STS takes this as an external id.
func ValidExternalID(id string) bool { return externalID.MatchString(id) && len(id) <= maxExternalID }

// ParseTrust reads who is to be trusted: github:OWNER/REPO, github:OWNER/REPO:REF or account:ID. An account needs an
// external id, and GitHub has none. REF is a branch, or a whole ref such as refs/tags/v1. The error says what to type.
func ParseTrust(text, external string) (*Trust, error) {
	kind, who, _ := strings.Cut(text, ":")
	switch {
	case kind == "github" && external != "":
		return nil, errors.New("an external id goes with account:ID; GitHub proves who it is with a token")
	case kind == "github":
		return parseGitHub(who)
	case kind == "account":
		return parseAccount(who, external)
	}
	return nil, fmt.Errorf("%q: write it as github:OWNER/REPO, github:OWNER/REPO:BRANCH or account:123456789012", text)
}

func parseGitHub(who string) (*Trust, error) {
	repository, ref, hasRef := strings.Cut(who, ":")
	owner, name, _ := strings.Cut(repository, "/")
	o, n := githubOwner.FindStringSubmatch(owner), githubName.FindStringSubmatch(name)
	if o == nil || n == nil || name == "." || name == ".." {
		return nil, fmt.Errorf("github:%s: a repository is written as OWNER/REPO, such as octo-org/octo-repo", who)
	}
	if (o[1] == "") != (n[1] == "") {
		return nil, fmt.Errorf("github:%s: give the ids of both or of none, as OWNER@ID/REPO@ID", who)
	}
	t := &Trust{github: true, subject: "repo:" + repository + ":*", bareNames: o[1] == ""}
	if !hasRef {
		return t, nil
	}
	if !gitRef.MatchString(ref) || strings.Contains(ref, "..") || strings.Contains(ref, "//") ||
		strings.HasSuffix(ref, "/") {
		return nil, fmt.Errorf("github:%s: %q is no branch and no ref such as refs/tags/v1", who, ref)
	}
	if !strings.HasPrefix(ref, "refs/") {
		ref = "refs/heads/" + ref
	}
	t.subject = "repo:" + repository + ":ref:" + ref
	return t, nil
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

// GitHub says whether it is GitHub Actions that is trusted, for which the account needs an OIDC provider.
func (t *Trust) GitHub() bool { return t.github }

// BareNames says whether a repository is trusted by its names alone. One created or renamed from 15 July 2026 on names
// itself with ids too, and is not matched: https://docs.github.com/en/actions/reference/security/oidc
func (t *Trust) BareNames() bool { return t.bareNames }

// document is the trust policy. The provider is the ARN of GitHub's OIDC provider in the role's account, or what a
// template computes it with.
func (t *Trust) document(provider any) Document {
	s := Statement{Sid: "LabcheckTrust", Effect: "Allow"}
	if !t.github {
		// The bare id stands for the account's root ARN in every partition.
		s.Principal, s.Action = map[string]any{"AWS": t.account}, []string{"sts:AssumeRole"}
		s.Condition = map[string]map[string]string{"StringEquals": {"sts:ExternalId": t.externalID}}
		return Document{languageVersion, []Statement{s}}
	}
	s.Principal, s.Action = map[string]any{"Federated": provider}, []string{"sts:AssumeRoleWithWebIdentity"}
	s.Condition = map[string]map[string]string{"StringEquals": {githubHost + ":aud": audience}}
	if strings.HasSuffix(t.subject, "*") {
		s.Condition["StringLike"] = map[string]string{githubHost + ":sub": t.subject}
	} else {
		s.Condition["StringEquals"][githubHost+":sub"] = t.subject
	}
	return Document{languageVersion, []Statement{s}}
}
