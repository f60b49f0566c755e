package account

import (
	"crypto/sha1" //nolint:gosec // as the names of files are made
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/api"
	"github.com/labcheck/labcheck/checks/facts"
)

// bombs are answers that are small and become large, or large from the beginning, by the protocol of the probe that
// gets them. Each has about size bytes.
func bombs(size int) map[string]struct {
	protocol string
	answer   *answering
} {
	fill := func(head, part, tail string) string {
		return head + strings.Repeat(part, (size-len(head)-len(tail))/len(part)) + tail
	}
	const vpcs, endOfVPCs = "<DescribeVpcsResponse><vpcSet>", "</vpcSet></DescribeVpcsResponse>"
	type bomb = struct {
		protocol string
		answer   *answering
	}
	return map[string]bomb{
		"blanks":                         {"json", answer(200, jsonType, fill("", " ", "{}"))},
		"objects":                        {"json", answer(200, jsonType, fill(`{"repositories":[`, "{},", "{}]}"))},
		"numbers":                        {"json", answer(200, jsonType, fill(`{"repositories":[`, "1,", "1]}"))},
		"lists":                          {"json", answer(200, jsonType, fill(`{"repositories":[`, "[],", "[]]}"))},
		"items":                          {"ec2", answer(200, xmlType, fill(vpcs, "<item/>", endOfVPCs))},
		"items that are said to be JSON": {"ec2", answer(200, jsonType, fill(vpcs, "<item/>", endOfVPCs))},
		"members": {"query", answer(200, xmlType, fill("<ListUsersResponse><ListUsersResult><Users>", "<member/>",
			"</Users></ListUsersResult></ListUsersResponse>"))},
		"maps":     {"cbor", answer(200, cborType, fill("\xa1\x6cMetricAlarms\x9f", "\xa0", "\xff"))},
		"a string": {"cbor", answer(200, cborType, "\xa1\x69NextToken\x7b\x7f\xff\xff\xff\xff\xff\xff\xff")},
		"an error": {"json", answer(400, jsonType, fill(`{"__type":"AccessDeniedException","message":"`, "x", `"}`))},
	}
}

// A run against an endpoint that lies stays small, however many questions it has, and never learns anything from it.
func TestARunHasOnlySoMuchMemory(t *testing.T) {
	for _, size := range []int{7 << 20, 64 << 10} {
		for name, c := range bombs(size) {
			t.Run(fmt.Sprint(name, " of ", size), func(t *testing.T) {
				p := probes()[c.protocol]
				v := openTest(t, c.answer, p)
				before := allocated()
				const questions = 100
				pending := make([]*facts.Pending[bool], questions)
				for n := range pending {
					pending[n] = p.Start(v, probeKey{Region: "us-east-1", N: n})
				}
				refused := 0
				for _, question := range pending {
					if _, err := question.Get(); err != nil {
						refused++
					}
				}
				t.Logf("%d MiB allocated, %d of %d refused", (allocated()-before)>>20, refused, questions)
				require.True(t, refused > 0 || size < 1<<20)
				require.Less(t, allocated()-before, uint64(256<<20), "allocated in all, with what is collected as garbage")
			})
		}
	}
}

