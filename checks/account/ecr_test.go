package account

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/labs/sandbox"
)

// ecrState is a registry with what the reads must tell apart.
const ecrState = `{
	"account": "123456789012",
	"caller": {
		"arn": "arn:aws:iam::123456789012:user/alice", "userId": "AIDACKCEVSQ6C2EXAMPLE",
		"accessKeyId": "AKIAIOSFODNN7EXAMPLE", "secretAccessKey": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	},
	"root": {},
	"regions": {
		"us-east-1": {"ecr": {
			"scanning": {"type": "BASIC", "rules": [
				{"frequency": "MANUAL", "filters": [{"filter": "by-hand", "type": "WILDCARD"}]}
			]},
			"repositories": [
				{"name": "docker-api", "created": "-72h", "scanOnPush": true,
				 "lifecyclePolicy": {"rules": [{"rulePriority": 1, "selection": {
					"tagStatus": "tagged", "tagPrefixList": ["v"], "countType": "imageCountMoreThan", "countNumber": 1
				 }, "action": {"type": "expire"}}]},
				 "images": [
					{"tags": ["old"], "pushed": "-60h", "size": 1000, "status": "ARCHIVED"},
					{"tags": ["latest", "v1"], "pushed": "-48h", "platforms": ["linux/amd64", "linux/arm64/v8"],
					 "attestation": true, "size": 190000000,
					 "scan": {"status": "COMPLETE", "counts": {"CRITICAL": 4, "LOW": 1}}},
					{"tags": ["plain"], "pushed": "-2m", "size": 2000}
				 ]},
				{"name": "by-hand", "created": "-72h"},
				{"name": "another", "created": "-72h"}
			]
		}},
		"eu-west-1": {"ecr": {"scanning": {"type": "ENHANCED", "rules": [
			{"frequency": "CONTINUOUS_SCAN", "filters": [{"filter": "*", "type": "WILDCARD"}]}
		]}, "repositories": [
			{"name": "docker-api", "created": "-72h", "images": [
				{"tags": ["latest"], "pushed": "-48h", "size": 5, "scan": {"status": "ACTIVE", "counts": {"CRITICAL": 1}}}
			]}
		]}}
	}
}`

// askECR asks one read of the registry, and holds its answer to the law that it survives JSON.
func askECR[K comparable, V any](t *testing.T, read *facts.Read[K, V], key K) V {
	t.Helper()
	state, err := sandbox.Parse([]byte(ecrState), testNow())
	require.NoError(t, err)
	value, err := read.Get(openTest(t, sandbox.New(state, sandbox.Options{Now: testNow}), read), key)
	require.NoError(t, err)
	data, err := json.Marshal(value)
	require.NoError(t, err)
	var again V
	require.NoError(t, json.Unmarshal(data, &again))
	require.Equal(t, value, again)
	return value
}

func repositoryKey(name string) RepositoryKey { return RepositoryKey{"us-east-1", name} }

func imageKey(repository, tag string) ImageKey { return ImageKey{"us-east-1", repository, tag} }

func TestECRRepository(t *testing.T) {
	require.Equal(t, Repository{
		Exists: true, ScanOnPush: true, URI: "123456789012.dkr.ecr.us-east-1.amazonaws.com/docker-api",
		CreatedAt: testNow().Add(-72 * time.Hour),
	}, askECR(t, ECRRepository, repositoryKey("docker-api")))
	require.False(t, askECR(t, ECRRepository, repositoryKey("another")).ScanOnPush)
	require.Zero(t, askECR(t, ECRRepository, repositoryKey("docker-ap")))
	require.Zero(t, askECR(t, ECRRepository, RepositoryKey{"us-west-2", "docker-api"}))

	require.Equal(t, []string{"another", "by-hand", "docker-api"}, askECR(t, RepositoryNames, RegistryKey{"us-east-1"}))
	require.Equal(t, []string{}, askECR(t, RepositoryNames, RegistryKey{"us-west-2"}))
}

