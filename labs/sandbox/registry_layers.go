package sandbox

import (
	"io"
	"maps"
	"net/http"
	"time"
)

// defaultLayerBytes is the limit of an account's layers when the options do not say: 1 GiB.
const defaultLayerBytes = 1 << 30

// A layer is the content of an image layer or of an image's configuration. Layers are no part of the state: they live as long as the
// account runs. A push after that sends them again.
type layer struct {
	parts [][]byte // in the pieces in which it came, which nobody changes
	size  int64
	begun time.Time // when a push that has it began
	named bool      // that push is over: a manifest named it
}

var _ io.ReaderAt = (*layer)(nil)

// ReadAt is what [io.ReaderAt] asks for.
func (l *layer) ReadAt(p []byte, from int64) (int, error) {
	n := 0
	for _, part := range l.parts {
		if from < int64(len(part)) {
			n += copy(p[n:], part[from:])
		}
		if n == len(p) {
			return n, nil
		}
		from = max(from-int64(len(part)), 0)
	}
	return n, io.EOF
}

// content reads the layer from its beginning.
func (l *layer) content() io.ReadSeeker { return io.NewSectionReader(l, 0, l.size) }

// getLayer hands a layer out, or says that it is there.
func (c *registryCall) getLayer() error {
	var found *layer
	err := c.allowed(func(r *request, repo *Repository) error {
		if found = repo.layers[c.target]; found == nil {
			return r.noLayer(repo, c.target)
		}
		if c.req.Method == http.MethodHead {
			found.joins(r.Now)
		}
		return nil
	})
	if err != nil {
		return err
	}
	c.w.Header().Set("Content-Type", "application/octet-stream")
	c.w.Header().Set("Docker-Content-Digest", c.target)
	http.ServeContent(c.w, c.req, "", time.Time{}, found.content())
	return nil
}

// noLayer is the answer to a request for a layer that is not there.
func (r *request) noLayer(repo *Repository, digest string) error {
	reason := ""
	for _, image := range repo.Manifests {
		for _, part := range image.parts() {
			if part.Digest == digest {
				reason = ": its image is known, but layers are kept only while the practice account runs. Push the image again."
			}
		}
	}
	return failRegistry(http.StatusNotFound, "BLOB_UNKNOWN", "The layer with digest '%s' does not exist within %s%s", digest, r.within(repo), reason)
}

// parts are the configuration and the layers that a manifest names and a registry keeps.
func (m *manifest) parts() []descriptor {
	var parts []descriptor
	if m.Config != nil {
		parts = append(parts, *m.Config)
	}
	for _, layer := range m.Layers {
		if len(layer.URLs) == 0 { // a layer that is fetched from elsewhere is not pushed
			parts = append(parts, layer)
		}
	}
	return parts
}

// keepLayer gives a layer to a repository. The same bytes in two repositories are kept once.
func (r *request) keepLayer(repo *Repository, digest string, l layer) {
	if repo.layers == nil {
		repo.layers = map[string]*layer{}
	}
	if known := repo.layers[digest]; known != nil {
		known.joins(r.Now)
		return
	}
	r.eachRepository(func(other *Repository) {
		if same := other.layers[digest]; same != nil {
			l.parts = same.parts
		}
	})
	repo.layers[digest] = &l
}

// dropLayers lets go of layers whose images are gone. A layer that no image named yet may belong to a push that is not over.
func (r *Repository) dropLayers(now time.Time) {
	named := map[string]bool{}
	for _, image := range r.Manifests {
		for _, part := range image.parts() {
			named[part.Digest] = true
		}
	}
	maps.DeleteFunc(r.layers, func(digest string, l *layer) bool {
		return !named[digest] && (l.named || l.stale(now))
	})
}

// joins makes the layer part of another push, whose client need not send it because it is there.
func (l *layer) joins(now time.Time) { l.begun, l.named = now, false }

// stale says whether the layer is on its way for so long that its push is given up.
func (l *layer) stale(now time.Time) bool { return now.Sub(l.begun) > uploadLife }

// room fails if the account's layers have no room for n bytes more, even without those of deleted images.
func (r *request) room(n int) error {
	limit := r.account.options.LayerBytes
	if limit == 0 {
		limit = defaultLayerBytes
	}
	if r.layerBytes()+int64(n) <= limit {
		return nil
	}
	r.eachRepository(func(repo *Repository) { repo.dropLayers(r.Now) })
	maps.DeleteFunc(r.account.uploads, func(_ string, u *upload) bool { return u.stale(r.Now) })
	if r.layerBytes()+int64(n) <= limit {
		return nil
	}
	return failRegistry(http.StatusForbidden, "DENIED", "The practice account keeps at most %d MiB of image layers, and this push needs more. "+
		"Delete an image (aws ecr batch-delete-image) or a repository, and push again.", limit>>20)
}

// layerBytes is the size of all layers of the account, and of those on their way.
func (r *request) layerBytes() int64 {
	var sum int64
	for _, u := range r.account.uploads {
		sum += u.size
	}
	counted := map[string]bool{}
	r.eachRepository(func(repo *Repository) {
		for digest, l := range repo.layers {
			if !counted[digest] {
				counted[digest] = true
				sum += l.size
			}
		}
	})
	return sum
}

func (r *request) eachRepository(f func(*Repository)) {
	for _, regional := range r.state().Regions {
		for _, repo := range regional.ECR.Repositories {
			f(repo)
		}
	}
}
