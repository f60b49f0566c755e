package account

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func testDigest(n int) string { return fmt.Sprintf("sha256:%064x", n) }

func TestParseManifest(t *testing.T) {
	const amd64 = `{"digest":"sha256:%064x","platform":{"os":"linux","architecture":"amd64"}}`
	list := func(descriptors ...string) string { return `{"manifests":[` + strings.Join(descriptors, ",") + `]}` }
	child := fmt.Sprintf(amd64, 1)
	var crowd []string
	for n := range maxPlatforms + 1 {
		crowd = append(crowd, fmt.Sprintf(amd64, n))
	}
	for name, c := range map[string]struct {
		mediaType, text string
		want            []PlatformImage // nil: the manifest cannot be read
	}{
		"an OCI index":           {ociIndex, list(child), []PlatformImage{{testDigest(1), "linux/amd64"}}},
		"a Docker manifest list": {dockerList, list(child), []PlatformImage{{testDigest(1), "linux/amd64"}}},
		"its own media type": {
			"", `{"mediaType":"` + ociIndex + `","manifests":[` + child + `]}`, []PlatformImage{{testDigest(1), "linux/amd64"}},
		},
		"an image":                   {ociManifest, `{"layers":[]}`, []PlatformImage{{testDigest(0), ""}}},
		"no media type":              {"", `{}`, []PlatformImage{{testDigest(0), ""}}},
		"an index by its list alone": {"", list(child), []PlatformImage{{testDigest(1), "linux/amd64"}}},
		"an index in an index": {
			ociIndex, list(`{"mediaType":"` + dockerList + `","digest":"` + testDigest(2) + `"}`),
			nil,
		},
		"the same child once": {ociIndex, list(child, child), []PlatformImage{{testDigest(1), "linux/amd64"}}},
		"no platform": {
			ociIndex, list(`{"digest":"` + testDigest(2) + `"}`),
			[]PlatformImage{{testDigest(2), ""}},
		},
		"an attestation by its platform": {
			ociIndex, list(`{"digest":"` + testDigest(3) + `","platform":{"os":"unknown"}}`), []PlatformImage{},
		},
		"an attestation by its annotation": {
			ociIndex,
			list(`{"digest":"` + testDigest(3) + `","annotations":{"vnd.docker.reference.type":"attestation-manifest"}}`),
			[]PlatformImage{},
		},
		"an empty index":       {ociIndex, list(), nil},
		"an index of nothing":  {ociIndex, `{}`, nil},
		"a child of no digest": {ociIndex, list(`{"digest":"; rm -rf /"}`), nil},
		"null for a child":     {ociIndex, list("null"), nil},
		"too many platforms":   {ociIndex, list(crowd...), nil},
		"not JSON":             {ociIndex, `manifests: []`, nil},
		"another shape":        {ociIndex, `{"manifests":{}}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := parseManifest(testDigest(0), c.mediaType, c.text)
			if c.want == nil {
				require.Error(t, err)
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.want, m.Platforms)
		})
	}
}

// An artifact is no container image, however it says what it is. The manifests are as the tools push them.
func TestArtifactsAreNoImages(t *testing.T) {
	const (
		helm     = "application/vnd.cncf.helm.config.v1+json"
		image    = "application/vnd.oci.image.config.v1+json"
		empty    = "application/vnd.oci.empty.v1+json"
		ociLayer = "application/vnd.oci.image.layer.v1.tar+"
		signed   = "application/vnd.dev.cosign.simplesigning.v1+json"
		soci     = "application/vnd.amazon.soci.index.v1+json"
		inToto   = "application/vnd.in-toto+json"
		notary   = "application/vnd.cncf.notary.signature"
		spdx     = "application/spdx+json"
		unknown  = "application/vnd.unknown.config.v1+json"
		plugin   = "application/vnd.docker.plugin.v1+json"
	)
	manifest := func(artifact, config string, layers ...string) string {
		text := `{"schemaVersion":2,"mediaType":"` + ociManifest + `","artifactType":"` + artifact + `",` +
			`"config":{"mediaType":"` + config + `"},"layers":[`
		for i, layer := range layers {
			text += strings.Repeat(",", min(i, 1)) + `{"mediaType":"` + layer + `"}`
		}
		return text + "]}"
	}
	for name, c := range map[string]struct{ text, want string }{
		"an image of buildx":             {manifest("", image, ociLayer+"gzip", ociLayer+"gzip"), ""},
		"an image in zstd":               {manifest("", image, ociLayer+"zstd"), ""},
		"an image of Docker":             {manifest("", dockerConfig, dockerLayer), ""},
		"an image of Docker 1.10":        {manifest("", "application/octet-stream", dockerLayer), ""},
		"an image without layers":        {manifest("", dockerConfig), ""},
		"an image of Nydus":              {manifest("", image, "application/vnd.oci.image.layer.nydus.blob.v1"), ""},
		"a Docker image of schema 1":     {`{"schemaVersion":1,"fsLayers":[{"blobSum":"sha256:1"}]}`, ""},
		"layers without a type":          {`{"layers":[{},{}]}`, ""},
		"a Helm chart":                   {manifest("", helm, "application/vnd.cncf.helm.chart.content.v1.tar+gzip"), helm},
		"a signature of cosign":          {manifest("", image, signed), signed},
		"a bill of material of cosign":   {manifest("", image, "text/spdx+json"), "text/spdx+json"},
		"an attestation of BuildKit":     {manifest("", image, inToto), inToto},
		"a signature of Notation":        {manifest(notary, empty), notary},
		"a bill of material of ORAS":     {manifest(spdx, empty, spdx), spdx},
		"an artifact with a file system": {manifest("application/x.mine", image, ociLayer+"gzip"), "application/x.mine"},
		"an old artifact of ORAS":        {manifest("", unknown), unknown},
		"a SOCI index":                   {manifest("", soci, "application/octet-stream"), soci},
		"an empty config":                {manifest("", empty, empty), empty},
		"a plugin of Docker":             {manifest("", plugin, dockerLayer), plugin},
	} {
		m, err := parseManifest(testDigest(0), ociManifest, c.text)
		require.NoError(t, err, name)
		require.Equal(t, c.want, m.Artifact, name)
		require.Equal(t, c.want != "", len(m.Platforms) == 0, name)
	}
}

// The media types of Docker's own manifests.
const (
	dockerConfig = "application/vnd.docker.container.image.v1+json"
	dockerLayer  = "application/vnd.docker.image.rootfs.diff.tar.gzip"
)

// Beside an image an index may list what is none.
func TestAnIndexListsArtifactsToo(t *testing.T) {
	child := func(n int, more string) string {
		return `{"mediaType":"` + ociManifest + `","digest":"` + testDigest(n) + `",` +
			`"platform":{"os":"linux","architecture":"amd64"}` + more + `}`
	}
	for name, beside := range map[string]string{
		"a SOCI index":                 child(2, `,"artifactType":"application/vnd.amazon.soci.index.v2+json"`),
		"a SOCI index by its image":    child(2, `,"annotations":{"com.amazon.soci.image-manifest-digest":"sha256:1"}`),
		"another artifact":             child(2, `,"artifactType":"application/spdx+json"`),
		"something that is no image":   `{"mediaType":"application/vnd.in-toto+json","digest":"` + testDigest(2) + `"}`,
		"an index that is an artifact": `{"mediaType":"` + ociIndex + `","artifactType":"a/b"}`,
	} {
		image := child(1, `,"annotations":{"com.amazon.soci.index-digest":"`+testDigest(2)+`"}`)
		m, err := parseManifest(testDigest(0), ociIndex, `{"manifests":[`+image+","+beside+`]}`)
		require.NoError(t, err, name)
		require.Equal(t, []PlatformImage{{testDigest(1), "linux/amd64"}}, m.Platforms, name)
		m, err = parseManifest(testDigest(0), ociIndex, `{"manifests":[`+beside+`]}`)
		require.NoError(t, err, name)
		require.Empty(t, m.Platforms, name)
		require.True(t, m.Index, name)
	}
}

func FuzzParseManifest(f *testing.F) {
	f.Add(ociIndex, `{"manifests":[{"digest":"`+testDigest(1)+`",
		"platform":{"os":"linux","architecture":"arm64","variant":"v8"}}]}`)
	f.Add(dockerList, `{"manifests":[{"annotations":{"vnd.docker.reference.type":"attestation-manifest"}},null]}`)
	f.Add("", `{"mediaType":"`+ociIndex+`"}`)
	f.Add(ociManifest, `null`)
	f.Fuzz(func(t *testing.T, mediaType, text string) {
		m, err := parseManifest(testDigest(0), mediaType, text)
		if err != nil {
			return
		}
		require.LessOrEqual(t, len(m.Platforms), maxPlatforms)
		for _, image := range m.Platforms {
			require.True(t, IsDigest(image.Digest), "a digest may stand in a command")
		}
	})
}

func TestParseLifecyclePolicy(t *testing.T) {
	rules, err := parseLifecyclePolicy(`{"rules":[
		{"rulePriority":1,"selection":{"tagStatus":"tagged","tagPatternList":["*-dev"]},"action":{"type":"expire"}},
		{"selection":{"tagStatus":"any"},"action":{"type":"transition","targetStorageClass":"archive"}},
		{}, null]}`)
	require.NoError(t, err)
	require.Equal(t, []LifecycleRule{
		{Action: "expire", TagStatus: "tagged", TagPatterns: []string{"*-dev"}},
		{Action: "transition", TagStatus: "any"},
		{},
		{},
	}, rules)
	for _, text := range []string{"", "[]", `{}`, "null", `{"rules":{}}`, `{"rules":[1]}`, `{"rules":[]} and more`} {
		_, err := parseLifecyclePolicy(text)
		require.Error(t, err, text)
	}
}

func FuzzParseLifecyclePolicy(f *testing.F) {
	f.Add(`{"rules":[{"selection":{"tagStatus":"tagged","tagPrefixList":["v"]},"action":{"type":"expire"}}]}`)
	f.Add(`{"rules":[null,{}]}`)
	f.Add(`null`)
	f.Fuzz(func(t *testing.T, text string) {
		rules, err := parseLifecyclePolicy(text)
		require.True(t, (err == nil) == (rules != nil), "either rules or an error")
	})
}
