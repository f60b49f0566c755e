//go:build conformance

package conformance

// machine is what goes wrong on the student's own machine.
func machine() story {
	return story{name: "the machine", scenarios: []scenario{
		{
			name: "docker is signed in to another Region",
			types: `aws ecr get-login-password --region us-west-2 | docker login --username AWS --password-stdin \
				$ACCOUNT.dkr.ecr.us-west-2.amazonaws.com`,
			says: table{"ecr-docker-login": "found a sign-in to"},
		},
		{
			name: "a key is in the repository",
			types: `
				key=$(aws iam create-access-key --user-name alice --query 'AccessKey.[AccessKeyId,SecretAccessKey]' --output text)
				printf '[default]\naws_access_key_id = %s\naws_secret_access_key = %s\n' $key >credentials
				tr '\t' '\n' <<<"$key" >../keys-to-remove.txt
				git add credentials
				git -c user.name=alice -c user.email=alice@example.com commit --quiet --message 'Add everything'`,
			changes: table{"git-no-aws-keys": "fail"},
			says:    table{"git-no-aws-keys": "in credentials line 2"},
		},
		{
			name: "a later commit removes the key",
			types: `
				git rm --quiet credentials
				git -c user.name=alice -c user.email=alice@example.com commit --quiet --message 'Remove the key'`,
			says: table{"git-no-aws-keys": "in the history"},
		},
		{
			name: "the key is removed from the history", fix: "git-no-aws-keys",
			types: `git clone --quiet --no-local . ../fresh && cd .. && rm -rf docker-api && mv fresh docker-api`,
			// as the fix wants it
			changes: table{"git-no-aws-keys": "pass"},
		},
		{
			name:  "the machine is not looked at",
			flags: []string{"--no-workstation"},
			changes: table{
				"cli-configured":   "unknown not_looked",
				"git-no-aws-keys":  "unknown not_looked",
				"ecr-docker-login": "unknown not_looked",
			},
		},
	}}
}
