package cmd

import "fmt"

// otherKey is the id of an access key that the finished account does not have.
const otherKey = "AKIAI44QH8DHBEXAMPLE"

// iamMutants are about the root user, and about what the caller's IAM user signs in with.
func iamMutants() []mutant {
	const key, devices = atAlice + "/accessKeys/0", "/iam/mfaDevices"
	noMFA, noPassword := drop(devices+"/0"), drop(atAlice+"/password")
	rootKey := func(more string) edit {
		return set(atRoot+"/accessKeys", `[{"id": "`+otherKey+`", "created": "-9600h"`+more+`}]`)
	}
	secondKey := func(more string) edit {
		return set(atAlice+"/accessKeys/-", `{"id": "`+otherKey+`", `+more+`}`)
	}
	list := []mutant{
		{"root without MFA", set(atRoot+"/mfa", `false`), changes{"iam-root-mfa": "fail"}},
		{"root without MFA and password, but with a key", all(
			set(atRoot+"/mfa", `false`), set(atRoot+"/password", `false`), rootKey(""),
		), changes{"iam-root-mfa": "fail", "iam-root-no-access-keys": "fail"}},
		{"root without any credentials", all(set(atRoot+"/mfa", `false`), set(atRoot+"/password", `false`)), nil},
		{"root with an access key", rootKey(""), changes{"iam-root-no-access-keys": "fail"}},
		{"root with an inactive access key", rootKey(`, "inactive": true`), changes{"iam-root-no-access-keys": "fail"}},

		{"the user without MFA", noMFA, changes{"iam-user-mfa": "fail"}},
		{"the user without MFA and password", all(noMFA, noPassword), changes{"iam-user-mfa": "skipped"}},
		{"the user with MFA and without a password", noPassword, nil},
		{"a device that was made and never activated", drop(devices + "/0/user"), changes{"iam-user-mfa": "fail"}},
		{"another user's device", text(devices+"/0/user", "bob"), changes{"iam-user-mfa": "fail"}},
		{"a hardware token", text(devices+"/0/serial", "GAHT12345678"), nil},

		{"no access key", set(atAlice+"/accessKeys", `[]`), nil},
		{"an inactive old key", secondKey(`"created": "-9600h", "inactive": true`), nil},
		{"an active old key beside a new one", secondKey(`"created": "-9600h", "used": "-1h"`), changes{"iam-access-key-age": "fail"}},
		{"two active keys", secondKey(`"created": "-1h"`), nil},
		{"a key that nobody uses", secondKey(`"created": "-1200h"`), nil},
		{"a key that was used long ago", secondKey(`"created": "-1900h", "used": "-1200h"`), nil},
	}
	for hours, fails := range map[int]bool{90*24 - 1: false, 90 * 24: false, 90*24 + 1: true, 91 * 24: true, 9600: true} {
		m := mutant{name: fmt.Sprintf("a key of %d hours", hours), edit: text(key+"/created", fmt.Sprintf("-%dh", hours))}
		if fails {
			m.changes = changes{"iam-access-key-age": "fail"}
		}
		list = append(list, m)
	}
	return list
}

// callerMutants are about who asks.
func callerMutants() []mutant {
	const user, account, partition = "iam::123456789012:", "sts::123456789012:", "arn:aws:"
	is := func(arn, userID string) edit {
		return all(text(atCaller+"/arn", arn), text(atCaller+"/userId", userID), text(atCaller+"/accessKeyId", otherKey))
	}
	ofUser := func(verdict string) changes {
		return changes{"iam-user-mfa": verdict, "iam-access-key-age": verdict, "iam-least-privilege": verdict}
	}
	with := func(c changes, verdict string, steps ...string) changes {
		for _, step := range steps {
			c[step] = verdict
		}
		return c
	}
	const role = "AROACKCEVSQ6C2EXAMPLE:session"
	return []mutant{
		{
			"the root user asks", is(partition+user+"root", "123456789012"),
			with(ofUser("blocked by iam-caller-not-root"), "fail", "iam-caller-not-root"),
		},
		{"a role asks", is(partition+account+"assumed-role/deploy/session", role), ofUser("skipped")},
		{
			"Identity Center asks",
			is(partition+account+"assumed-role/AWSReservedSSO_Student_0123456789abcdef/alice", role), ofUser("skipped"),
		},
		{"a federated user asks", is(partition+account+"federated-user/alice", "123456789012:alice"), ofUser("skipped")},
		{
			"a Learner Lab asks", is(partition+account+"assumed-role/voclabs/user1=alice@example.com", role),
			with(ofUser("skipped"), "skipped", "iam-root-mfa", "iam-root-no-access-keys", "billing-alarm"),
		},
		{
			"a principal of an unknown kind asks", is(partition+account+"assumed-agent/deploy/session", role),
			with(ofUser("unknown unsupported"), "unknown unsupported", "iam-caller-not-root"),
		},
		{"an IAM user with a path asks", all(
			text(atAlice+"/path", "/students/"), text(atCaller+"/arn", partition+user+"user/students/alice"),
		), nil},
	}
}
