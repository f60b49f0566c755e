package workstation_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/workstation"
)

func cliOf(t *testing.T, o workstation.Options) workstation.CLIConfig {
	t.Helper()
	got, err := look(t, workstation.CLI, workstation.CLIKey{}, workstation.New(o))
	require.NoError(t, err)
	return got
}

const keyPair = "aws_access_key_id = " + canaryID + "\naws_secret_access_key = " + canarySecret + "\n"

func TestCLIProfiles(t *testing.T) {
	t.Parallel()
	static := workstation.CLICredential{Method: workstation.StaticKeys, Last4: "C5D6"}
	sourceless := workstation.CLICredential{
		Method: workstation.Role, Flaws: []workstation.Flaw{{Setting: "source_profile", Problem: workstation.NoSource}},
	}
	for name, test := range map[string]struct {
		config, credentials string
		want                workstation.CLICredential
		region              string
	}{
		"as aws configure writes it": {
			config: "[default]\nregion = us-east-1\noutput = json\n", credentials: "[default]\n" + keyPair,
			want: static, region: "us-east-1",
		},
		"keys in the config file": {config: "[default]\n" + keyPair, want: static},
		"colons, upper case, comments and Windows line ends": {
			config: "; mine\r\n[default]\r\n# here\r\nREGION: eu-west-1\r\n", credentials: "[default]\n" + keyPair,
			want: static, region: "eu-west-1",
		},
		"nested settings": {
			config: "[default]\ns3 =\n  region = nowhere\nregion = us-east-1\n", region: "us-east-1",
		},
		"indented settings": {
			config: "[default]\n  region = us-east-1\n  output = json\n", region: "us-east-1",
		},
		"Identity Center": {
			config: "[default]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Admin\n" +
				"[sso-session corp]\nsso_region = us-east-1\n" +
				"sso_start_url = https://corp.awsapps.com/start\n",
			want: workstation.CLICredential{Method: workstation.SSO},
		},
		"Identity Center without its session": {
			config: "[default]\nsso_session = corp\nsso_account_id = 123456789012\n",
			want: workstation.CLICredential{Method: workstation.SSO, Flaws: []workstation.Flaw{
				{Setting: "sso_session", Problem: workstation.NoSuchName}, {Setting: "sso_role_name", Problem: workstation.Missing},
			}},
		},
		"aws login": {
			config: "[default]\nlogin_session = arn:aws:iam::123456789012:root\n",
			want:   workstation.CLICredential{Method: workstation.Login},
		},
		"a process": {
			config: "[default]\ncredential_process = vault get\n",
			want:   workstation.CLICredential{Method: workstation.Process},
		},
		"a web identity": {
			config: "[default]\nrole_arn = a\nweb_identity_token_file = /t\n",
			want:   workstation.CLICredential{Method: workstation.WebIdentity},
		},
		"the machine's role": {
			config: "[default]\nrole_arn = a\ncredential_source = Ec2InstanceMetadata\n",
			want:   workstation.CLICredential{Method: workstation.Role, Source: "Ec2InstanceMetadata"},
		},
		"a role": {
			config: "[default]\nrole_arn = a\nsource_profile = base\n[profile base]\n" + keyPair,
			want:   workstation.CLICredential{Method: workstation.Role},
		},
		"a role of its own": {
			config: "[default]\nrole_arn = a\nsource_profile = default\n" + keyPair,
			want:   workstation.CLICredential{Method: workstation.Role},
		},
		"a role of nobody": {
			config: "[default]\nrole_arn = a\nsource_profile = base\n",
			want: workstation.CLICredential{
				Method: workstation.Role, Flaws: []workstation.Flaw{{Setting: "source_profile", Problem: workstation.NoSuchName}},
			},
		},
		"a role whose source has nothing": {
			config: "[default]\nrole_arn = a\nsource_profile = base\n[profile base]\nregion = us-east-1\n", want: sourceless,
		},
		"a role whose source has half a key": {
			config: "[default]\nrole_arn = a\nsource_profile = base\n[profile base]\naws_access_key_id = " + canaryID + "\n",
			want:   sourceless,
		},
		"roles in a circle": {
			config: "[default]\nrole_arn = a\nsource_profile = b\n[profile b]\nrole_arn = b\nsource_profile = default\n",
			want:   sourceless,
		},
		"a role through a role": {
			config: "[default]\nrole_arn = a\nsource_profile = b\n[profile b]\nrole_arn = b\nsource_profile = c\n" +
				"[profile c]\n" + keyPair,
			want: workstation.CLICredential{Method: workstation.Role},
		},
		"a role whose source is a role with keys": {
			config: "[default]\nrole_arn = a\nsource_profile = b\n[profile b]\nrole_arn = b\n" + keyPair,
			want:   workstation.CLICredential{Method: workstation.Role},
		},
		"a role whose source signs in": {
			config: "[default]\nrole_arn = a\nsource_profile = b\n[profile b]\nlogin_session = arn\n",
			want:   workstation.CLICredential{Method: workstation.Role},
		},
		"a role without a source": {
			config: "[default]\nrole_arn = a\n",
			want: workstation.CLICredential{
				Method: workstation.Role, Flaws: []workstation.Flaw{{Setting: "source_profile", Problem: workstation.Missing}},
			},
		},
		"a key pasted as the Region": {config: "[default]\nregion = " + canarySecret + "\n", region: "(hidden)"},
		"a zone":                     {config: "[default]\nregion = us-east-1a\n", region: "us-east-1a"},
		"a Region's title": {
			config: "[default]\nregion = US East (N. Virginia)\n",
			region: "US East (N. Virginia)",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := cliOf(t, workstation.Options{Home: home(map[string]string{
				".aws/config": test.config, ".aws/credentials": test.credentials,
			})})
			require.Empty(t, got.Config.Problem+got.Credentials.Problem)
			i := 0
			for got.Profiles[i].Name != "default" {
				i++
			}
			require.Equal(t, workstation.CLIProfile{Name: "default", Credentials: test.want, Region: test.region},
				got.Profiles[i])
		})
	}
}

