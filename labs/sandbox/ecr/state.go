package ecr

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// Part is what ECR keeps.
var Part = &wire.Part[State]{Key: "ecr", Regional: true}

// A State is the private container registry of one Region.
type State struct {
	// Scanning is the scanning configuration of the registry, BASIC when it has no type. It governs before the setting
	// of a repository does.
	Scanning     registryScanningConfigurationWire `json:"scanning,omitzero"`
	Repositories []*Repository                     `json:"repositories,omitempty"`
}

// A state keeps the scanning configuration and the filters as AWS shows them, under shorter names. The type of every
// filter is WILDCARD: AWS has no other.
//
//wire:keep RegistryScanningConfiguration scanType=type
//wire:keep RegistryScanningRule scanFrequency=frequency repositoryFilters=filters
//wire:keep ScanningRepositoryFilter filterType=type
//wire:keep ImageTagMutabilityExclusionFilter filterType=type

// A Repository is one ECR repository.
type Repository struct {
	Name    string    `json:"name"`
	Created wire.Time `json:"created"`
	// TagMutability is MUTABLE (also when empty), IMMUTABLE, or either with the suffix _WITH_EXCLUSION.
	TagMutability string                                  `json:"tagMutability,omitempty"`
	TagExclusions []imageTagMutabilityExclusionFilterWire `json:"tagExclusions,omitempty"`
	// ScanOnPush is the repository's own setting, which counts where the registry is BASIC and no rule of it matches.
	ScanOnPush bool `json:"scanOnPush,omitempty"`
	// LifecyclePolicy is the policy document; none when empty.
	LifecyclePolicy json.RawMessage `json:"lifecyclePolicy,omitempty"`
	// Images were pushed in this order. They are a description: the manifests are made from it when the repository is
	// first asked for.
	Images []Image `json:"images,omitempty"`
	// Manifests are the images as a registry keeps them, the oldest push first: what clients pushed, and what Images
	// described.
	Manifests []*PushedImage `json:"manifests,omitempty"`

	layers map[string]*layer // by digest
}

// An Image describes one push, as `docker push` does it: one manifest per platform and, where there is more than one
// manifest, an image index over them that holds the tags.
type Image struct {
	Tags   []string  `json:"tags,omitempty"`
	Pushed wire.Time `json:"pushed"`
	Pulled wire.Time `json:"pulled,omitzero"`
	// Platforms are written os/architecture or os/architecture/variant; none is linux/amd64.
	Platforms []string `json:"platforms,omitempty"`
	// Attestation adds the provenance manifest that BuildKit adds to each platform by default.
	Attestation bool `json:"attestation,omitempty"`
	// Size is the size of one platform's layers in bytes, compressed.
	Size int64 `json:"size"`
	// Status is ACTIVE (also when empty), ARCHIVED or ACTIVATING.
	Status string `json:"status,omitempty"`
	// Scan is what ECR knows of the vulnerabilities of each platform's image; nil when no scan was ever asked for.
	Scan *Scan `json:"scan,omitempty"`
}

// A PushedImage is one manifest in a repository: an image for one platform, or an index over such images.
type PushedImage struct {
	// Manifest is the text that was pushed. The image's digest is the digest of this text.
	Manifest string `json:"manifest"`
	// MediaType is what the push said that the manifest is; the text says it too, but for an OCI manifest it need not.
	MediaType string    `json:"mediaType,omitempty"`
	Tags      []string  `json:"tags,omitempty"`
	Pushed    wire.Time `json:"pushed"`
	Pulled    wire.Time `json:"pulled,omitzero"`
	Status    string    `json:"status,omitempty"` // as in Image
	Scan      Scan      `json:"scan,omitzero"`

	manifest `json:"-"` // what Manifest says
}

// A Scan is the result of one vulnerability scan.
type Scan struct {
	// Status is a status of ECR, such as COMPLETE. Empty: nobody asked for a scan yet, and when somebody does it finds
	// Counts.
	Status string `json:"status,omitempty"`
	// Completed is the end of the scan; the time of the push when it is not given.
	Completed wire.Time `json:"completed,omitzero"`
	// Counts are the findings by severity, such as MEDIUM.
	Counts map[string]int32 `json:"counts,omitempty"`
}

// repository finds a repository by name, and makes its images real.
func (s *State) repository(name string) (*Repository, bool) {
	for _, repo := range s.Repositories {
		if repo.Name == name {
			repo.unpack()
			return repo, true
		}
	}
	return nil, false
}

// Validate finds what would make the registry's answers nonsense.
func (s *State) Validate() error {
	seen := map[string]bool{}
	for _, repo := range s.Repositories {
		switch {
		case !isRepositoryName(repo.Name):
			return fmt.Errorf("%.20q is not a name for a repository", repo.Name)
		case seen[repo.Name]:
			return fmt.Errorf("there are two repositories %.20q", repo.Name)
		}
		seen[repo.Name] = true
		if err := repo.validate(); err != nil {
			return fmt.Errorf("repository %.20s: %w", repo.Name, err)
		}
	}
	return nil
}

func (r *Repository) validate() error {
	if err := r.setMutability(r.TagMutability, r.TagExclusions); err != nil {
		return err
	}
	for i, image := range r.Images {
		if image.Pushed.IsZero() || image.Size <= 0 {
			return fmt.Errorf("image %d: pushed and size are needed", i+1)
		}
		for _, tag := range image.Tags {
			if !imageTag.Takes(tag) {
				return fmt.Errorf("image %d: %.20q is not a tag", i+1, tag)
			}
		}
		for _, name := range image.Platforms {
			if p := parsePlatform(name); p.OS == "" || p.Architecture == "" {
				return fmt.Errorf("image %d: %.20q is not a platform such as linux/amd64", i+1, name)
			}
		}
	}
	return r.read()
}

