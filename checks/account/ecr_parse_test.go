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
		"an empty index":       {ociIndex, `{}`, []PlatformImage{}},
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
