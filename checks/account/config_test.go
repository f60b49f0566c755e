package account

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
)

func openFromEnvironment(t *testing.T, o Options) *Door {
	t.Helper()
	o.Transport, o.OnEC2 = offline(t), func() bool { return false }
	return openDoor(t, o, standardLimits())
}

func TestRegionAndProfile(t *testing.T) {
	home := cleanHome(t)
	door := openFromEnvironment(t, Options{})
	require.Equal(t, []string{"", "", ""}, []string{door.Region(), door.ProfileRegion(), door.Profile()})

	writeFile(t, filepath.Join(home, ".aws", "config"),
		"[default]\nregion = eu-west-1\n[profile lab]\nregion = eu-north-1\n")
	door = openFromEnvironment(t, Options{})
	require.Equal(t, []string{"eu-west-1", "eu-west-1", "default"},
		[]string{door.Region(), door.ProfileRegion(), door.Profile()})

	t.Setenv("AWS_PROFILE", "lab")
	door = openFromEnvironment(t, Options{Region: "us-east-1"})
	require.Equal(t, []string{"us-east-1", "eu-north-1", "lab"},
		[]string{door.Region(), door.ProfileRegion(), door.Profile()})

	t.Setenv("AWS_REGION", "ap-south-1")
	door = openFromEnvironment(t, Options{Profile: "default"})
	require.Equal(t, []string{"ap-south-1", "ap-south-1", "default"},
		[]string{door.Region(), door.ProfileRegion(), door.Profile()})
}

func TestAPracticeAccountReadsNoEnvironment(t *testing.T) {
	home := cleanHome(t)
	writeFile(t, filepath.Join(home, ".aws", "config"), "[profile other]\nregion = eu-west-1\n")
	for name, value := range map[string]string{
		"AWS_PROFILE": "no-such-profile", "AWS_REGION": "eu-west-1", "AWS_ENDPOINT_URL": "http://localhost:1",
		"AWS_ENDPOINT_URL_ECR": "http://localhost:1",
		"AWS_ACCESS_KEY_ID":    canaryKey, "AWS_SECRET_ACCESS_KEY": canarySecret, "AWS_CA_BUNDLE": "/nowhere",
		"AWS_MAX_ATTEMPTS": "nonsense",
	} {
		t.Setenv(name, value)
	}
	p := probes()["json"]
	practice := practice(t)
	o := testOptions(roundTrip(func(r *http.Request) (*http.Response, error) {
		require.Equal(t, "api.ecr.us-east-1.amazonaws.com", r.URL.Host)
		require.NotContains(t, r.Header.Get("Authorization"), canaryKey)
		return practice.RoundTrip(r)
	}), p)
	o.Credentials.AccessKeyID, o.Credentials.SecretAccessKey, o.Credentials.SessionToken = practice.Credentials()
	require.NoError(t, askWithin(t, o, p, standardLimits()))
	door := openDoor(t, o, standardLimits())
	require.Equal(t, []string{"us-east-1", "", ""}, []string{door.Region(), door.ProfileRegion(), door.Profile()})
	require.True(t, door.EndpointIsAWS())
}

