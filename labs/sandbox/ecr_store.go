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
			if !imageTag.takes(tag) {
				return fmt.Errorf("image %d: %q is not a tag", i+1, tag)
			}
		}
		for _, name := range image.Platforms {
			if p := parsePlatform(name); p.OS == "" || p.Architecture == "" {
				return fmt.Errorf("image %d: %q is not a platform such as linux/amd64", i+1, name)
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
			if !imageTag.takes(tag) || tags[tag] {
				return fmt.Errorf("manifest %d: %q is not a tag that no other manifest has", i+1, tag)
			}
			tags[tag] = true
		}
		image.MediaType, image.manifest = m.MediaType, m
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
			pushed := r.push(m, image.Pushed.Time)
			pushed.Pulled, pushed.Status = image.Pulled, image.Status
			if image.Scan != nil {
				pushed.Scan.Counts = image.Scan.Counts
				pushed.recordScan(image.Scan.Status, completed)
			}
		}
		for _, tag := range image.Tags {
			r.tag(manifests[len(manifests)-1].digest, tag)
		}
	}
	r.Images = nil
}

// recordScan notes the outcome of a scan; an empty status is no scan at all.
func (p *PushedImage) recordScan(status string, completed time.Time) {
	if status == "" {
		return
	}
	if !p.scannable() {
		status = scanUnsupported
	}
	p.Scan.Status, p.Scan.Completed = status, at(completed)
}

// scanned says whether anybody ever asked for a scan.
func (p *PushedImage) scanned() bool { return p.Scan.Status != "" }

// push stores a manifest, and returns the image that holds it now: the earlier one if the very same bytes are there already.
func (r *Repository) push(m manifest, when time.Time) *PushedImage {
	if old := r.byDigest(m.digest); old != nil {
		return old
	}
	image := &PushedImage{Manifest: m.text, MediaType: m.MediaType, Pushed: at(when), manifest: m}
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
func (p *PushedImage) identifier(tag *string) imageIdentifier {
	return imageIdentifier{Digest: &p.digest, Tag: tag}
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

// size is the size that ECR shows: of an index, that of the largest image in it.
func (r *Repository) size(image *PushedImage) int64 {
	largest := image.layerBytes()
	for _, child := range image.Manifests {
		if stored := r.byDigest(child.Digest); stored != nil {
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
