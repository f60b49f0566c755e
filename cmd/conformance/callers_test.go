//go:build conformance

package conformance

// callers are the other identities that a learner may work as.
func callers() story {
	const asRole = `
		temporary() { # PROFILE ROLE SESSION
			keys=$(aws sts assume-role --role-arn "arn:aws:iam::$ACCOUNT:role/$2" --role-session-name "$3" \
			  --query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]' --output text)
			read -r id secret token <<<"$keys"
			printf '\n[%s]\naws_access_key_id = %s\naws_secret_access_key = %s\naws_session_token = %s\n' \
			  "$1" "$id" "$secret" "$token" >>~/.aws/credentials
			printf '\n[profile %s]\nregion = us-east-1\n' "$1" >>~/.aws/config
		}`
	return story{name: "who is calling", scenarios: []scenario{
		{
			name:    "an administrator",
			types:   `aws iam attach-user-policy --user-name alice --policy-arn arn:aws:iam::aws:policy/AdministratorAccess`,
			changes: table{"iam-least-privilege": "partial 50"},
		},
		{
			name: "the same by an inline policy",
			types: `
				aws iam put-user-policy --user-name alice --policy-name all --policy-document \
				  '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}'`,
			changes: table{"iam-least-privilege": "fail"},
		},
		{
			name: "a role that the profile assumes",
			types: newUser + `
				role developer
				printf '\n[profile developer]\nrole_arn = %s\n' "arn:aws:iam::$ACCOUNT:role/developer" >>~/.aws/config
				printf 'role_session_name = alice\nsource_profile = default\nregion = us-east-1\n' >>~/.aws/config`,
			flags:  []string{"--profile", "developer"},
			caller: ":assumed-role/developer/alice",
			changes: table{
				"iam-access-key-age":  "skipped",
				"iam-least-privilege": "skipped",
			},
		},
		{
			name: "a user of Identity Center",
			types: newUser + asRole + `
				role AWSReservedSSO_PowerUserAccess_0123456789abcdef
				temporary sso AWSReservedSSO_PowerUserAccess_0123456789abcdef alice`,
			flags: []string{"--profile", "sso"}, caller: ":assumed-role/AWSReservedSSO_PowerUserAccess_0123456789abcdef/alice",
			says: table{"iam-caller-not-root": "Identity Center"},
		},
		{
			name: "an AWS Academy Learner Lab",
			types: newUser + asRole + `
				role voclabs
				temporary academy voclabs user1234567=alice@example.com`,
			flags: []string{"--profile", "academy", "--student", "alice"},
			changes: table{
				"iam-root-mfa":            "skipped",
				"iam-root-no-access-keys": "skipped",
				"billing-alarm":           "skipped",
			},
		},
		{
			name: "the second of two IAM users", anew: true, caller: ":user/bob",
			types: newUser + `
				worker bob
				aws iam create-login-profile --user-name bob --password 'Correct-horse-1'`,
			flags:   []string{"--profile", "bob"},
			changes: table{"iam-user-mfa": "fail"},
		},
		{
			name: "the first of them, who is as before", anew: true, caller: ":user/alice",
			changes: table{"iam-least-privilege": "fail"},
		},
	}}
}
