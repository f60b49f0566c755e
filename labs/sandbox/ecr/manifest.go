package ecr

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Media types of manifests and of what they point at (OCI image specification; Docker image manifest version 2,
// schema 2).
const (
	ociIndex       = "application/vnd.oci.image.index.v1+json"
	ociManifest    = "application/vnd.oci.image.manifest.v1+json"
	ociConfig      = "application/vnd.oci.image.config.v1+json"
	ociLayer       = "application/vnd.oci.image.layer.v1.tar+gzip"
	dockerManifest = "application/vnd.docker.distribution.manifest.v2+json"
	inTotoLayer    = "application/vnd.in-toto+json"
)

// A manifest is the text of an image manifest or of an index, and what it says. Its digest is that of the text.
type manifest struct {
	text   string
	digest string
	manifestBody
}

// A manifestBody holds the fields that manifests and indexes have between them.
type manifestBody struct {
	SchemaVersion int          `json:"schemaVersion"`
	MediaType     string       `json:"mediaType,omitempty"`
	Config        *descriptor  `json:"config,omitempty"`
	Layers        []descriptor `json:"layers,omitempty"`
	Manifests     []descriptor `json:"manifests,omitempty"`
}

// A descriptor points at something by its digest.
type descriptor struct {
	MediaType   string            `json:"mediaType"`
	Digest      string            `json:"digest"`
	Size        int64             `json:"size"`
	Annotations map[string]string `json:"annotations,omitempty"`
	Platform    *platform         `json:"platform,omitempty"`
	URLs        []string          `json:"urls,omitempty"` // where a layer is that is not in the registry
}

// A platform is what an image runs on.
type platform struct {
	Architecture string `json:"architecture"`
	OS           string `json:"os"`
	Variant      string `json:"variant,omitempty"`
}

// buildImage makes the manifests of a described image, the one that holds the tags last. The same description at the
// same place makes the same digests: they do not depend on the time of the push, so that two runs over one state report
// the same image.
func buildImage(repository string, position int, image Image) []manifest {
	platforms := image.Platforms
	if len(platforms) == 0 {
		platforms = []string{"linux/amd64"}
	}
	var manifests []manifest
	var children []descriptor
	for _, name := range platforms {
		seed := fmt.Sprintf("%s %d %s", repository, position, name)
		m := imageManifest(seed, image.Size)
		manifests = append(manifests, m)
		children = append(children, m.descriptor(parsePlatform(name), nil))
	}
	// BuildKit lists the attestations after all images.
	if image.Attestation {
		for _, subject := range manifests {
			m := attestationManifest(subject)
			manifests = append(manifests, m)
			unknown := &platform{Architecture: "unknown", OS: "unknown"}
			children = append(children, m.descriptor(unknown, map[string]string{
				"vnd.docker.reference.digest": subject.digest,
				"vnd.docker.reference.type":   "attestation-manifest",
			}))
		}
	}
	if len(manifests) == 1 {
		return manifests
	}
	return append(manifests, newManifest(manifestBody{SchemaVersion: 2, MediaType: ociIndex, Manifests: children}))
}

// imageManifest makes the manifest of an image for one platform, whose layers have size bytes together.
func imageManifest(seed string, size int64) manifest {
	base := size * 3 / 4
	return newManifest(manifestBody{
		SchemaVersion: 2,
		MediaType:     ociManifest,
		Config:        pointTo(ociConfig, seed+" config", 1469),
		Layers:        []descriptor{*pointTo(ociLayer, seed+" base", base), *pointTo(ociLayer, seed+" app", size-base)},
	})
}

// attestationManifest makes the manifest that holds the build provenance of an image.
func attestationManifest(subject manifest) manifest {
	provenance := pointTo(inTotoLayer, subject.digest+" provenance", 1842)
	provenance.Annotations = map[string]string{"in-toto.io/predicate-type": "https://slsa.dev/provenance/v1"}
	return newManifest(manifestBody{
		SchemaVersion: 2,
		MediaType:     ociManifest,
		Config:        pointTo(ociConfig, subject.digest+" attestation config", 167),
		Layers:        []descriptor{*provenance},
	})
}

// pointTo describes content that is not kept: only its digest matters.
func pointTo(mediaType, seed string, size int64) *descriptor {
	return &descriptor{MediaType: mediaType, Digest: digestOf(seed), Size: size}
}

// newManifest writes a manifest as BuildKit does.
func newManifest(body manifestBody) manifest {
	text, err := json.MarshalIndent(body, "", "  ")
	if err != nil {
		panic(err) // strings and integers can always be written
	}
	return manifest{text: string(text), digest: digestOf(string(text)), manifestBody: body}
}

// parseManifest reads a manifest that somebody pushes. mediaType is what the request says it is; an OCI manifest may
// leave that out of its text.
func parseManifest(text, mediaType string) (manifest, error) {
	m := manifest{text: text, digest: digestOf(text)}
	err := json.Unmarshal([]byte(text), &m.manifestBody)
	// A state file could not hold bytes that are no UTF-8, and the digest is theirs.
	if err != nil || m.SchemaVersion != 2 || !utf8.ValidString(text) {
		return manifest{}, badECR("ImageManifest", "Invalid JSON syntax")
	}
	if m.MediaType == "" {
		m.MediaType = mediaType
	}
	if m.MediaType == "" {
		m.MediaType = ociManifest
		if m.Config == nil {
			m.MediaType = ociIndex
		}
	}
	if mediaType != "" && mediaType != m.MediaType {
		return manifest{}, badECR("ImageManifestMediaType", "Media type does not match the one in the manifest")
	}
	return m, nil
}

// refersTo says whether the manifest is an index over the one with that digest.
func (m *manifest) refersTo(digest string) bool {
	for _, child := range m.Manifests {
		if child.Digest == digest {
			return true
		}
	}
	return false
}

// scannable says whether ECR can look for packages inside: not in an index, and not in what is no container image.
func (m *manifest) scannable() bool {
	if m.MediaType != ociManifest && m.MediaType != dockerManifest {
		return false
	}
	for _, layer := range m.Layers {
		if layer.MediaType == inTotoLayer {
			return false
		}
	}
	return true
}

// layerBytes is the size of all layers together.
func (m *manifest) layerBytes() int64 {
	var sum int64
	for _, layer := range m.Layers {
		sum += layer.Size
	}
	return sum
}

// descriptor points at the manifest, as an index does.
func (m *manifest) descriptor(p *platform, annotations map[string]string) descriptor {
	return descriptor{
		MediaType: m.MediaType, Digest: m.digest, Size: int64(len(m.text)), Annotations: annotations, Platform: p,
	}
}

// parsePlatform reads os/architecture[/variant].
func parsePlatform(name string) *platform {
	system, rest, _ := strings.Cut(name, "/")
	architecture, variant, _ := strings.Cut(rest, "/")
	return &platform{Architecture: architecture, OS: system, Variant: variant}
}

// digestOf is the digest of a text as registries write it.
func digestOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256:" + hex.EncodeToString(sum[:])
}
