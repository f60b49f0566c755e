//go:build conformance

package conformance

// newUser has functions for bash. user makes an IAM user with a key, and a profile for it; worker gives the user what
// daily work needs; role makes a role with the same, which the account may assume.
const newUser = `
	user() { # NAME [PROFILE]
		aws iam create-user --user-name "$1"
		key=$(aws iam create-access-key --user-name "$1" --query 'AccessKey.[AccessKeyId,SecretAccessKey]' --output text)
		aws configure --profile "${2-$1}" <<<"${key/$'\t'/$'\n'}"$'\nus-east-1\njson'
	}
	worker() { # NAME [PROFILE]
		user "$@"
		aws iam attach-user-policy --user-name "$1" --policy-arn arn:aws:iam::aws:policy/PowerUserAccess
		aws iam attach-user-policy --user-name "$1" --policy-arn arn:aws:iam::aws:policy/IAMReadOnlyAccess
	}
	role() { # NAME
		aws iam create-role --role-name "$1" --assume-role-policy-document '{"Version": "2012-10-17", "Statement": [
		  {"Effect": "Allow", "Principal": {"AWS": "'"$ACCOUNT"'"}, "Action": "sts:AssumeRole"}]}'
		aws iam attach-role-policy --role-name "$1" --policy-arn arn:aws:iam::aws:policy/PowerUserAccess
		aws iam attach-role-policy --role-name "$1" --policy-arn arn:aws:iam::aws:policy/IAMReadOnlyAccess
	}
`

// stories are all that is told on the emulator. Each has an account of its own, and they run side by side.
func stories() []story {
	return []story{
		typed(), // the longest first
		notes(),
		callers(),
		billing(),
		network(),
		registry(),
		machine(),
		stray(),
		policies(),
		logGroup(),
	}
}
