package sandbox

import "encoding/json"

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
	// Manifests are the images as a registry keeps them, the oldest push first: what clients pushed, and what Images described.
	Manifests []*PushedImage `json:"manifests,omitempty"`

	layers map[string]*layer // by digest
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

// A PushedImage is one manifest in a repository: an image for one platform, or an index over such images.
type PushedImage struct {
	// Manifest is the text that was pushed. The image's digest is the digest of this text.
	Manifest string `json:"manifest"`
	// MediaType is what the push said that the manifest is; the text says it too, but for an OCI manifest it need not.
	MediaType string   `json:"mediaType,omitempty"`
	Tags      []string `json:"tags,omitempty"`
	Pushed    Time     `json:"pushed"`
	Pulled    Time     `json:"pulled,omitzero"`
	Status    string   `json:"status,omitempty"` // as in Image
	Scan      Scan     `json:"scan,omitzero"`

	manifest `json:"-"` // what Manifest says
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