func TestCLIKeysThatCannotWork(t *testing.T) {
	t.Parallel()
	temporary := strings.Replace(canaryID, "AKIA", "ASIA", 1)
	for name, test := range map[string]struct {
		id, secret, token string
		want              string
	}{
		"no secret": {id: "aws_access_key_id=" + canaryID, want: "aws_secret_access_key is missing"},
		"empty": {
			id: "aws_access_key_id=", secret: "aws_secret_access_key=",
			want: "aws_access_key_id has no value, aws_secret_access_key has no value",
		},
		"quotes": {
			id:     `aws_access_key_id="` + canaryID + `"`,
			secret: "aws_secret_access_key=" + canarySecret, want: "aws_access_key_id is in quotes",
		},
		"a space": {
			id:     "aws_access_key_id=" + canaryID,
			secret: "aws_secret_access_key=" + canarySecret + " " + canaryToken,
			want:   "aws_secret_access_key has a space in it",
		},
		"the secret as id": {
			id: "aws_access_key_id=" + canarySecret, secret: "aws_secret_access_key=x",
			want: "aws_access_key_id holds the other half of the key pair",
		},
		"the id as secret": {
			id: "aws_access_key_id=x", secret: "aws_secret_access_key=" + canaryID,
			want: "aws_secret_access_key holds the other half of the key pair",
		},
		"temporary without a token": {
			id: "aws_access_key_id=" + temporary, secret: "aws_secret_access_key=" + canarySecret,
			want: "aws_session_token is missing",
		},
		"temporary with a token": {
			id: "aws_access_key_id=" + temporary, secret: "aws_secret_access_key=" + canarySecret,
			token: "aws_session_token=" + canaryToken,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lines := []string{"[default]", test.id, test.secret, test.token}
			got := cliOf(t, workstation.Options{Home: home(map[string]string{".aws/credentials": strings.Join(lines, "\n")})})
			credential := got.Profiles[0].Credentials
			var flaws []string
			for _, flaw := range credential.Flaws {
				flaws = append(flaws, flaw.String())
			}
			require.Equal(t, test.want, strings.Join(flaws, ", "))
			require.Equal(t, test.want == "", credential.Works())
		})
	}
}

func TestCLIFilesThatTheAWSCLICannotRead(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ config, want string }{
		"a section twice": {"[default]\nregion=a-b-1\n[default]\n", "line 3 has a section for the second time"},
		"a setting twice": {"[default]\nregion=a\nregion=b\n", "line 3 has a setting for the second time"},
		"no section":      {"region=a\n", "line 1 comes before any section"},
		"a lone word":     {"[default]\n" + canarySecret + "\n", "line 2 is neither a section nor a setting"},
		"an open section": {"[default\n", "line 1 begins a section without ]"},
		"UTF-16":          {"\xff\xfe[\x00", "it is saved as UTF-16, not as UTF-8"},
		"a mark":          {"\xef\xbb\xbf[default]\n", "it is saved as UTF-8 with a byte order mark"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := cliOf(t, workstation.Options{Home: home(map[string]string{".aws/config": test.config})})
			require.Equal(t, test.want, got.Config.Problem)
		})
	}
}

func TestCLIProfileThatCommandsUse(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		flag string
		env  map[string]string
		want string
		from string
	}{
		"none": {want: "default"},
		"AWS_PROFILE": {
			env: map[string]string{"AWS_PROFILE": "dev", "AWS_DEFAULT_PROFILE": "old"}, want: "dev",
			from: "AWS_PROFILE",
		},
		"AWS_DEFAULT_PROFILE": {
			env: map[string]string{"AWS_DEFAULT_PROFILE": "old"}, want: "old",
			from: "AWS_DEFAULT_PROFILE",
		},
		"the flag": {flag: "mine", env: map[string]string{"AWS_PROFILE": "dev"}, want: "mine", from: "--profile"},
		"a key":    {env: map[string]string{"AWS_PROFILE": canaryID}, want: "(hidden)", from: "AWS_PROFILE"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := cliOf(t, workstation.Options{Home: home(nil), Env: env(test.env), Profile: test.flag})
			require.Equal(t, test.want, got.Profile)
			require.Equal(t, test.from, got.ProfileFrom)
		})
	}
}

