package sandbox

import (
	"encoding/json"
	"time"
)

// An ECRState is the private container registry of one Region.
type ECRState struct {
	// Scanning is the scanning configuration of the registry. It governs before the setting of a repository does.
	Scanning     RegistryScanning `json:"scanning,omitzero"`
	Repositories []*Repository    `json:"repositories,omitempty"`
}

// A RegistryScanning says which repositories are scanned, and when.
type RegistryScanning struct {
	Type  string         `json:"type,omitempty" wire:"scanType"` // BASIC (also when empty) or ENHANCED
	Rules []ScanningRule `json:"rules,omitempty" wire:"rules"`
}

// A ScanningRule gives the repositories that a filter matches a scan frequency.
type ScanningRule struct {
	Frequency string           `json:"frequency" wire:"scanFrequency,required"` // SCAN_ON_PUSH, CONTINUOUS_SCAN or MANUAL
	Filters   []WildcardFilter `json:"filters" wire:"repositoryFilters,required"`
}

// A WildcardFilter matches names.
type WildcardFilter struct {
	Filter string `json:"filter" wire:"filter,required"`
	Type   string `json:"type" wire:"filterType,required"` // WILDCARD is the only one that AWS has
}

// A Repository is one ECR repository.
type Repository struct {
	Name    string `json:"name"`
	Created Time   `json:"created"`
	// TagMutability is MUTABLE (also when empty), IMMUTABLE, or either with the suffix _WITH_EXCLUSION.
	TagMutability string           `json:"tagMutability,omitempty"`
	TagExclusions []WildcardFilter `json:"tagExclusions,omitempty"`
	// ScanOnPush is the repository's own setting, which counts where the registry is BASIC and no rule of it matches.
	ScanOnPush bool `json:"scanOnPush,omitempty"`
	// LifecyclePolicy is the policy document; none when empty.
	LifecyclePolicy json.RawMessage `json:"lifecyclePolicy,omitempty"`
	// Images were pushed in this order. They are a description: the manifests are made from it when the repository is first asked for.
	Images []Image `json:"images,omitempty"`

	pushed []*storedImage // everything in the repository, oldest push first
}

// An Image describes one push, as `docker push` does it: one manifest per platform and, where there is more than one manifest, an
// image index over them that holds the tags.
type Image struct {
	Tags   []string `json:"tags,omitempty"`
	Pushed Time     `json:"pushed"`
	Pulled Time     `json:"pulled,omitzero"`
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

// A Scan is the result of one vulnerability scan.
type Scan struct {
	// Status is a status of ECR, such as COMPLETE. Empty: nobody asked for a scan yet, and when somebody does it finds Counts.
	Status string `json:"status,omitempty"`
	// Completed is the end of the scan; the time of the push when it is not given.
	Completed Time `json:"completed,omitzero"`
	// Counts are the findings by severity, such as MEDIUM.
	Counts map[string]int32 `json:"counts,omitempty"`
}

// repository finds a repository by name and makes its images real.
func (s *ECRState) repository(name string) (*Repository, bool) {
	for _, repo := range s.Repositories {
		if repo.Name == name {
			repo.unpack()
			return repo, true
		}
	}
	return nil, false
}

// unpack pushes what Images describes, once.
func (r *Repository) unpack() {
	for i, image := range r.Images {
		completed := image.Pushed.Time
		if image.Scan != nil && !image.Scan.Completed.IsZero() {
			completed = image.Scan.Completed.Time
		}
		manifests := buildImage(r.Name, i, image)
		for _, m := range manifests {
			stored := r.push(m, image.Pushed.Time)
			stored.pulled, stored.status = image.Pulled.Time, image.Status
			if image.Scan != nil {
				stored.vulnerabilities = image.Scan.Counts
				stored.recordScan(image.Scan.Status, completed)
			}
		}
		for _, tag := range image.Tags {
			r.tag(manifests[len(manifests)-1].digest, tag)
		}
	}
	r.Images = nil
}

// A storedImage is one manifest in a repository.
type storedImage struct {
	manifest
	tags            []string
	pushed, pulled  time.Time
	status          string           // as in Image
	vulnerabilities map[string]int32 // what a scan finds, by severity
	scan            *scanResult      // nil: never scanned
}

// A scanResult is the state of the last scan of an image.
type scanResult struct {
	status    string
	completed time.Time
}

// recordScan notes the outcome of a scan; an empty status is no scan at all.
func (s *storedImage) recordScan(status string, completed time.Time) {
	if status == "" {
		return
	}
	if !s.scannable() {
		status = scanUnsupported
	}
	s.scan = &scanResult{status: status, completed: completed}
}

// push stores a manifest, and returns the image that holds it now: the earlier one if the very same bytes are there already.
func (r *Repository) push(m manifest, when time.Time) *storedImage {
	if old := r.byDigest(m.digest); old != nil {
		return old
	}
	stored := &storedImage{manifest: m, pushed: when}
	r.pushed = append(r.pushed, stored)
	return stored
}

// tag moves a tag to the image with that digest. The image that had it stays, with one tag less.
func (r *Repository) tag(digest, tag string) {
	for _, image := range r.pushed {
		image.untag(tag)
		if image.digest == digest {
			image.tags = append(image.tags, tag)
		}
	}
}