func TestEndpointIsAWS(t *testing.T) {
	const local = "http://localhost:4566"
	const services = "[default]\nservices = local\n[services local]\ncloudwatch_logs =\n  endpoint_url = " + local + "\n"
	plan := Options{Operations: []string{"logs:DescribeLogGroups", "elasticloadbalancingv2:DescribeLoadBalancers"}}
	named := Options{Operations: []string{"elbv2:DescribeLoadBalancers", "stepfunctions:ListActivities"}}
	env := func(name string) map[string]string { return map[string]string{name: local} }
	ignored := func(name string) map[string]string {
		return map[string]string{name: local, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}
	}
	for name, c := range map[string]struct {
		config string
		env    map[string]string
		o      Options
		want   bool
	}{
		"nothing configured":              {want: true},
		"the option":                      {o: Options{EndpointURL: local}},
		"for every service":               {env: env("AWS_ENDPOINT_URL")},
		"for every service, ignored":      {env: ignored("AWS_ENDPOINT_URL"), want: true},
		"for a service of the plan":       {env: env("AWS_ENDPOINT_URL_CLOUDWATCH_LOGS"), o: plan},
		"for a service, ignored":          {env: ignored("AWS_ENDPOINT_URL_CLOUDWATCH_LOGS"), o: plan, want: true},
		"for a service of others":         {env: env("AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2"), o: plan},
		"for a service outside the plan":  {env: env("AWS_ENDPOINT_URL_S3"), o: plan, want: true},
		"for a service read by name":      {env: env("AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2"), o: named},
		"for another read by name":        {env: env("AWS_ENDPOINT_URL_SFN"), o: named},
		"for none that is read by name":   {env: env("AWS_ENDPOINT_URL_S3"), o: named, want: true},
		"for the preflight":               {env: env("AWS_ENDPOINT_URL_STS")},
		"in the profile":                  {config: "[default]\nendpoint_url = " + local + "\n"},
		"in a services section":           {config: services, o: plan},
		"in a services section, not ours": {config: services, want: true},
	} {
		t.Run(name, func(t *testing.T) {
			home := cleanHome(t)
			writeFile(t, filepath.Join(home, ".aws", "config"), c.config)
			for name, value := range c.env {
				t.Setenv(name, value)
			}
			require.Equal(t, c.want, openFromEnvironment(t, c.o).EndpointIsAWS())
		})
	}
}

// The option goes before the endpoint of a service in the environment, as with the AWS CLI.
func TestTheEndpointOptionWins(t *testing.T) {
	cleanHome(t)
	t.Setenv("AWS_ACCESS_KEY_ID", canaryKey)
	t.Setenv("AWS_SECRET_ACCESS_KEY", canarySecret)
	t.Setenv("AWS_ENDPOINT_URL_STS", "http://localhost:1")
	var asked string
	_, err := identifyFromEnvironment(t, roundTrip(func(r *http.Request) (*http.Response, error) {
		asked = r.URL.Host
		return nil, errors.New("enough")
	}), Options{EndpointURL: "http://localhost:4566", Region: "us-east-1"})
	require.Error(t, err)
	require.Equal(t, "localhost:4566", asked)
}

// Behind a port the practice account is asked in the protocols that an emulator knows.
func TestAConfiguredEndpointIsAskedInQuery(t *testing.T) {
	account := practice(t)
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Header.Get("Content-Type"))
		account.ServeHTTP(w, r)
	}))
	defer server.Close()
	p := probes()["cbor"]
	o := testOptions(account, p)
	o.Transport, o.EndpointURL = nil, server.URL
	require.NoError(t, askWithin(t, o, p, standardLimits()))
	require.Equal(t, []string{"application/x-www-form-urlencoded"}, asked)
}

func TestRetriesDoNotDependOnTheEnvironment(t *testing.T) {
	cleanHome(t)
	for name, value := range map[string]string{
		"AWS_MAX_ATTEMPTS": "2", "AWS_RETRY_MODE": "adaptive", "AWS_REGION": "us-east-1",
		"AWS_ACCESS_KEY_ID": canaryKey, "AWS_SECRET_ACCESS_KEY": canarySecret,
	} {
		t.Setenv(name, value)
	}
	a := errorAnswer(t, "query", 400, "Throttling", "Rate exceeded")
	_, err := identifyFromEnvironment(t, a, Options{})
	require.Equal(t, facts.Throttled, facts.AsError(err).Reason)
	require.EqualValues(t, maxAttempts, a.asked.Load())
}