func TestECRScanning(t *testing.T) {
	for key, want := range map[RepositoryKey]ScanningConfiguration{
		repositoryKey("docker-api"): {RepositoryExists: true, Frequency: ScanOnPush, OnPush: true},
		repositoryKey("by-hand"):    {RepositoryExists: true, Frequency: ManualScan, RuleApplies: true},
		repositoryKey("another"):    {RepositoryExists: true, Frequency: ManualScan},
		repositoryKey("nothing"):    {},
		{"eu-west-1", "docker-api"}: {RepositoryExists: true, Frequency: ContinuousScan, OnPush: true, RuleApplies: true},
	} {
		require.Equal(t, want, askECR(t, RepositoryScanning, key), key)
	}
	for region, want := range map[string]RegistryConfiguration{
		"us-east-1": {Type: BasicScanning, ManualRule: true},
		"us-west-2": {Type: BasicScanning},
		"eu-west-1": {Type: EnhancedScanning},
	} {
		require.Equal(t, want, askECR(t, RegistryScanning, RegistryKey{region}), region)
	}
}

func TestECRTaggedImage(t *testing.T) {
	latest := askECR(t, TaggedImage, imageKey("docker-api", "latest"))
	require.True(t, latest.Exists)
	require.True(t, IsDigest(latest.Image.Digest))
	latest.Image.Digest = ""
	require.Equal(t, FoundImage{RepositoryExists: true, Exists: true, Image: Image{
		Tags: []string{"latest", "v1"}, Bytes: 190_000_000, Index: true, PushedAt: testNow().Add(-48 * time.Hour),
		Status: ActiveImage,
	}}, latest)
	require.Equal(t, ArchivedImage, askECR(t, TaggedImage, imageKey("docker-api", "old")).Image.Status)
	require.Equal(t, FoundImage{RepositoryExists: true}, askECR(t, TaggedImage, imageKey("docker-api", "lates")))
	require.Zero(t, askECR(t, TaggedImage, imageKey("nothing", "latest")))
}

func TestECRImages(t *testing.T) {
	active := askECR(t, Images, ImagesKey{"us-east-1", "docker-api", ActiveImage})
	require.True(t, active.RepositoryExists)
	require.Len(t, active.Images, 6) // an index, two platforms with their attestations, and the plain image
	archived := askECR(t, Images, ImagesKey{"us-east-1", "docker-api", ArchivedImage})
	require.Len(t, archived.Images, 1)
	require.Equal(t, []string{"old"}, archived.Images[0].Tags)
	require.Equal(t, ImageList{RepositoryExists: true, Images: []Image{}},
		askECR(t, Images, ImagesKey{"us-east-1", "by-hand", ActiveImage}))
	require.Equal(t, ImageList{Images: []Image{}}, askECR(t, Images, ImagesKey{"us-east-1", "nothing", ActiveImage}))
}

func TestECRManifest(t *testing.T) {
	index := askECR(t, ImageManifest, imageKey("docker-api", "latest"))
	require.True(t, index.Exists && index.Index)
	require.Len(t, index.Platforms, 2, "attestations are no platforms")
	require.Equal(t, "linux/amd64", index.Platforms[0].Platform)
	require.Equal(t, "linux/arm64/v8", index.Platforms[1].Platform)

	plain := askECR(t, ImageManifest, imageKey("docker-api", "plain"))
	require.False(t, plain.Index)
	require.Equal(t, []PlatformImage{{Digest: plain.Digest}}, plain.Platforms)

	none := []PlatformImage{}
	require.Equal(t, Manifest{RepositoryExists: true, Platforms: none},
		askECR(t, ImageManifest, imageKey("docker-api", "lates")))
	require.Equal(t, Manifest{Platforms: none}, askECR(t, ImageManifest, imageKey("nothing", "latest")))
}