func TestCLIEnvironment(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		env  map[string]string
		want workstation.CLIEnvironment
	}{
		"nothing": {},
		"keys": {
			env: map[string]string{"AWS_ACCESS_KEY_ID": canaryID, "AWS_SECRET_ACCESS_KEY": canarySecret},
			want: workstation.CLIEnvironment{Credentials: workstation.CLICredential{
				Method: workstation.StaticKeys,
				Last4:  "C5D6",
			}},
		},
		"half a pair": {
			env: map[string]string{"AWS_ACCESS_KEY_ID": canaryID},
			want: workstation.CLIEnvironment{Credentials: workstation.CLICredential{
				Method: workstation.StaticKeys,
				Flaws:  []workstation.Flaw{{Setting: "AWS_SECRET_ACCESS_KEY", Problem: workstation.Missing}},
			}},
		},
		"a runner's web identity": {
			env:  map[string]string{"AWS_WEB_IDENTITY_TOKEN_FILE": "/t", "AWS_ROLE_ARN": "a"},
			want: workstation.CLIEnvironment{Credentials: workstation.CLICredential{Method: workstation.WebIdentity}},
		},
		"CloudShell": {
			env: map[string]string{"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://localhost", "AWS_REGION": "us-east-1"},
			want: workstation.CLIEnvironment{
				Credentials: workstation.CLICredential{Method: workstation.Container}, Region: "us-east-1",
				RegionFrom: "AWS_REGION",
			},
		},
		"two Regions": {
			env:  map[string]string{"AWS_REGION": "us-east-1a", "AWS_DEFAULT_REGION": "us-east-1"},
			want: workstation.CLIEnvironment{Region: "us-east-1a", RegionFrom: "AWS_REGION"},
		},
		"the Windows Subsystem for Linux": {
			env: map[string]string{"WSL_DISTRO_NAME": "Ubuntu"}, want: workstation.CLIEnvironment{WSL: true},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := cliOf(t, workstation.Options{Home: home(nil), Env: env(test.env)})
			require.Equal(t, test.want, got.Environment)
		})
	}
}

func TestCLIKnowsAMachineOfEC2(t *testing.T) {
	t.Parallel()
	machine := fstest.MapFS{"sys/class/dmi/id/sys_vendor": &fstest.MapFile{Data: []byte("Amazon EC2\n")}}
	got := cliOf(t, workstation.Options{
		Home: home(nil),
		Open: func(name string) (fs.File, error) { return machine.Open(name[1:]) },
	})
	require.True(t, got.Environment.Instance)
}

func TestCLISectionsThatAreNoProfiles(t *testing.T) {
	t.Parallel()
	got := cliOf(t, workstation.Options{Home: home(map[string]string{
		".aws/config": "[dev]\n[profile ok]\n[profile \"two words\"]\n[sso-session s]\n[services x]\n[plugins]\n[" +
			canaryID + "]\n",
	})})
	require.Equal(t, []string{"(hidden)", "dev"}, got.NotProfiles)
	require.Len(t, got.Profiles, 2)
	require.Equal(t, "two words", got.Profiles[1].Name)
}

func TestCLIFiles(t *testing.T) {
	t.Parallel()
	open := fstest.MapFS{
		".aws/credentials": &fstest.MapFile{Data: []byte("[default]\n" + keyPair), Mode: 0o644},
		".aws/config.txt":  &fstest.MapFile{Data: []byte("[default]\n"), Mode: 0o600},
	}
	got := cliOf(t, workstation.Options{Home: open, GOOS: "linux"})
	require.Equal(t, workstation.CLIFile{Path: "~/.aws/credentials", Exists: true, OpenToOthers: true}, got.Credentials)
	require.Equal(t, workstation.CLIFile{Path: "~/.aws/config", Misnamed: "~/.aws/config.txt"}, got.Config)

	got = cliOf(t, workstation.Options{Home: open, GOOS: "windows"})
	require.False(t, got.Credentials.OpenToOthers, "the mode means nothing on Windows")

	_, err := look(t, workstation.CLI, workstation.CLIKey{}, workstation.New(workstation.Options{
		Home: home(nil), Env: env(map[string]string{"AWS_CONFIG_FILE": "/elsewhere/config"}),
	}))
	requireReason(t, facts.NotLooked, err)
	require.NotContains(t, err.Error(), "elsewhere", "a path may name the person")
}