// The metadata service of EC2 is asked on EC2 only: elsewhere it costs seconds.
func TestTheMetadataServiceIsAskedOnEC2Only(t *testing.T) {
	cleanHome(t)
	t.Setenv("AWS_DEFAULTS_MODE", "auto")
	_, err := identifyFromEnvironment(t, offline(t), Options{})
	require.Equal(t, facts.NoCredentials, facts.AsError(err).Reason)

	var hosts []string
	_, err = identifyFromEnvironment(t, roundTrip(func(r *http.Request) (*http.Response, error) {
		hosts = append(hosts, r.URL.Host)
		return answer(404, "text/html", "").RoundTrip(r)
	}), Options{OnEC2: func() bool { return true }})
	require.Equal(t, facts.NoCredentials, facts.AsError(err).Reason)
	require.Contains(t, facts.AsError(err).Detail, "this EC2 instance has no role")
	require.Contains(t, hosts, "169.254.169.254")
}

func TestDMIOfEC2(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  bool
	}{
		"no DMI": {},
		"a laptop": {files: map[string]string{
			"sys_vendor": "LENOVO\n", "board_vendor": "LENOVO\n",
			"bios_version": "N32ET75W\n",
		}},
		"Nitro": {files: map[string]string{"sys_vendor": "Amazon EC2\n"}, want: true},
		"Xen":   {files: map[string]string{"sys_vendor": "Xen\n", "bios_version": "4.11.amazon\n"}, want: true},
	} {
		folder := t.TempDir()
		for file, text := range c.files {
			require.NoError(t, os.WriteFile(filepath.Join(folder, file), []byte(text), 0o600))
		}
		require.Equal(t, c.want, dmiIsEC2(folder), name)
	}
}

// A redirect of a captive portal is neither followed nor believed.
func TestRedirectsAreNotFollowed(t *testing.T) {
	var asked int
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	}))
	defer server.Close()
	p := probes()["json"]
	o := testOptions(nil, p)
	o.EndpointURL = server.URL
	err := askWithin(t, o, p, standardLimits())
	require.Equal(t, facts.InvalidResponse, facts.AsError(err).Reason)
	require.Equal(t, 1, asked)
}

func TestTheNameOfARegionIsChecked(t *testing.T) {
	for region, detail := range map[string]string{
		"":                   "no Region is set",
		"us-east-1a":         "us-east-1a is an Availability Zone; its Region is us-east-1",
		"US East":            `"US East" is not the name of a Region`,
		"x.evil.example/us-": "is not the name of a Region",
	} {
		p := probes()["json"]
		_, err := p.Get(openTest(t, offline(t), p), probeKey{Region: region})
		require.Equal(t, facts.NoRegion, facts.AsError(err).Reason)
		require.Contains(t, facts.AsError(err).Detail, detail)
	}
	for _, region := range []string{"us-east-1", "ap-southeast-7", "us-gov-west-1", "eusc-de-east-1", "us-isob-east-1"} {
		require.True(t, facts.IsRegion(region), region)
	}
}

func TestGlobalServicesAreAskedInTheirPartition(t *testing.T) {
	for region, host := range map[string]string{
		"eu-west-1": "iam.amazonaws.com", "": "iam.amazonaws.com",
		"cn-northwest-1": "iam.cn-north-1.amazonaws.com.cn", "us-gov-east-1": "iam.us-gov.amazonaws.com",
	} {
		p := probes()["query"]
		var asked string
		o := testOptions(roundTrip(func(r *http.Request) (*http.Response, error) {
			asked = r.URL.Host
			return nil, errors.New("enough")
		}), p)
		o.Region = region
		require.Error(t, askWithin(t, o, p, standardLimits()))
		require.Equal(t, host, asked)
	}
}

// A closed door answers every read with its reason.
func TestAClosedDoor(t *testing.T) {
	p := probes()["json"]
	closed := facts.Errorf(facts.NoCredentials, "nobody is signed in")
	s := facts.NewSession(t.Context(), facts.Options{Doors: []facts.Door{facts.Closed[*Door](closed)}})
	_, err := p.Get(s.View(facts.Site{}, []facts.Source{p}, nil), probeKey{Region: "us-east-1"})
	require.Equal(t, facts.NoCredentials, facts.AsError(err).Reason)
}