func TestECRScan(t *testing.T) {
	scanOf := func(key ImageKey) Scan {
		digest := askECR(t, ImageManifest, key).Platforms[0].Digest
		return askECR(t, ImageScan, ScanKey{key.Region, key.Repository, digest})
	}
	require.Equal(t, Scan{
		Status: ScanComplete, Counts: map[Severity]int32{Critical: 4, Low: 1}, CompletedAt: testNow().Add(-48 * time.Hour),
		Criticals: []string{
			"CVE-0000-0001 in example-package", "CVE-0000-0002 in example-package", "CVE-0000-0003 in example-package",
		},
	}, scanOf(imageKey("docker-api", "latest")))
	require.Equal(t, Scan{Status: NeverScanned, PushedAt: testNow().Add(-2 * time.Minute)},
		scanOf(imageKey("docker-api", "plain")))

	enhanced := scanOf(ImageKey{"eu-west-1", "docker-api", "latest"})
	require.Equal(t, ScanActive, enhanced.Status)
	require.Len(t, enhanced.Criticals, 1)

	index := askECR(t, ImageManifest, imageKey("docker-api", "latest")).Digest
	require.Equal(t, Scan{Status: UnsupportedImage}, askECR(t, ImageScan, ScanKey{"us-east-1", "docker-api", index}))
}

// Basic scanning fails with a reason in words where it does not support the image.
func TestECRScanOfAnUnsupportedImage(t *testing.T) {
	for description, want := range map[string]ScanStatus{
		"UnsupportedImageError: The operating system and/or package manager are not supported.": UnsupportedImage,
		"ScanError: try again": ScanFailed,
		"":                     ScanFailed,
	} {
		v := openTest(t, answer(200, jsonType,
			`{"imageScanStatus":{"status":"FAILED","description":"`+description+`"}}`), ImageScan)
		scan, err := ImageScan.Get(v, ScanKey{"us-east-1", "docker-api", testDigest(0)})
		require.NoError(t, err)
		require.Equal(t, Scan{Status: want}, scan)
	}
}

// ECR itself says what a tag is on, if it is no image. Of an index it says what its images are.
func TestECRImageThatIsAnArtifact(t *testing.T) {
	const helm = "application/vnd.cncf.helm.config.v1+json"
	for _, c := range []struct{ manifest, artifact, want string }{
		{ociManifest, helm, helm},
		{ociManifest, "application/vnd.oci.image.config.v1+json", ""},
		{ociManifest, "", ""},
		{ociIndex, ociIndex, ""},
		{"", ociIndex, ""},
	} {
		v := openTest(t, answer(200, jsonType, `{"imageDetails":[{"imageDigest":"`+testDigest(0)+`",
			"imageTags":["latest"],"imageManifestMediaType":"`+c.manifest+`","artifactMediaType":"`+c.artifact+`"}]}`),
			TaggedImage)
		found, err := TaggedImage.Get(v, imageKey("docker-api", "latest"))
		require.NoError(t, err)
		require.Equal(t, c.want, found.Image.Artifact)
	}
}

// A finished scan without counts has none to count.
func TestECRScanWithoutCounts(t *testing.T) {
	v := openTest(t, answer(200, jsonType,
		`{"imageScanStatus":{"status":"COMPLETE"},"imageScanFindings":{"imageScanCompletedAt":1795435200}}`), ImageScan)
	scan, err := ImageScan.Get(v, ScanKey{"us-east-1", "docker-api", testDigest(0)})
	require.NoError(t, err)
	require.Equal(t, ScanComplete, scan.Status)
	require.Empty(t, scan.Counts)
}

func TestECRLifecyclePolicy(t *testing.T) {
	require.Equal(t, Lifecycle{RepositoryExists: true, Exists: true, Rules: []LifecycleRule{
		{Action: "expire", TagStatus: "tagged", TagPrefixes: []string{"v"}},
	}}, askECR(t, LifecyclePolicy, repositoryKey("docker-api")))
	none := []LifecycleRule{}
	require.Equal(t, Lifecycle{RepositoryExists: true, Rules: none}, askECR(t, LifecyclePolicy, repositoryKey("another")))
	require.Equal(t, Lifecycle{Rules: none}, askECR(t, LifecyclePolicy, repositoryKey("nothing")))
}

