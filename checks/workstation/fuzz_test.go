package workstation

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/workstation/tfconfig"
)

// Secrets in two parts, so that this file holds no key.
const (
	fuzzID     = "AKIA" + "EXAMPLE2A3B4C5D6"
	fuzzSecret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCY" + "EXAMPLE9z9"
)

// requireNoSecret requires that a fact can be written as JSON and does not hold the secrets.
func requireNoSecret(t *testing.T, fact any) {
	t.Helper()
	data, err := json.Marshal(fact)
	require.NoError(t, err)
	require.NotContains(t, string(data), fuzzID)
	require.NotContains(t, string(data), fuzzSecret)
}

func FuzzAWSFiles(f *testing.F) {
	f.Add("[default]\nregion = us-east-1\n",
		"[default]\naws_access_key_id = "+fuzzID+"\naws_secret_access_key = "+fuzzSecret+"\n")
	f.Add("[profile a]\nrole_arn=x\nsource_profile=a\n", "[a]\naws_access_key_id="+fuzzSecret+"\n")
	f.Add("["+fuzzID+"]\nregion="+fuzzID+"\n", "["+fuzzSecret+"]\n"+fuzzSecret+"=1\n")
	f.Add("\xff\xfe[\x00", " = \n[\n]=[\n")
	f.Add("[profile "+fuzzSecret+fuzzSecret+"]\n  =x\n\ty:z", strings.Repeat("[", 300))
	f.Fuzz(func(t *testing.T, config, credentials string) {
		door := New(Options{Home: fstest.MapFS{
			".aws/config":      &fstest.MapFile{Data: []byte(config)},
			".aws/credentials": &fstest.MapFile{Data: []byte(credentials)},
		}})
		fact, err := door.cliConfig(versionOf(""))
		require.NoError(t, err)
		requireNoSecret(t, fact)
	})
}

