package ecr

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"time"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// The registry speaks the HTTP API of Docker's registry, version 2, which is also that of the OCI distribution
// specification: https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md. Where ECR is known to differ
// from it, the registry is like ECR:
//   - a repository must exist before the first push;
//   - a layer is not taken over from another repository ("mounted"), which ECR does only in accounts that switched it
//     on;
//   - nothing is deleted, and referrers are not listed, through this API;
//   - the words of errors are ECR's.
//
// One thing is as the specification has it, because ECR's own way breaks clients: a chunk of a layer is answered with
// 202, not 201.

// registryPath is the path of everything in a registry: a repository, a kind of thing in it, and which of them.
var registryPath = regexp.MustCompile(`^/v2/(.+)/(blobs/uploads|blobs|manifests|tags)/([^/]*)$`)

// Every answer of a registry says which API it speaks: clients look for that before they believe a challenge.
const (
	registryVersionHeader = "Docker-Distribution-Api-Version"
	registryVersion       = "registry/2.0"
)

// A registryRoute is a kind of request to the registry.
type registryRoute struct {
	method, kind string
	operation    string // the operation of ECR that the request amounts to, whose permission it needs
	serve        func(*registryCall) error
}

func registryRoutes() []registryRoute {
	return []registryRoute{
		{http.MethodHead, "blobs", "BatchCheckLayerAvailability", (*registryCall).getLayer},
		{http.MethodGet, "blobs", "GetDownloadUrlForLayer", (*registryCall).getLayer},
		{http.MethodPost, "blobs/uploads", "InitiateLayerUpload", (*registryCall).beginUpload},
		{http.MethodPatch, "blobs/uploads", "UploadLayerPart", (*registryCall).continueUpload},
		{http.MethodPut, "blobs/uploads", "CompleteLayerUpload", (*registryCall).completeUpload},
		{http.MethodDelete, "blobs/uploads", "CompleteLayerUpload", (*registryCall).cancelUpload},
		{http.MethodHead, "manifests", "BatchGetImage", (*registryCall).getManifest},
		{http.MethodGet, "manifests", "BatchGetImage", (*registryCall).getManifest},
		{http.MethodPut, "manifests", "PutImage", (*registryCall).putManifest},
		{http.MethodGet, "tags", "ListImages", (*registryCall).listTags},
	}
}

// A registryCall is one request to the registry of one account and Region.
type registryCall struct {
	door       wire.Door
	layerBytes int64 // the limit of the account's layers
	w          http.ResponseWriter
	req        *http.Request
	region     string
	caller     wire.Caller
	account    wire.Entered
	name       string // of the repository
	target     string // the last part of the path: a digest, a tag or the number of an upload
}

// registrySite is the registry's part of the address space. A request belongs to the account that wrote its password.
func registrySite(layerBytes int64) *wire.Site {
	return &wire.Site{
		Prefix: "/v2/",
		KeyID: func(req *http.Request) (string, error) {
			_, pass, err := readPassword(req)
			return pass.AccessKeyID, err
		},
		Refuse: refuseRegistry,
		Serve: func(door wire.Door, w http.ResponseWriter, req *http.Request) {
			c := &registryCall{door: door, layerBytes: layerBytes, w: w, req: req}
			if err := c.serve(); err != nil {
				refuseRegistry(w, req, err)
			}
		},
	}
}

func (c *registryCall) serve() error {
	var err error
	if c.region, c.caller, err = admit(c.door, c.req); err != nil {
		return err
	}
	c.w.Header().Set(registryVersionHeader, registryVersion)
	if path := c.req.URL.Path; path == "/v2" || path == "/v2/" { // how docker login asks whether the password is good
		c.w.WriteHeader(http.StatusOK)
		return nil
	}
	route, err := c.route()
	if err != nil {
		return err
	}
	if c.account, err = c.door.Enter(c.req.Context(), route.operation, c.region, c.caller); err != nil {
		panic(http.ErrAbortHandler) // the server then closes the connection without an answer
	}
	return route.serve(c)
}

// route finds out what a request is about.
func (c *registryCall) route() (registryRoute, error) {
	if match := registryPath.FindStringSubmatch(c.req.URL.Path); match != nil {
		c.name, c.target = match[1], match[3]
		for _, route := range registryRoutes() {
			if route.method == c.req.Method && route.kind == match[2] {
				return route, nil
			}
		}
	}
	return registryRoute{}, failRegistry(http.StatusMethodNotAllowed, "UNSUPPORTED",
		"The operation is unsupported by the practice registry.")
}