// TestECRNamesTheAnswersThatTellNothing feeds each read answers that are in the protocol and leave out what decides.
func TestECRNamesTheAnswersThatTellNothing(t *testing.T) {
	digest := fmt.Sprintf("sha256:%064d", 0)
	for name, c := range map[string]struct {
		answer string
		ask    func(*facts.View) error
		reason facts.Reason
	}{
		"another repository": {
			`{"repositories":[{"repositoryName":"docker-api-2"},{}]}`, asking(ECRRepository, repositoryKey("docker-api")),
			facts.InvalidResponse,
		},
		"no repository": {`{}`, asking(ECRRepository, repositoryKey("docker-api")), facts.InvalidResponse},
		"neither a configuration nor a failure": {
			`{}`, asking(RepositoryScanning, repositoryKey("docker-api")), facts.InvalidResponse,
		},
		"a scanning failure of tomorrow": {
			`{"failures":[{"repositoryName":"docker-api","failureCode":"ASLEEP"}]}`,
			asking(RepositoryScanning, repositoryKey("docker-api")), facts.Unsupported,
		},
		"no registry configuration": {`{}`, asking(RegistryScanning, RegistryKey{"us-east-1"}), facts.InvalidResponse},
		"another tag": {
			`{"imageDetails":[{"imageTags":["v1"],"imageDigest":"` + digest + `","imageSizeInBytes":1}]}`,
			asking(TaggedImage, imageKey("docker-api", "latest")), facts.InvalidResponse,
		},
		"an image without a digest": {
			`{"imageDetails":[{"imageTags":["latest"],"imageSizeInBytes":1}]}`,
			asking(TaggedImage, imageKey("docker-api", "latest")), facts.InvalidResponse,
		},
		"an image of no digest": {
			`{"imageDetails":[{"imageTags":["latest"],"imageDigest":"latest"}]}`,
			asking(TaggedImage, imageKey("docker-api", "latest")), facts.InvalidResponse,
		},
		"an image without a media type": {
			`{"imageDetails":[{"imageDigest":"` + digest + `","imageSizeInBytes":1}]}`,
			asking(Images, ImagesKey{"us-east-1", "docker-api", ActiveImage}), facts.InvalidResponse,
		},
		"an image without a size": {
			`{"imageDetails":[{"imageDigest":"` + digest + `","imageManifestMediaType":"` + ociManifest + `"}]}`,
			asking(Images, ImagesKey{"us-east-1", "docker-api", ActiveImage}), facts.InvalidResponse,
		},
		"an image of no size": {
			`{"imageDetails":[{"imageDigest":"` + digest + `","imageSizeInBytes":0,
				"imageManifestMediaType":"` + ociManifest + `"}]}`,
			asking(Images, ImagesKey{"us-east-1", "docker-api", ActiveImage}), facts.InvalidResponse,
		},
		"an image of a negative size": {
			`{"imageDetails":[{"imageDigest":"` + digest + `","imageSizeInBytes":-1,
				"imageManifestMediaType":"` + ociManifest + `"}]}`,
			asking(Images, ImagesKey{"us-east-1", "docker-api", ActiveImage}), facts.InvalidResponse,
		},
		"no list of images": {`{}`, asking(Images, ImagesKey{"us-east-1", "docker-api", ActiveImage}), facts.InvalidResponse},
		"a last page without its list": {
			`{"nextToken":"2"}`, asking(Images, ImagesKey{"us-east-1", "docker-api", ActiveImage}), facts.InvalidResponse,
		},
		"no list of repositories": {`{}`, asking(RepositoryNames, RegistryKey{"us-east-1"}), facts.InvalidResponse},
		"a repository without a name": {
			`{"repositories":[{}]}`, asking(RepositoryNames, RegistryKey{"us-east-1"}),
			facts.InvalidResponse,
		},
		"a scanning configuration without a frequency": {
			`{"scanningConfigurations":[{"repositoryName":"docker-api"}]}`,
			asking(RepositoryScanning, repositoryKey("docker-api")), facts.InvalidResponse,
		},
		"no manifest and no failure": {
			`{"images":[{}]}`, asking(ImageManifest, imageKey("docker-api", "latest")), facts.InvalidResponse,
		},
		"an image failure of tomorrow": {
			`{"failures":[{"imageId":{"imageTag":"latest"},"failureCode":"KmsError"}]}`,
			asking(ImageManifest, imageKey("docker-api", "latest")), facts.Unsupported,
		},
		"a failure of another image": {
			`{"failures":[{"imageId":{"imageTag":"v1"},"failureCode":"ImageNotFound"}]}`,
			asking(ImageManifest, imageKey("docker-api", "latest")), facts.InvalidResponse,
		},
		"an index in an index": {
			`{"images":[{"imageId":{"imageTag":"latest","imageDigest":"` + digest + `"},"imageManifest":` +
				`"{\"manifests\":[{\"mediaType\":\"` + ociIndex + `\",\"digest\":\"` + digest + `\"}]}"}]}`,
			asking(ImageManifest, imageKey("docker-api", "latest")), facts.Unsupported,
		},
		"a manifest without a digest": {
			`{"images":[{"imageId":{"imageTag":"latest"},"imageManifest":"{}"}]}`,
			asking(ImageManifest, imageKey("docker-api", "latest")), facts.InvalidResponse,
		},
		"a scan without a status": {
			`{"imageScanFindings":{}}`, asking(ImageScan, ScanKey{"us-east-1", "docker-api", digest}), facts.InvalidResponse,
		},
		"a finished scan without findings": {
			`{"imageScanStatus":{"status":"COMPLETE"}}`,
			asking(ImageScan, ScanKey{"us-east-1", "docker-api", digest}), facts.InvalidResponse,
		},
		"a finished scan with nothing in its findings": {
			`{"imageScanStatus":{"status":"COMPLETE"},"imageScanFindings":{}}`,
			asking(ImageScan, ScanKey{"us-east-1", "docker-api", digest}), facts.InvalidResponse,
		},
		"a critical finding that is not counted": {
			`{"imageScanStatus":{"status":"ACTIVE"},
				"imageScanFindings":{"findings":[{"severity":"CRITICAL","name":"CVE-0000-0001"}]}}`,
			asking(ImageScan, ScanKey{"us-east-1", "docker-api", digest}), facts.InvalidResponse,
		},
		"more critical findings than are counted": {
			`{"imageScanStatus":{"status":"COMPLETE"},
				"imageScanFindings":{"findingSeverityCounts":{"HIGH":1},"findings":[{"severity":"CRITICAL"}]}}`,
			asking(ImageScan, ScanKey{"us-east-1", "docker-api", digest}), facts.InvalidResponse,
		},
		"a number of findings below zero": {
			`{"imageScanStatus":{"status":"COMPLETE"},"imageScanFindings":{"findingSeverityCounts":{"CRITICAL":-1}}}`,
			asking(ImageScan, ScanKey{"us-east-1", "docker-api", digest}), facts.InvalidResponse,
		},
		"a policy without rules": {
			`{"lifecyclePolicyText":"{}"}`, asking(LifecyclePolicy, repositoryKey("docker-api")), facts.InvalidResponse,
		},
		"a policy that is no JSON": {
			`{"lifecyclePolicyText":"rules: []"}`, asking(LifecyclePolicy, repositoryKey("docker-api")), facts.InvalidResponse,
		},
		"a policy without a text": {`{}`, asking(LifecyclePolicy, repositoryKey("docker-api")), facts.InvalidResponse},
	} {
		t.Run(name, func(t *testing.T) {
			v := openTest(t, answer(200, jsonType, c.answer),
				ECRRepository, RepositoryNames, RepositoryScanning, RegistryScanning, TaggedImage, Images, ImageManifest, ImageScan,
				LifecyclePolicy)
			err := c.ask(v)
			require.Error(t, err)
			require.Equal(t, c.reason, facts.AsError(err).Reason, "%v", err)
		})
	}
}

func asking[K comparable, V any](read *facts.Read[K, V], key K) func(*facts.View) error {
	return func(v *facts.View) error {
		_, err := read.Get(v, key)
		return err
	}
}
