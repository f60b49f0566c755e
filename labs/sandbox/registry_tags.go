package sandbox

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
)

// listTags lists the tags of a repository. ECR gives 100 at a time, or as many as the query n says, which must not be more than 1000, and
// says in the header Link where the next ones are.
func (c *registryCall) listTags() error {
	if c.target != "list" {
		return failRegistry(http.StatusNotFound, "NAME_UNKNOWN", "There is nothing at %s", c.req.URL.Path)
	}
	query := c.req.URL.Query()
	var tags []string
	var next *string
	err := c.allowed(func(_ *request, repo *Repository) error {
		all := []string{}
		for _, image := range repo.filtered(imageFilter{}) {
			all = append(all, image.Tags...)
		}
		want, err := pageSize(query)
		if err != nil {
			return err
		}
		last := query.Get("last")
		tags, next, err = page(ecrPaging, all, want, &last)
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
	if err != nil || int(n) > ecrPaging.max {
		return nil, badECR("maxResults", "Member must have value less than or equal to "+strconv.Itoa(ecrPaging.max))
	}
	size := int32(n)
	return &size, nil
}