// The answers with credentials come before there is an account: they are bounded as well, whoever gives them.
func TestASignInHasOnlySoMuchMemory(t *testing.T) {
	const size = 100 << 20
	for name, service := range map[string]struct {
		config, cached     string
		onEC2, inContainer bool
		head, part         string
		mediaType          string
	}{
		"STS assumes a role": {
			config: "[profile keys]\naws_access_key_id = " + canaryKey + "\naws_secret_access_key = " + canarySecret +
				"\n[profile lab]\nrole_arn = " + labRole + "\nsource_profile = keys\n",
			head: "<AssumeRoleResponse><AssumeRoleResult>", part: "<member/>", mediaType: xmlType,
		},
		"STS takes a web identity": {
			config: "[profile lab]\nrole_arn = " + labRole + "\nweb_identity_token_file = token\n",
			head:   "<AssumeRoleWithWebIdentityResponse>", part: "<member/>", mediaType: xmlType,
		},
		"IAM Identity Center gives a role's credentials": {
			config: "[profile lab]\nsso_start_url = https://school.example/start\nsso_region = us-east-1\n" +
				"sso_account_id = 123456789012\nsso_role_name = Student\n",
			cached: `{"accessToken": "` + canaryToken + `", "expiresAt": "` + farFuture + `"}`,
			head:   `{"roleCredentials":[`, part: "{},", mediaType: jsonType,
		},
		"the metadata service of EC2": {config: "[profile lab]\n", onEC2: true, part: "x", mediaType: "text/plain"},
		"the endpoint of a container": {
			config: "[profile lab]\n", inContainer: true,
			head: `{"AccessKeyId":[`, part: "[],", mediaType: jsonType,
		},
	} {
		t.Run(name, func(t *testing.T) {
			home := cleanHome(t)
			t.Chdir(home)
			writeFile(t, filepath.Join(home, ".aws", "config"), service.config)
			writeFile(t, filepath.Join(home, "token"), canaryToken)
			// The file is named by the SHA-1 of the start URL, as the AWS CLI does.
			writeFile(t, filepath.Join(home, ".aws/sso/cache", fmt.Sprintf("%x.json",
				sha1.Sum([]byte("https://school.example/start")))), service.cached)
			lie := func() io.Reader {
				part := strings.Repeat(service.part, 1000)
				return io.MultiReader(strings.NewReader(service.head), &repeated{text: part, left: size})
			}
			if service.inContainer { // the SDK asks it with a client of its own
				server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					w.Header().Set("Content-Type", service.mediaType)
					_, _ = io.Copy(w, lie())
				}))
				defer server.Close()
				t.Setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", server.URL)
			}
			before := allocated()
			_, err := identifyFromEnvironment(t, roundTrip(func(r *http.Request) (*http.Response, error) {
				return &http.Response{
					StatusCode: 200, Header: http.Header{"Content-Type": {service.mediaType}},
					Body: io.NopCloser(lie()), Request: r,
				}, nil
			}), Options{Profile: "lab", Region: "us-east-1", OnEC2: func() bool { return service.onEC2 }})
			t.Logf("%d MiB allocated: %v", (allocated()-before)>>20, err)
			require.Equal(t, facts.InvalidResponse, facts.AsError(err).Reason, "%v", err)
			require.Less(t, allocated()-before, uint64(128<<20), "allocated in all, with what is collected as garbage")
		})
	}
}

// repeated is a text over and over, of so many bytes, without their memory.
type repeated struct {
	text string
	left int
}

func (r *repeated) Read(p []byte) (int, error) {
	if r.left == 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(len(p), r.left)], r.text)
	r.left -= n
	return n, nil
}

// allocated is how much this process has ever allocated, in bytes.
func allocated() uint64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.TotalAlloc
}

// What is not kept of a large account's pages takes no memory for the rest of the run, and what is kept does.
func TestWhatIsNotKeptIsGivenBack(t *testing.T) {
	const pages, vpcs = 4, 3000
	page := 0
	transport := roundTrip(func(r *http.Request) (*http.Response, error) {
		page++
		tags := strings.Repeat("<item><key>k</key><value>v</value></item>", 5)
		body := strings.Repeat("<item><vpcId>vpc-1</vpcId><tagSet>"+tags+"</tagSet></item>", vpcs)
		next := fmt.Sprintf("<nextToken>%d</nextToken>", page)
		if page == pages {
			next = ""
		}
		return answer(200, xmlType, inEC2("Vpcs", "<vpcSet>"+body+"</vpcSet>"+next)).RoundTrip(r)
	})
	o, err := api.Find("ec2:DescribeVpcs")
	require.NoError(t, err)
	keep, err := o.Select("Vpcs[].VpcId", api.Value)
	require.NoError(t, err)
	door := openDoor(t, testOptions(transport), standardLimits())
	door.allowed[o.String()] = true
	got, err := o.Read(t.Context(), door, "us-east-1", nil, keep)
	require.NoError(t, err)
	require.Len(t, got["Vpcs"], pages*vpcs)
	require.Less(t, door.memory.taken.Load(), int64(8<<20))
	require.Greater(t, door.memory.taken.Load(), int64(pages*vpcs*len("vpc-1")))
}