// allowed runs f on the repository, if it exists and the caller may do what the request amounts to.
func (c *registryCall) allowed(f func(*wire.Request, *Repository) error) error {
	return c.account.View(c.onRepository(f))
}

// changing is allowed for an f that changes the state.
func (c *registryCall) changing(f func(*wire.Request, *Repository) error) error {
	return c.account.Change(c.onRepository(f))
}

func (c *registryCall) onRepository(f func(*wire.Request, *Repository) error) func(*wire.Request) error {
	return func(r *wire.Request) error {
		repo, err := findRepository(r, c.name)
		if err != nil {
			return err
		}
		return f(r, repo)
	}
}

// path is a path in the call's repository.
func (c *registryCall) path(kind, target string) string {
	return "/v2/" + c.name + "/" + kind + "/" + target
}

// A registryError is an error answer of the registry. Clients show the code in lower case before the message:
// "name unknown: ...".
type registryError struct {
	status  int
	Code    string `json:"code"`
	Message string `json:"message"`
}

func (e *registryError) Error() string { return e.Code + ": " + e.Message }

func failRegistry(status int, code, format string, args ...any) *registryError {
	return &registryError{status: status, Code: code, Message: fmt.Sprintf(format, args...)}
}

// refuseRegistry answers a request to the registry with an error.
func refuseRegistry(w http.ResponseWriter, req *http.Request, err error) {
	w.Header().Set(registryVersionHeader, registryVersion)
	if errors.Is(err, errNoPassword) {
		w.Header().Set("WWW-Authenticate", `Basic realm="http://`+req.Host+`/",service="ecr.amazonaws.com"`)
		http.Error(w, "Not Authorized", http.StatusUnauthorized)
		return
	}
	e := registryErrorOf(err)
	body, err := json.Marshal(map[string][]*registryError{"errors": {e}})
	if err != nil {
		panic(err) // strings can always be written
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(e.status)
	_, _ = w.Write(body) // a client that went away cannot be told
}

// registryErrorOf turns an error into the registry's form. ECR's registry says in this form what its API would say.
func registryErrorOf(err error) *registryError {
	var own *registryError
	var api *wire.Error
	switch {
	case errors.As(err, &own):
		return own
	case errors.Is(err, errBadPassword), errors.Is(err, wire.ErrUnknownKey):
		return failRegistry(http.StatusBadRequest, "DENIED", "Your authorization token is not one of this practice "+
			"account. Run 'aws ecr get-login-password' and 'docker login' again.")
	case errors.Is(err, errOldPassword):
		return failRegistry(http.StatusForbidden, "DENIED",
			"Your authorization token has expired. Reauthenticate and try again.")
	case !errors.As(err, &api):
		return failRegistry(http.StatusInternalServerError, "UNKNOWN", "%s", err)
	}
	switch api.Code {
	case "RepositoryNotFoundException":
		return failRegistry(http.StatusNotFound, "NAME_UNKNOWN", "%s", api.Message)
	case "ImageNotFoundException":
		return failRegistry(http.StatusNotFound, "MANIFEST_UNKNOWN", "%s", api.Message)
	case "ImageTagAlreadyExistsException":
		return failRegistry(http.StatusBadRequest, "TAG_INVALID", "%s", api.Message)
	case "LayersNotFoundException", "ReferencedImagesNotFoundException":
		return failRegistry(http.StatusBadRequest, "MANIFEST_BLOB_UNKNOWN", "%s", api.Message)
	case "InvalidParameterException":
		return failRegistry(http.StatusMethodNotAllowed, "UNSUPPORTED", "%s", api.Message)
	case "AccessDeniedException":
		return failRegistry(http.StatusForbidden, "DENIED", "%s", api.Message)
	case "ThrottlingException":
		return failRegistry(http.StatusTooManyRequests, "TOOMANYREQUESTS", "%s", api.Message)
	default:
		return failRegistry(api.HTTPStatus(), "UNKNOWN", "%s", api.Message)
	}
}

// pullsNoted is how often ECR notes that an image is pulled: the time of the last pull is as old as that at most.
const pullsNoted = 24 * time.Hour

// reference reads the last part of a manifest's path: a digest or a tag.
func (c *registryCall) reference() imageIdentifierWire {
	if imageDigest.MatchString(c.target) {
		return imageIdentifierWire{ImageDigest: &c.target}
	}
	return imageIdentifierWire{ImageTag: &c.target}
}

// getManifest hands a manifest out as it was pushed, or says that it is there.
func (c *registryCall) getManifest() error {
	var image PushedImage
	err := c.allowed(func(_ *wire.Request, repo *Repository) error {
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
	if c.door.Now().Sub(image.Pulled.Time) <= pullsNoted {
		return nil
	}
	return c.changing(func(r *wire.Request, repo *Repository) error {
		if found := repo.byDigest(image.digest); found != nil {
			found.Pulled = wire.At(r.Now)
		}
		return nil
	})
}

// putManifest is the last step of a push: the layers are there, and now they become an image.
func (c *registryCall) putManifest() error {
	body, err := wire.ReadBody(c.req.Body)
	if err != nil {
		return err
	}
	mediaType, _, err := mime.ParseMediaType(c.req.Header.Get("Content-Type"))
	if err != nil {
		mediaType = "" // the manifest says it too
	}
	var m manifest
	err = c.changing(func(r *wire.Request, repo *Repository) error {
		if m, err = parseManifest(string(body), mediaType); err != nil {
			return err
		}
		ref := c.reference()
		if ref.ImageDigest != nil && *ref.ImageDigest != m.digest {
			return failRegistry(http.StatusBadRequest, "MANIFEST_INVALID",
				"The image with digest '%s' in repository '%s' and registry ID '%s' does not match "+
					"the image digest that Amazon ECR has calculated.", *ref.ImageDigest, repo.Name, r.AccountID())
		}
		return assemble(r, repo, m, ref.ImageTag)
	})
	if err != nil {
		return err
	}
	c.created("manifests", m.digest)
	return nil
}

// assemble stores a manifest whose layers have been pushed. To push the same image again is no error here, other than
// in the API.
func assemble(r *wire.Request, repo *Repository, m manifest, tag *string) error {
	missing := missingFrom(m.parts(), func(part descriptor) bool { return repo.layers[part.Digest] != nil })
	if len(missing) > 0 {
		return incomplete(r, repo, "LayersNotFoundException", "Layers", missing)
	}
	_, err := storeImage(r, repo, m, tag)
	var same *wire.Error
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

// listTags lists the tags of a repository. ECR gives 100 at a time, or as many as the query n says, which must not be
// more than 1000, and says in the header Link where the next ones are.
func (c *registryCall) listTags() error {
	if c.target != "list" {
		return failRegistry(http.StatusNotFound, "NAME_UNKNOWN", "There is nothing at %s", c.req.URL.Path)
	}
	query := c.req.URL.Query()
	var tags []string
	var next *string
	err := c.allowed(func(_ *wire.Request, repo *Repository) error {
		all := []string{}
		for _, image := range repo.filtered(nil) {
			all = append(all, image.Tags...)
		}
		want, err := pageSize(query)
		if err != nil {
			return err
		}
		last := query.Get("last")
		tags, next, err = wire.Page(paging, all, want, &last)
		return err
	})
	if err != nil {
		return err
	}
	if next != nil {
		query.Set("last", *next)
		c.w.Header().Set("Link", "<"+c.path("tags", "list")+"?"+query.Encode()+`>; rel="next"`)
	}
	body, err := json.Marshal(struct {
		Name string   `json:"name"`
		Tags []string `json:"tags"`
	}{c.name, tags})
	if err != nil {
		return err
	}
	c.w.Header().Set("Content-Type", "text/plain; charset=utf-8") // so ECR says
	_, _ = c.w.Write(body)                                        // a client that went away cannot be told
	return nil
}

// pageSize reads how many items a client wants; nil when it does not say.
func pageSize(query url.Values) (*int32, error) {
	if !query.Has("n") {
		return nil, nil
	}
	n, err := strconv.ParseInt(query.Get("n"), 10, 32)
	if err != nil || int(n) > paging.Max {
		return nil, badECR("maxResults", "Member must have value less than or equal to "+strconv.Itoa(paging.Max))
	}
	size := int32(n)
	return &size, nil
}