func TestEndpointIsNoAddress(t *testing.T) {
	for _, address := range []string{"localhost:4566", "http://", "ftp://localhost", "http://alice:secret-EXAMPLE@["} {
		o := testOptions(http.DefaultTransport)
		o.EndpointURL = address
		_, err := open(t.Context(), o, standardLimits())
		require.Equal(t, facts.Unreachable, facts.AsError(err).Reason, address)
		require.NotContains(t, err.Error(), "secret")
	}
}

// What the AWS CLI does with the environment and the files, the SDK alone does not.
func TestSignInAsTheAWSCLIDoes(t *testing.T) {
	const keys = "aws_access_key_id = " + canaryKey + "\naws_secret_access_key = " + canarySecret + "\n"
	t.Run("a path with ~", func(t *testing.T) {
		home := cleanHome(t)
		writeFile(t, filepath.Join(home, "work", "config"), "[default]\nregion = eu-west-1\n"+keys)
		t.Setenv("AWS_CONFIG_FILE", "~/work/config")
		door, err := Open(t.Context(), Options{Transport: offline(t)})
		require.NoError(t, err)
		require.Equal(t, "eu-west-1", door.Region())
	})
	for name, section := range map[string]string{"default": "default", "lab": "profile lab"} {
		t.Run("the retry mode legacy of "+name, func(t *testing.T) {
			home := cleanHome(t)
			writeFile(t, filepath.Join(home, ".aws", "config"), "["+section+"]\nregion = eu-west-1\nretry_mode = legacy\n"+keys)
			door, err := Open(t.Context(), Options{Transport: offline(t), Profile: name})
			require.NoError(t, err)
			require.Equal(t, "eu-west-1", door.Region())
		})
	}
	for _, mode := range []string{"legacy", "of a later version"} {
		t.Run("the retry mode "+mode+" of the environment", func(t *testing.T) {
			home := cleanHome(t)
			writeFile(t, filepath.Join(home, ".aws", "config"), "[default]\nregion = eu-west-1\n"+keys)
			t.Setenv("AWS_RETRY_MODE", mode)
			door, err := Open(t.Context(), Options{Transport: offline(t)})
			require.NoError(t, err)
			require.Equal(t, "eu-west-1", door.Region())
		})
	}
	t.Run("a line break at the end of a variable", func(t *testing.T) {
		cleanHome(t)
		t.Setenv("AWS_ACCESS_KEY_ID", canaryKey+"\r")
		t.Setenv("AWS_SECRET_ACCESS_KEY", canarySecret+"\r")
		_, err := Open(t.Context(), Options{Transport: offline(t)})
		require.Equal(t, facts.NoCredentials, facts.AsError(err).Reason)
		require.Equal(t, "the variable AWS_ACCESS_KEY_ID ends in a line break: set it again without one",
			facts.AsError(err).Detail)
	})
}

func TestAProxyThatRefusesIsNamed(t *testing.T) {
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusProxyAuthRequired)
	}))
	defer proxy.Close()
	address, err := url.Parse(proxy.URL)
	require.NoError(t, err)
	own := awshttp.NewBuildableClient().WithTransportOptions(func(tr *http.Transport) {
		tr.Proxy = http.ProxyURL(address)
	})
	_, err = (&Door{network: NewNetwork()}).withoutRedirects(nil, "", own).Get("https://sts.us-east-1.amazonaws.com/")
	require.Error(t, err)
	reason, detail := explainNetwork(err)
	require.Equal(t, facts.Unreachable, reason)
	require.Equal(t, "the proxy "+address.Host+" of the environment refuses: HTTP 407 Proxy Authentication Required "+
		"(see HTTPS_PROXY)", detail)
}
