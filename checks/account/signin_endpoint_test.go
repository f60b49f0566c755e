package account

import (
	"net/http"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// A profile's role is assumed at the endpoint that is configured, as the AWS CLI does it, and never at AWS's own.
func TestRolesAreAssumedAtTheConfiguredEndpoint(t *testing.T) {
	const keys = "[profile keys]\naws_access_key_id = " + canaryKey + "\naws_secret_access_key = " + canarySecret + "\n"
	const role = keys + "[profile lab]\nrole_arn = arn:aws:iam::123456789012:role/student\nsource_profile = keys\nregion = us-east-1\n"
	for name, c := range map[string]struct {
		config string
		env    map[string]string
		flag   string
		want   string
	}{
		"AWS's own":               {config: role, want: "sts.us-east-1.amazonaws.com"},
		"of the environment":      {config: role, env: map[string]string{"AWS_ENDPOINT_URL": "http://emulator.test:5000"}, want: "emulator.test:5000"},
		"of STS alone":            {config: role, env: map[string]string{"AWS_ENDPOINT_URL_STS": "http://emulator.test:5001"}, want: "emulator.test:5001"},
		"of the profile":          {config: role + "endpoint_url = http://emulator.test:5002\n", want: "emulator.test:5002"},
		"of the option":           {config: role, flag: "http://emulator.test:5003", want: "emulator.test:5003"},
		"the option wins":         {config: role, env: map[string]string{"AWS_ENDPOINT_URL": "http://other.test"}, flag: "http://emulator.test:5004", want: "emulator.test:5004"},
		"ignored by the variable": {config: role + "endpoint_url = http://other.test\n", env: map[string]string{"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}, want: "sts.us-east-1.amazonaws.com"},
		"for a web identity": {
			config: "[profile lab]\nrole_arn = arn:aws:iam::123456789012:role/ci\nweb_identity_token_file = TOKEN\nregion = us-east-1\n",
			env:    map[string]string{"AWS_ENDPOINT_URL": "http://emulator.test:5005"}, want: "emulator.test:5005",
		},
	} {
		t.Run(name, func(t *testing.T) {
			home := cleanHome(t)
			t.Chdir(home) // where the token file is
			writeFile(t, filepath.Join(home, "TOKEN"), canaryToken)
			writeFile(t, filepath.Join(home, ".aws", "config"), c.config)
			for name, value := range c.env {
				t.Setenv(name, value)
			}
			var asked []string
			refuse := errorAnswer(t, "query", 403, "AccessDenied", alice+"sts:AssumeRole on resource: student")
			_, err := identifyFromEnvironment(t, roundTrip(func(r *http.Request) (*http.Response, error) {
				asked = append(asked, r.URL.Host)
				return refuse.RoundTrip(r)
			}), Options{Profile: "lab", EndpointURL: c.flag})
			require.Error(t, err)
			require.Equal(t, []string{c.want}, asked)
		})
	}
}
