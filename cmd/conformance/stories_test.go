//go:build conformance

package conformance

// newUser is a function for bash: it makes an IAM user with a key, and a profile for it.
const newUser = `
	user() { # NAME [PROFILE]
		aws iam create-user --user-name "$1"
		key=$(aws iam create-access-key --user-name "$1" --query 'AccessKey.[AccessKeyId,SecretAccessKey]' --output text)
		aws configure --profile "${2-$1}" <<<"${key/$'\t'/$'\n'}"$'\nus-east-1\njson'
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