func FuzzDockerConfig(f *testing.F) {
	f.Add([]byte(`{"auths":{"a":{"auth":"QVdTOmV5SmxlSEJwY21GMGFXOXVJam94ZlE9PQ=="}},"credsStore":"desktop"}`))
	f.Add([]byte(`{"auths":{"` + fuzzID + `":{"auth":"` + fuzzSecret + `"}},
		"credHelpers":{"` + fuzzSecret + `":"` + fuzzID + `"}}`))
	f.Add([]byte(`{"auths":null,"credHelpers":{"https:///":""}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		door := New(Options{Home: fstest.MapFS{".docker/config.json": &fstest.MapFile{Data: data}}})
		if fact, err := door.dockerLogins(); err == nil {
			requireNoSecret(t, fact)
		} else {
			require.NotContains(t, err.Error(), fuzzSecret)
		}
	})
}

// What git prints may be anything: a stranger's repository, or a program that only is called git.
func FuzzGitObjects(f *testing.F) {
	const commit, tree, blob = "61616161616161616161616161616161616161", "62", "63"
	list := commit + "61\n" + commit + "62 \n" + commit + "63 k\n~" + commit + "64\n"
	f.Add([]byte(list),
		[]byte(commit+"61 commit 20\nauthor a\n\n"+fuzzID[:10]+"\n"+commit+"62 tree 29\n100644 k\x00aaaaaaaaaaaaaaaaaaaa\n"))
	f.Add([]byte(list), []byte(commit+"61 missing\n"))
	f.Add([]byte("~\n \n"), []byte(commit+"61 blob -1\n"))
	f.Add([]byte(commit+"63 "+fuzzSecret+"\n"), []byte(commit+"63 blob 20\n"+fuzzID+"\n"))
	f.Add([]byte(list), []byte(commit+"61 tag 34\ntag "+fuzzID+"\ntagger a\n\n\n"))
	f.Add([]byte(commit+"63 k\n"), []byte(commit+"63 blob 9223372036854775807\n"))
	f.Add([]byte(commit+"62 \n"), []byte(commit+"62 tree 26\n100644 "+fuzzID[:18]+"\x00\n"))
	f.Add([]byte(commit+"61"), []byte(commit+"61 commit 0\n\n"))
	f.Fuzz(func(t *testing.T, list, objects []byte) {
		door := New(Options{Command: recorded(map[string]string{
			"rev-parse": inWorkTree, "show-ref": commit + "61 HEAD\n", "rev-list": string(list), "cat-file": string(objects),
		}), WorkTree: emptyFolder})
		fact, err := door.scanGit(context.Background(), usualGitLimits())
		require.NoError(t, err)
		requireNoSecret(t, fact)
	})
}

// Whatever a text holds, what is found in it has the form of a key.
func FuzzKeys(f *testing.F) {
	f.Add([]byte("aws_access_key_id = "+fuzzID+"\naws_secret_access_key = "+fuzzSecret+"\n"), "x")
	f.Add([]byte(base64.StdEncoding.EncodeToString([]byte("AWS_SECRET_ACCESS_KEY="+fuzzSecret))), "aws.yaml")
	f.Add([]byte("A\x00K\x00I\x00A\x00"), "")
	f.Add([]byte("secret\n"+strings.Repeat("\r\n", 14)+"aws\naccess_key\n\nsecret_key="+fuzzSecret), "")
	f.Add([]byte("?AWSAccessKeyId="+fuzzID+"&x="+strings.Repeat("a ", 200)+"ecret"+fuzzSecret+`\u0026`+fuzzID), "aws")
	f.Add([]byte(base64.URLEncoding.EncodeToString([]byte(base64.StdEncoding.EncodeToString([]byte(fuzzID))))+"\n"), "")
	f.Add([]byte("bedrock-api-key-"+base64.StdEncoding.EncodeToString([]byte(strings.Repeat(fuzzSecret, 3)))), "")
	f.Add([]byte("secretKey: "+base64.StdEncoding.EncodeToString([]byte(fuzzSecret))+"\nABSK"), "aws")
	f.Fuzz(func(t *testing.T, text []byte, name string) {
		keyScanner{func(k foundKey) {
			require.LessOrEqual(t, 1, k.line)
			require.LessOrEqual(t, k.line, 1+bytes.Count(text, []byte("\n")))
			switch k.kind {
			case AccessKeyID:
				require.Len(t, k.text, 20)
			case SecretAccessKey:
				require.Len(t, k.text, secretLength)
			case BedrockKey:
				require.GreaterOrEqual(t, len(k.text), 44)
			default:
				t.Fatalf("kind %q", k.kind)
			}
		}}.scan(text, name)
	})
}

func FuzzMasked(f *testing.F) {
	f.Add("my-profile", "")
	f.Add("x", "é"+strings.Repeat("a", 300))
	f.Fuzz(func(t *testing.T, before, after string) {
		for _, secret := range []string{fuzzID, fuzzSecret} {
			require.NotContains(t, masked(before+secret+after), secret)
		}
		require.LessOrEqual(t, len(maskedPath(before+after)), maxText+len("…"))
	})
}

// What a stranger's repository holds is read without a crash, and a bounded part of it is kept.
func FuzzTerraform(f *testing.F) {
	for _, seed := range []string{
		"", "locals {\n  a = 1\n}\n",
		"terraform {\n  backend \"s3\" {\n    bucket = \"b\"\n  }\n}\n", "\ufeffa = <<EOT\n",
		"resource \"a\" \"b\" {\n  dynamic \"c\" {\n    for_each = [1]\n    content {}\n  }\n}\n",
		"a = \"${\"${\"$${\"}\"}\"}\n",
		"provider \"registry.terraform.io/hashicorp/aws\" {\n  version = \"6.0.0\"\n  hashes = [\"h1:x\"]\n}\n",
		"module \"m\" {\n  source = \"./m\"\n}\n", `{"locals": {"a": "${local.b}"}}`,
	} {
		f.Add("main.tf", seed)
		f.Add("main.tf.json", seed)
		f.Add(".terraform.lock.hcl", seed)
		f.Add(".terraform/terraform.tfstate", seed)
	}
	f.Fuzz(func(t *testing.T, name, text string) {
		if !filepath.IsLocal(name) || len(text) > 1<<16 {
			t.Skip()
		}
		tfconfig.Secrets(name, []byte(text))
		folder := fstest.MapFS{
			filepath.ToSlash(filepath.Clean(name)): {Data: []byte(text)},
			"other.tf":                             {Data: []byte("locals {\n  b = 1\n}\n")},
		}
		got, err := tfconfig.Read(folder, "", "")
		if err != nil {
			return
		}
		require.LessOrEqual(t, len(got.Invalid)+len(got.Unsure)+len(got.Open), 60)
	})
}
