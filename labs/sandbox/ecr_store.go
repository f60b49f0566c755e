package sandbox

import (
	"fmt"
	"slices"
	"time"
)

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

// validate finds what would make the registry's answers nonsense.
func (s *ECRState) validate() error {
	seen := map[string]bool{}
	for _, repo := range s.Repositories {
		switch {
		case !isRepositoryName(repo.Name):
			return fmt.Errorf("ecr: %q is not a name for a repository", repo.Name)
		case seen[repo.Name]:
			return fmt.Errorf("ecr: there are two repositories %q", repo.Name)
		}
		seen[repo.Name] = true
		if err := repo.validate(); err != nil {
			return fmt.Errorf("ecr: repository %s: %w", repo.Name, err)
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
			if !imageTag.MatchString(tag) {
				return fmt.Errorf("image %d: %q is not a tag", i+1, tag)
			}
		}
		for _, name := range image.Platforms {
			if p := parsePlatform(name); p.OS == "" || p.Architecture == "" {
				return fmt.Errorf("image %d: %q is not a platform such as linux/amd64", i+1, name)
			}
		}
	}
	return nil
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

// identifier names the image, with the tag that it was asked for.
func (s *storedImage) identifier(tag *string) imageIdentifier {
	return imageIdentifier{Digest: &s.digest, Tag: tag}
}

// untag takes a tag away and says whether the image had it.
func (s *storedImage) untag(tag string) bool {
	before := len(s.tags)
	s.tags = slices.DeleteFunc(s.tags, func(t string) bool { return t == tag })
	return len(s.tags) < before
}

// artifactType is the media type that says what kind of thing the manifest describes.
func (s *storedImage) artifactType() string {
	if s.Config != nil {
		return s.Config.MediaType
	}
	return s.MediaType
}

// byDigest is the image with that digest, or nil.
func (r *Repository) byDigest(digest string) *storedImage {
	for _, image := range r.pushed {
		if image.digest == digest {
			return image
		}
	}
	return nil
}

// byTag is the image that holds the tag, or nil.
func (r *Repository) byTag(tag string) *storedImage {
	for _, image := range r.pushed {
		if slices.Contains(image.tags, tag) {
			return image
		}
	}
	return nil
}

// size is the size that ECR shows: of an index, that of the largest image in it.
func (r *Repository) size(image *storedImage) int64 {
	largest := image.layerBytes()
	for _, child := range image.Manifests {
		if stored := r.byDigest(child.Digest); stored != nil {
			largest = max(largest, stored.layerBytes())
		}
	}
	return largest
}

// state is the image's status with its default.
func (s *storedImage) state() string {
	if s.status == "" {
		return statusActive
	}
	return s.status
}
