package ecr

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// A layer is the content of an image layer or of an image's configuration. Layers are no part of the state: they live
// as long as the account runs. A push after that sends them again.
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
	err := c.allowed(func(r *wire.Request, repo *Repository) error {
		if found = repo.layers[c.target]; found == nil {
			return noLayer(r, repo, c.target)
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
func noLayer(r *wire.Request, repo *Repository, digest string) error {
	reason := ""
	for _, image := range repo.Manifests {
		for _, part := range image.parts() {
			if part.Digest == digest {
				reason = ": its image is known, but layers are kept only while the practice account runs. " +
					"Push the image again."
			}
		}
	}
	return failRegistry(http.StatusNotFound, "BLOB_UNKNOWN",
		"The layer with digest '%s' does not exist within %s%s", digest, within(r, repo), reason)
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
func keepLayer(r *wire.Request, repo *Repository, digest string, l layer) {
	if repo.layers == nil {
		repo.layers = map[string]*layer{}
	}
	if known := repo.layers[digest]; known != nil {
		known.joins(r.Now)
		return
	}
	eachRepository(r, func(other *Repository) {
		if same := other.layers[digest]; same != nil {
			l.parts = same.parts
		}
	})
	repo.layers[digest] = &l
}

// dropLayers lets go of layers whose images are gone. A layer that no image named yet may belong to a push that is not
// over.
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
func (l *layer) stale(now time.Time) bool { return now.Sub(l.begun) > pushLife }

// room fails if the account's layers have no room for n bytes more within the limit, even without those of deleted
// images.
func room(r *wire.Request, limit int64, n int) error {
	if allLayerBytes(r)+int64(n) <= limit {
		return nil
	}
	eachRepository(r, func(repo *Repository) { repo.dropLayers(r.Now) })
	dropUploads(r, uploadLife)
	if allLayerBytes(r)+int64(n) <= limit {
		return nil
	}
	return failRegistry(http.StatusForbidden, "DENIED",
		"The practice account keeps at most %d MiB of image layers, and this push needs more. "+
			"Delete an image (aws ecr batch-delete-image) or a repository, and push again.", limit>>20)
}

// allLayerBytes is the size of all layers of the account, and of those on their way.
func allLayerBytes(r *wire.Request) int64 {
	var sum int64
	for _, u := range *uploads.Of(r) {
		sum += u.size
	}
	counted := map[string]bool{}
	eachRepository(r, func(repo *Repository) {
		for digest, l := range repo.layers {
			if !counted[digest] {
				counted[digest] = true
				sum += l.size
			}
		}
	})
	return sum
}

func eachRepository(r *wire.Request, f func(*Repository)) {
	for registry := range Part.All(r) {
		for _, repo := range registry.Repositories {
			f(repo)
		}
	}
}

// pushLife is how long a layer waits for the manifest that names it before its bytes can be given up for others.
const pushLife = 24 * time.Hour

// The limits of layers on their way. Clients send a few at a time, and abandon those of a push that fails.
const (
	maxUploads     = 128
	uploadLife     = time.Hour   // without a byte
	uploadLifeFull = time.Minute // the same where there are too many
)

// drainBytes is how much of a layer that is refused is read to its end.
const drainBytes = 1 << 30

// partBytes is how much of a layer is read at a time.
const partBytes = 256 << 10

// An upload is a layer on its way.
type upload struct {
	layer
	region, repository string
	active             time.Time // when something of it arrived
}

// dropUploads forgets the layers on their way of which nothing arrived for so long.
func dropUploads(r *wire.Request, life time.Duration) {
	maps.DeleteFunc(*uploads.Of(r), func(_ string, u *upload) bool { return r.Now.Sub(u.active) > life })
}

// uploads are the layers on their way, by id.
var uploads = &wire.Memory[map[string]*upload]{}

var errNoUpload = failRegistry(http.StatusNotFound, "BLOB_UPLOAD_UNKNOWN",
	"The upload does not exist, or it is over. Push again.")

// beginUpload opens an upload. A request that brings the whole layer along ends it too.
func (c *registryCall) beginUpload() error {
	id := c.door.NewRequestID()
	err := c.allowed(func(r *wire.Request, _ *Repository) error {
		all := uploads.Of(r)
		if *all == nil {
			*all = map[string]*upload{}
		}
		if dropUploads(r, uploadLife); len(*all) >= maxUploads {
			if dropUploads(r, uploadLifeFull); len(*all) >= maxUploads {
				return failRegistry(http.StatusTooManyRequests, "TOOMANYREQUESTS",
					"There are %d layers on their way already. Wait a minute, and push again.", maxUploads)
			}
		}
		(*all)[id] = &upload{layer: layer{begun: r.Now}, region: c.region, repository: c.name, active: r.Now}
		return nil
	})
	if err != nil {
		return err
	}
	c.target = id
	if c.req.URL.Query().Has("digest") {
		return c.completeUpload()
	}
	c.received(0)
	return nil
}

// continueUpload takes a chunk, or the whole layer without its digest.
func (c *registryCall) continueUpload() error {
	l, err := c.receive()
	if err != nil {
		return err
	}
	c.received(l.size)
	return nil
}

// completeUpload takes the last chunk, which may be empty or all there is, and checks that the bytes are those that the
// client meant.
func (c *registryCall) completeUpload() error {
	digest := c.req.URL.Query().Get("digest")
	if !imageDigest.MatchString(digest) {
		return failRegistry(http.StatusBadRequest, "DIGEST_INVALID", "The digest %q is not of the form sha256:...",
			digest)
	}
	l, err := c.receive()
	if err != nil {
		return err
	}
	sum := sha256.New()
	_, _ = io.Copy(sum, l.content()) // a hash takes everything
	found := "sha256:" + hex.EncodeToString(sum.Sum(nil))
	err = c.allowed(func(r *wire.Request, repo *Repository) error {
		delete(*uploads.Of(r), c.target)
		if found != digest {
			return failRegistry(http.StatusBadRequest, "DIGEST_INVALID",
				"Layer digest mismatch: the upload has %s, not %s", found, digest)
		}
		keepLayer(r, repo, digest, l)
		return nil
	})
	if err != nil {
		return err
	}
	c.created("blobs", digest)
	return nil
}

// cancelUpload forgets an upload.
func (c *registryCall) cancelUpload() error {
	err := c.allowed(func(r *wire.Request, _ *Repository) error {
		if _, err := c.upload(r); err != nil {
			return err
		}
		delete(*uploads.Of(r), c.target)
		return nil
	})
	if err != nil {
		return err
	}
	c.w.WriteHeader(http.StatusNoContent)
	return nil
}

// upload finds the upload that the request is about.
func (c *registryCall) upload(r *wire.Request) (*upload, error) {
	u := (*uploads.Of(r))[c.target]
	if u == nil || u.region != c.region || u.repository != c.name {
		return nil, errNoUpload
	}
	return u, nil
}

// receive adds the body of the request to its upload, and returns what the upload holds then. The body is read without
// the account's lock: a slow client keeps nobody waiting.
func (c *registryCall) receive() (layer, error) {
	err := c.allowed(func(r *wire.Request, _ *Repository) error {
		u, err := c.upload(r)
		if err != nil {
			return err
		}
		return c.inOrder(u)
	})
	if err != nil {
		return layer{}, err
	}
	if _, err := io.CopyBuffer(partWriter{c}, c.req.Body, make([]byte, partBytes)); err != nil {
		_, _ = io.CopyN(io.Discard, c.req.Body, drainBytes) // clients listen when they have sent all
		return layer{}, err
	}
	var here layer
	err = c.account.View(func(r *wire.Request) error {
		u, err := c.upload(r)
		if err == nil {
			here = u.layer
			here.parts = slices.Clip(u.parts) // what is added from now on is not part of it
		}
		return err
	})
	return here, err
}

// inOrder fails unless the chunk follows what is there already. Clients that send a layer in one piece do not say where
// it begins.
func (c *registryCall) inOrder(u *upload) error {
	chunk := strings.TrimPrefix(c.req.Header.Get("Content-Range"), "bytes ")
	if chunk == "" {
		return nil
	}
	begin, _, _ := strings.Cut(chunk, "-")
	if at, err := strconv.ParseInt(begin, 10, 64); err != nil || at != u.size {
		return failRegistry(http.StatusRequestedRangeNotSatisfiable, "BLOB_UPLOAD_INVALID",
			"The chunk %q does not follow the %d bytes that are there", chunk, u.size)
	}
	return nil
}

// A partWriter adds what is written to it to the upload of a call.
type partWriter struct{ *registryCall }

func (p partWriter) Write(part []byte) (int, error) {
	err := p.account.View(func(r *wire.Request) error {
		u, err := p.upload(r)
		if err != nil {
			return err
		}
		if err := room(r, p.layerBytes, len(part)); err != nil {
			return err
		}
		u.parts = append(u.parts, bytes.Clone(part))
		u.size += int64(len(part))
		u.active = r.Now
		return nil
	})
	if err != nil {
		return 0, err
	}
	return len(part), nil
}

// received tells the client how much of its upload is here, and where to send the rest.
func (c *registryCall) received(size int64) {
	c.w.Header().Set("Location", c.path("blobs/uploads", c.target))
	c.w.Header().Set("Docker-Upload-Uuid", c.target)
	c.w.Header().Set("Range", fmt.Sprintf("0-%d", max(size-1, 0)))
	c.w.WriteHeader(http.StatusAccepted)
}

// created tells the client where what it pushed is now.
func (c *registryCall) created(kind, digest string) {
	c.w.Header().Set("Location", c.path(kind, digest))
	c.w.Header().Set("Docker-Content-Digest", digest)
	c.w.WriteHeader(http.StatusCreated)
}
