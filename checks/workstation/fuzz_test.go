package workstation

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
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
		fact, err := door.cliConfig()
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

func FuzzPatch(f *testing.F) {
	f.Add([]byte("commit abc\n message\n\ndiff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n+" + fuzzID + "\n"))
	f.Add([]byte("commit abc\ndiff --cc x\n+++ \"b/\\303\\244\"\t\n@@@ -1 -1 +1 @@@\n++aws_secret " +
		fuzzSecret + "\n -\n"))
	f.Add([]byte("@@\n@@@@@@\n+\n\\ No newline\n+++ b/\n \n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p := &patchReader{}
		p.scan = &keyScanner{found: func(k foundKey) {
			switch k.kind {
			case AccessKeyID:
				require.Len(t, k.text, 20)
			case SecretAccessKey:
				require.Len(t, k.text, 40)
			default:
				t.Fatalf("kind %q", k.kind)
			}
			require.Contains(t, string(bytes.ReplaceAll(data, []byte{0}, nil)), k.text)
		}}
		for line := range bytes.SplitSeq(data, []byte("\n")) {
			p.line(line)
		}
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