// read reads the manifests of a state file, and finds those that no registry could hold.
func (r *Repository) read() error {
	digests, tags := map[string]bool{}, map[string]bool{}
	for i, image := range r.Manifests {
		m, err := parseManifest(image.Manifest, image.MediaType)
		if err != nil {
			return fmt.Errorf("manifest %d: %w", i+1, err)
		}
		if image.Pushed.IsZero() || digests[m.digest] {
			return fmt.Errorf("manifest %d: pushed is needed, and each manifest once", i+1)
		}
		digests[m.digest] = true
		for _, tag := range image.Tags {
			if !imageTag.Takes(tag) || tags[tag] {
				return fmt.Errorf("manifest %d: %.20q is not a tag that no other manifest has", i+1, tag)
			}
			tags[tag] = true
		}
		image.MediaType, image.manifest = m.MediaType, m
	}
	return nil
}

// unpack pushes what Images describes, once. There may be ten thousand of them: what is there already is looked up.
func (r *Repository) unpack() {
	if len(r.Images) == 0 {
		return
	}
	byDigest, byTag := r.index()
	for i, image := range r.Images {
		completed := image.Pushed.Time
		if image.Scan != nil && !image.Scan.Completed.IsZero() {
			completed = image.Scan.Completed.Time
		}
		var last *PushedImage
		for _, m := range buildImage(r.Name, i, image) {
			pushed := byDigest[m.digest]
			if pushed == nil {
				pushed = r.add(m, image.Pushed.Time)
				byDigest[m.digest] = pushed
			}
			pushed.Pulled, pushed.Status = image.Pulled, image.Status
			if image.Scan != nil {
				pushed.Scan.Counts = image.Scan.Counts
				pushed.recordScan(image.Scan.Status, completed)
			}
			last = pushed
		}
		for _, tag := range image.Tags {
			if had := byTag[tag]; had != nil {
				had.untag(tag)
			}
			last.Tags, byTag[tag] = append(last.Tags, tag), last
		}
	}
	r.Images = nil
}

// index finds the images by their digests and by their tags.
func (r *Repository) index() (byDigest, byTag map[string]*PushedImage) {
	byDigest, byTag = make(map[string]*PushedImage, len(r.Manifests)), map[string]*PushedImage{}
	for _, image := range r.Manifests {
		byDigest[image.digest] = image
		for _, tag := range image.Tags {
			byTag[tag] = image
		}
	}
	return byDigest, byTag
}

// recordScan notes the outcome of a scan; an empty status is no scan at all.
func (p *PushedImage) recordScan(status string, completed time.Time) {
	if status == "" {
		return
	}
	if !p.scannable() {
		status = scanUnsupported
	}
	p.Scan.Status, p.Scan.Completed = status, wire.At(completed)
}

// scanned says whether anybody ever asked for a scan.
func (p *PushedImage) scanned() bool { return p.Scan.Status != "" }

// push stores a manifest, and returns the image that holds it now: the earlier one if the very same bytes are there
// already.
func (r *Repository) push(m manifest, when time.Time) *PushedImage {
	if old := r.byDigest(m.digest); old != nil {
		return old
	}
	return r.add(m, when)
}

// add stores a manifest that is not there yet.
func (r *Repository) add(m manifest, when time.Time) *PushedImage {
	image := &PushedImage{Manifest: m.text, MediaType: m.MediaType, Pushed: wire.At(when), manifest: m}
	r.Manifests = append(r.Manifests, image)
	return image
}

// tag moves a tag to the image with that digest. The image that had it stays, with one tag less.
func (r *Repository) tag(digest, tag string) {
	for _, image := range r.Manifests {
		image.untag(tag)
		if image.digest == digest {
			image.Tags = append(image.Tags, tag)
		}
	}
}

// identifier names the image, with the tag that it was asked for.
func (p *PushedImage) identifier(tag *string) imageIdentifierWire {
	return imageIdentifierWire{ImageDigest: &p.digest, ImageTag: tag}
}

// untag takes a tag away, if the image has it.
func (p *PushedImage) untag(tag string) {
	p.Tags = slices.DeleteFunc(p.Tags, func(t string) bool { return t == tag })
}

// artifactType is the media type that says what kind of thing the manifest describes.
func (p *PushedImage) artifactType() string {
	if p.Config != nil {
		return p.Config.MediaType
	}
	return p.MediaType
}

// byDigest is the image with that digest, or nil.
func (r *Repository) byDigest(digest string) *PushedImage {
	for _, image := range r.Manifests {
		if image.digest == digest {
			return image
		}
	}
	return nil
}

// byTag is the image that holds the tag, or nil.
func (r *Repository) byTag(tag string) *PushedImage {
	for _, image := range r.Manifests {
		if slices.Contains(image.Tags, tag) {
			return image
		}
	}
	return nil
}

// sizeIn is the size that ECR shows: of an index, that of the largest of the repository's images in it.
func (p *PushedImage) sizeIn(byDigest map[string]*PushedImage) int64 {
	largest := p.layerBytes()
	for _, child := range p.Manifests {
		if stored := byDigest[child.Digest]; stored != nil {
			largest = max(largest, stored.layerBytes())
		}
	}
	return largest
}

// state is the image's status with its default.
func (p *PushedImage) state() string {
	if p.Status == "" {
		return statusActive
	}
	return p.Status
}
