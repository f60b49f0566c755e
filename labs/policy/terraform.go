package policy

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
)

// What Terraform is told. A policy is JSON, which jsonencode takes as it is: an object of JSON is one of HCL too, and
// "${…}" in its strings is computed. No value of a grant can hold "${": ParseTrust and the lab's id see to that.
const (
	terraformHead = `# %s.
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.0"
    }
  }
}
`
	terraformPolicy = `
resource "aws_iam_policy" "labcheck" {
  name = "%s"
  policy = jsonencode(%s)
}

output "policy_arn" {
  value = aws_iam_policy.labcheck.arn
}
`
	terraformRole = `
resource "aws_iam_role" "labcheck" {
  name        = "%s"
  description = "%s"
  assume_role_policy = jsonencode(%s)
}

resource "aws_iam_role_policy" "labcheck" {
  name = "%s"
  role = aws_iam_role.labcheck.id
  policy = jsonencode(%s)
}

output "role_arn" {
  value = aws_iam_role.labcheck.arn
}
`
	// An account can have only one OIDC provider of a host.
	terraformProvider = `
variable "create_%[3]s_provider" {
  type        = bool
  default     = true
  description = "false if the account has the identity provider %[1]s already"
}

resource "aws_iam_openid_connect_provider" "%[3]s" {
  count          = var.create_%[3]s_provider ? 1 : 0
  url            = "https://%[1]s"
  client_id_list = ["%[2]s"]
}

data "aws_iam_openid_connect_provider" "%[3]s" {
  count = var.create_%[3]s_provider ? 0 : 1
  url   = "https://%[1]s"
}

locals {
  %[3]s_provider = concat(
    aws_iam_openid_connect_provider.%[3]s[*].arn,
    data.aws_iam_openid_connect_provider.%[3]s[*].arn,
  )[0]
}
`
)

// maxRoleName is the longest name of a role, in characters.
const maxRoleName = 64

func renderTerraform(g Grant) ([]byte, error) {
	allow, err := nested(Allow(g.Actions))
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, terraformHead, g.description())
	if g.Trust == nil {
		fmt.Fprintf(&b, terraformPolicy, g.name(), allow)
		return b.Bytes(), nil
	}
	issuer := strings.ToLower(g.Trust.Issuer())
	trust, err := nested(g.Trust.document("${local." + issuer + "_provider}"))
	if err != nil {
		return nil, err
	}
	if from := g.Trust.issuer; from != nil {
		fmt.Fprintf(&b, terraformProvider, from.host, from.audience, issuer)
	}
	name := g.name()
	fmt.Fprintf(&b, terraformRole, name[:min(len(name), maxRoleName)], g.description(), trust, name, allow)
	return b.Bytes(), nil
}

// keyOfJSON is a key at the beginning of a line. "terraform fmt" writes a space before its colon.
var keyOfJSON = regexp.MustCompile(`(?m)^( *"[^"]*"):`)

// nested is a document as the argument of a function, as "terraform fmt" would write it.
func nested(d Document) (string, error) {
	data, err := encode(d)
	text := keyOfJSON.ReplaceAllString(strings.TrimSpace(string(data)), "$1 :")
	return strings.ReplaceAll(text, "\n", "\n  "), err
}
