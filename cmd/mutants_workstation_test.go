package cmd

import (
	"encoding/base64"
	"fmt"
)

// workstationMutants are about the student's own machine.
func workstationMutants() []mutant {
	list := append(cliMutants(), dockerMutants()...)
	return append(list, gitMutants()...)
}

// cliMutants are about the AWS CLI's program and settings.
func cliMutants() []mutant {
	const (
		program = "/workstation/commands/0"
		id      = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE"
		secret  = "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
		session = "sso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Student\n"
	)
	fail := changes{"cli-configured": "fail"}
	env := func(pairs string) edit { return set("/workstation/env", pairs) }
	list := []mutant{
		{"no AWS CLI", drop(program), fail},
		{"version 1 of the AWS CLI", replace(program+"/stdout", "aws-cli/2.32.3", "aws-cli/1.45.1"), nil},
		{
			"another program named aws", text(program+"/stdout", "a window system, version 3\n"),
			changes{"cli-configured": "unknown invalid_response"},
		},
		{"an AWS CLI that does not run", set(program+"/exit", `1`), changes{"cli-configured": "unknown invalid_response"}},
		{"an AWS CLI that a version manager misses", set(program+"/exit", `127`), fail},

		{"no credentials file", drop(atCLIKeys), fail},
		{"a credentials file named .txt", move(atCLIKeys, atCLIKeys+".txt"), fail},
		{"the keys in the config file", all(drop(atCLIKeys), replace(atCLIConfig, "output = json", id+"\n"+secret)), nil},
		{"a secret in quotes", replace(atCLIKeys, "wJalr", `"wJalr`), fail},
		{"a secret with a space", replace(atCLIKeys, "K7MDENG", "K7 MDENG"), fail},
		{"no secret", replace(atCLIKeys, secret, ""), fail},
		{"an empty secret", replace(atCLIKeys, secret, "aws_secret_access_key ="), fail},
		{"the two halves of the key swapped", text(atCLIKeys, "[default]\naws_access_key_id = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n"+
			"aws_secret_access_key = AKIAIOSFODNN7EXAMPLE\n"), fail},
		{"a temporary key without its token", replace(atCLIKeys, "AKIA", "ASIA"), fail},
		{"a temporary key with its token", all(
			replace(atCLIKeys, "AKIA", "ASIA"), replace(atCLIKeys, secret, secret+"\naws_session_token = EXAMPLE"),
		), nil},
		{"a line that is no setting", replace(atCLIKeys, "[default]", "[default]\nexport"), fail},
		{"a section twice", replace(atCLIKeys, "[default]", "[default]\n[default]"), fail},
		{"a byte order mark", replace(atCLIKeys, "[default]", "\uFEFF[default]"), fail},
		{"keys of another profile only", replace(atCLIKeys, "[default]", "[dev]"), fail},
		{"keys of the named profile", all(replace(atCLIKeys, "[default]", "[dev]"), replace(atCLIConfig, "[default]", "[profile dev]"),
			env(`{"AWS_PROFILE": "dev"}`)), nil},
		{"a profile that does not exist", env(`{"AWS_PROFILE": "dev"}`), fail},
		{"a section of the config file without the word profile", all(replace(atCLIKeys, "[default]", "[work]"),
			replace(atCLIConfig, "[default]", "[dev]\n"+id+"\n"+secret), env(`{"AWS_PROFILE": "dev"}`)), fail},
		{"keys in the environment", all(drop(atCLIKeys), env(`{"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
			"AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}`)), nil},
		{"half a key in the environment", env(`{"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE"}`), fail},
		{"a session of Identity Center", all(drop(atCLIKeys), replace(atCLIConfig, "output = json", session+
			"[sso-session corp]\nsso_start_url = https://corp.example.com/start\nsso_region = us-east-1")), nil},
		{"a session of Identity Center that is not there", all(
			drop(atCLIKeys), replace(atCLIConfig, "output = json", session),
		), fail},

		{"no config file", drop(atCLIConfig), fail},
		{"the Region in the environment only", all(drop(atCLIConfig), env(`{"AWS_REGION": "us-east-1"}`)), nil},
		{"another Region", replace(atCLIConfig, "us-east-1", "eu-west-1"), nil},
	}
	for _, value := range []string{"us-east-1a", "us-east", "US-EAST-1", `"us-east-1"`, "N. Virginia", ""} {
		list = append(list,
			mutant{fmt.Sprintf("the Region %q", value), replace(atCLIConfig, "us-east-1", value), fail})
	}
	return list
}

