package sandbox

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// uploadLife is how long a layer may be on its way before its bytes can be given up for others.
const uploadLife = 24 * time.Hour

// partBytes is how much of a layer is read at a time.
const partBytes = 256 << 10

// An upload is a layer on its way.
type upload struct {
	layer
	region, repository string
}

var errNoUpload = failRegistry(http.StatusNotFound, "BLOB_UPLOAD_UNKNOWN", "The upload does not exist, or it is over. Push again.")

// beginUpload opens an upload. A request that brings the whole layer along ends it too.
func (c *registryCall) beginUpload() error {
	id := c.account.requestID()
	err := c.allowed(func(r *request, _ *Repository) error {
		if r.account.uploads == nil {
			r.account.uploads = map[string]*upload{}
		}
		r.account.uploads[id] = &upload{layer: layer{begun: r.Now}, region: c.region, repository: c.name}
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

// completeUpload takes the last chunk, which may be empty or all there is, and checks that the bytes are those that the client meant.
func (c *registryCall) completeUpload() error {
	digest := c.req.URL.Query().Get("digest")
	if !imageDigest.MatchString(digest) {
		return failRegistry(http.StatusBadRequest, "DIGEST_INVALID", "The digest %q is not of the form sha256:...", digest)
	}
	l, err := c.receive()
	if err != nil {
		return err
	}
	sum := sha256.New()
	_, _ = io.Copy(sum, l.content()) // a hash takes everything
	found := "sha256:" + hex.EncodeToString(sum.Sum(nil))
	err = c.allowed(func(r *request, repo *Repository) error {
		delete(r.account.uploads, c.target)
		if found != digest {
			return failRegistry(http.StatusBadRequest, "DIGEST_INVALID", "Layer digest mismatch: the upload has %s, not %s", found, digest)
		}
		r.keepLayer(repo, digest, l)
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
	err := c.allowed(func(r *request, _ *Repository) error {
		if _, err := c.upload(r); err != nil {
			return err
		}
		delete(r.account.uploads, c.target)
		return nil
	})
	if err != nil {
		return err
	}
	c.w.WriteHeader(http.StatusNoContent)
	return nil
}

// upload finds the upload that the request is about.
func (c *registryCall) upload(r *request) (*upload, error) {
	u := r.account.uploads[c.target]
	if u == nil || u.region != c.region || u.repository != c.name {
		return nil, errNoUpload
	}
	return u, nil
}

// receive adds the body of the request to its upload, and returns what the upload holds then. The body is read without the account's
// lock: a slow client keeps nobody waiting.
func (c *registryCall) receive() (layer, error) {
	err := c.allowed(func(r *request, _ *Repository) error {
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
		_, _ = io.CopyN(io.Discard, c.req.Body, defaultLayerBytes) // clients listen when they have sent all
		return layer{}, err
	}
	var here layer
	err = c.account.view(c.region, c.caller, func(r *request) error {
		u, err := c.upload(r)
		if err == nil {
			here = u.layer
			here.parts = slices.Clip(u.parts) // what is added from now on is not part of it
		}
		return err
	})
	return here, err
}

// inOrder fails unless the chunk follows what is there already. Clients that send a layer in one piece do not say where it begins.
func (c *registryCall) inOrder(u *upload) error {
	chunk := strings.TrimPrefix(c.req.Header.Get("Content-Range"), "bytes ")
	if chunk == "" {
		return nil
	}
	begin, _, _ := strings.Cut(chunk, "-")
	if at, err := strconv.ParseInt(begin, 10, 64); err != nil || at != u.size {
		return failRegistry(http.StatusRequestedRangeNotSatisfiable, "BLOB_UPLOAD_INVALID", "The chunk %q does not follow the %d bytes that are there", chunk, u.size)
	}
	return nil
}

// A partWriter adds what is written to it to the upload of a call.
type partWriter struct{ *registryCall }

func (p partWriter) Write(part []byte) (int, error) {
	err := p.account.view(p.region, p.caller, func(r *request) error {
		u, err := p.upload(r)
		if err != nil {
			return err
		}
		if err := r.room(len(part)); err != nil {
			return err
		}
		u.parts = append(u.parts, bytes.Clone(part))
		u.size += int64(len(part))
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
