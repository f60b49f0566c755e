package sandbox

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"time"
)

// pullsNoted is how often ECR notes that an image is pulled: the time of the last pull is as old as that at most.
const pullsNoted = 24 * time.Hour

// reference reads the last part of a manifest's path: a digest or a tag.
func (c *registryCall) reference() imageIdentifier {
	if imageDigest.MatchString(c.target) {
		return imageIdentifier{Digest: &c.target}
	}
	return imageIdentifier{Tag: &c.target}
}

// getManifest hands a manifest out as it was pushed, or says that it is there.
func (c *registryCall) getManifest() error {
	var image PushedImage
	err := c.allowed(func(_ *request, repo *Repository) error {
		found, failure := repo.find(c.reference())
		if failure != "" {
			return failRegistry(http.StatusNotFound, "MANIFEST_UNKNOWN", "%s", imageFailureReason(failure))
		}
		image = *found
		return nil
	})
	if err == nil && c.req.Method == http.MethodGet {
		err = c.notePull(image)
	}
	if err != nil {
		return err
	}
	c.w.Header().Set("Content-Type", image.MediaType)
	c.w.Header().Set("Content-Length", strconv.Itoa(len(image.Manifest)))
	c.w.Header().Set("Docker-Content-Digest", image.digest)
	_, _ = io.WriteString(c.w, image.Manifest) // a client that went away cannot be told
	return nil
}

// notePull notes when an image was pulled last.
func (c *registryCall) notePull(image PushedImage) error {
	if c.account.options.Now().Sub(image.Pulled.Time) <= pullsNoted {
		return nil
	}
	return c.changing(func(r *request, repo *Repository) error {
		if found := repo.byDigest(image.digest); found != nil {
			found.Pulled = at(r.Now)
		}
		return nil
	})
}

// putManifest is the last step of a push: the layers are there, and now they become an image.
func (c *registryCall) putManifest() error {
	body, err := readBody(c.req.Body)
	if err != nil {
		return err
	}
	mediaType, _, err := mime.ParseMediaType(c.req.Header.Get("Content-Type"))
	if err != nil {
		mediaType = "" // the manifest says it too
	}
	var m manifest
	err = c.changing(func(r *request, repo *Repository) error {
		if m, err = parseManifest(string(body), mediaType); err != nil {
			return err
		}
		ref := c.reference()
		if ref.Digest != nil && *ref.Digest != m.digest {
			return failRegistry(http.StatusBadRequest, "MANIFEST_INVALID", "The image with digest '%s' in repository '%s' and registry ID '%s' does not match "+
				"the image digest that Amazon ECR has calculated.", *ref.Digest, repo.Name, r.accountID())
		}
		return r.assemble(repo, m, ref.Tag)
	})
	if err != nil {
		return err
	}
	c.created("manifests", m.digest)
	return nil
}

// assemble stores a manifest whose layers have been pushed. To push the same image again is no error here, other than in the API.
func (r *request) assemble(repo *Repository, m manifest, tag *string) error {
	missing := missingFrom(m.parts(), func(part descriptor) bool { return repo.layers[part.Digest] != nil })
	if len(missing) > 0 {
		return r.incomplete(repo, "LayersNotFoundException", "Layers", missing)
	}
	_, err := r.store(repo, m, tag)
	var same *apiError
	if errors.As(err, &same) && same.Code == codeImageExists {
		err = nil
	}
	if err == nil {
		for _, part := range m.parts() {
			repo.layers[part.Digest].named = true
		}
	}
	return err
}