// dockerMutants are about docker's sign-in.
func dockerMutants() []mutant {
	const host = "123456789012.dkr.ecr.us-east-1.amazonaws.com"
	fail := changes{"ecr-docker-login": "fail"}
	auths := func(host, entry string) edit { return text(atDocker, fmt.Sprintf(`{"auths": {%q: %s}}`, host, entry)) }
	token := func(end int) string {
		inner := base64.StdEncoding.EncodeToString(fmt.Appendf(nil, `{"expiration": %d}`, end))
		return fmt.Sprintf(`{"auth": %q}`, base64.StdEncoding.EncodeToString([]byte("AWS:"+inner)))
	}
	return []mutant{
		{"docker never signed in", drop(atDocker), fail},
		{"docker has no sign-in", text(atDocker, `{}`), fail},
		{"docker is signed in to another account", replace(atDocker, "123456789012", "210987654321"), fail},
		{"docker is signed in to another Region", replace(atDocker, "us-east-1", "eu-west-1"), fail},
		{"docker is signed in to Docker Hub", auths("https://index.docker.io/v1/", `{"auth": "YWxpY2U6cGFzcw=="}`), fail},
		{"docker is signed in to ECR Public", auths("public.ecr.aws", token(4102444800)), fail},
		{"an empty entry that no helper keeps", auths(host, `{}`), fail},
		{"a token that is good", auths(host, token(4102444800)), nil},
		{"a token that has ended", auths(host, token(1700000000)), nil},
		{"a token of another form", auths(host, `{"auth": "QVdTOnRva2Vu"}`), nil},
		{"the host with its scheme", auths("https://"+host, token(4102444800)), nil},
		{"the helper of Amazon for all hosts", text(atDocker, `{"credsStore": "ecr-login"}`), nil},
		{"the helper of Amazon for the host", text(atDocker, `{"credHelpers": {"`+host+`": "ecr-login"}}`), nil},
		{"the helper of Amazon for another host", text(atDocker, `{"credHelpers": {"public.ecr.aws": "ecr-login"}}`), fail},
		{"a file of docker that is no JSON", text(atDocker, `{"auths": `), changes{"ecr-docker-login": "unknown invalid_response"}},
		{"podman in place of docker", move(atDocker, atFiles+"/.config~1containers~1auth.json"), nil},
	}
}

// gitMutants are about keys in the git repository.
func gitMutants() []mutant {
	const (
		commands = "/workstation/commands"
		open     = commands + "/1"
		tracked  = commands + "/2/stdout"
		staged   = commands + "/3/stdout"
		history  = commands + "/4/stdout"
		ignored  = commands + "/5"
		// Examples of AWS's own documentation open nothing and are let be. This one only looks like one.
		// It and the secret are in parts, so that labcheck does not find them in its own repository.
		key     = "AKIA" + "CANARYEXAMPLE222"
		example = "AKIAIOSFODNN7EXAMPLE"
		secret  = "aws_secret_access_key = EXAMPLEwJalrXUtnFEMI" + "/K7MDENG/bPxRfiCYKEY"
	)
	fail, notLooked := changes{"git-no-aws-keys": "fail"}, changes{"git-no-aws-keys": "unknown not_looked"}
	inFile := func(content string) edit {
		return replace(tracked, "print(\"docker-api\")", content)
	}
	inHistory := func(content string) edit {
		return replace(history, "+print(\"docker-api\")", "+"+content)
	}
	return []mutant{
		{"a key in a tracked file", inFile(key), fail},
		{"a key in the history", inHistory("key = " + key), fail},
		{"a secret in the history", inHistory(secret), fail},
		{"a key that a commit removed", replace(history, "@@ -0,0 +1 @@", "@@ -1 +1 @@\n-key = "+key), nil},
		{"a key in a commit's message", replace(history, " Add the image", " Add "+key+" and the image"), fail},
		{"a key that is staged", text(staged, "diff --git a/k b/k\n--- /dev/null\n+++ b/k\n@@ -0,0 +1 @@\n+"+key+"\n"), fail},
		{"a key of AWS's documentation", all(inFile(example), inHistory(example)), nil},
		{"a shallow clone", replace(open+"/stdout", "true\nfalse", "true\ntrue"), notLooked},
		{"a shallow clone with a key", all(replace(open+"/stdout", "true\nfalse", "true\ntrue"), inHistory(key)), fail},
		{"no git repository", all(set(open+"/exit", `128`), text(open+"/stdout", "")), notLooked},
		{"the folder .git", replace(open+"/stdout", "true\nfalse", "false\nfalse"), notLooked},
		{"a git that does not work", set(open+"/exit", `1`), notLooked},
		{"a history that git cannot read", set(commands+"/4/exit", `128`), notLooked},
		{"a history that git cannot read after a key in a file", all(set(commands+"/4/exit", `128`), inFile(key)), fail},
		{"an empty repository", all(set(commands+"/2/exit", `1`), text(tracked, ""), text(history, "")), notLooked},
		{"no program git", all(
			drop(commands+"/5"), drop(commands+"/4"), drop(commands+"/3"), drop(commands+"/2"), drop(open),
		), notLooked},
		{"files with secrets that are not ignored", all(text(ignored+"/stdout", ".env\n")), nil},
		{"nothing is ignored", all(set(ignored+"/exit", `1`), text(ignored+"/stdout", "")), nil},
	}
}
