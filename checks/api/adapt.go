package api

import (
	"bytes"
	"maps"
	"net/url"
	"slices"
)

// What the AWS CLI does with the requests and answers of single operations, beside what the models say.

// keysAsURLs are the lists of S3 that hold keys. XML cannot write every key, and so they are asked for in the form of a
// URL, and where each of them is in an answer.
var keysAsURLs = map[string][][]string{
	"ListObjects": {
		{"Prefix"}, {"Marker"}, {"NextMarker"}, {"Contents", "Key"}, {"CommonPrefixes", "Prefix"},
	},
	"ListObjectsV2": {{"Prefix"}, {"StartAfter"}, {"Contents", "Key"}, {"CommonPrefixes", "Prefix"}},
	"ListObjectVersions": {
		{"Prefix"},
		{"KeyMarker"},
		{"NextKeyMarker"},
		{"Versions", "Key"},
		{"DeleteMarkers", "Key"},
		{"CommonPrefixes", "Prefix"},
	},
}

// asksForURLs says whether keys are asked for in the form of a URL, which nobody who asks has to know.
func (o *Operation) asksForURLs(in map[string]any) bool {
	return o.Service == "s3" && keysAsURLs[o.Name] != nil && in["EncodingType"] == nil
}

// withDefaults adds to an input what the AWS CLI adds.
func (o *Operation) withDefaults(in map[string]any) map[string]any {
	if !o.asksForURLs(in) {
		return in
	}
	in = maps.Clone(in)
	in["EncodingType"] = "url"
	return in
}

// adapt gives an answer the form that the AWS CLI gives it.
func (o *Operation) adapt(answer map[string]any) map[string]any {
	if o.Service == "s3" && o.Name == "GetBucketLocation" && answer["LocationConstraint"] == "" {
		answer["LocationConstraint"] = nil // however the empty element is written
	}
	if o.Service == "s3" && answer["EncodingType"] == "url" {
		for _, path := range keysAsURLs[o.Name] {
			unescape(answer, path)
		}
	}
	return answer
}

func unescape(in any, path []string) {
	switch in := in.(type) {
	case []any:
		for _, element := range in {
			unescape(element, path)
		}
	case map[string]any:
		if len(path) > 1 {
			unescape(in[path[0]], path[1:])
			return
		}
		if text, ok := in[path[0]].(string); ok {
			if plain, err := url.QueryUnescape(text); err == nil {
				in[path[0]] = plain
			}
		}
	}
}

// adaptBody gives a body the form that its model says. The answer of GetBucketLocation is its one member itself, which
// is empty in the oldest Region.
func (o *Operation) adaptBody(body []byte) []byte {
	if o.Service != "s3" || o.Name != "GetBucketLocation" {
		return body
	}
	if _, after, ok := bytes.Cut(body, []byte("?>")); ok {
		body = after
	}
	if empty := []byte("<LocationConstraint"); bytes.HasSuffix(bytes.TrimSpace(body), []byte("/>")) &&
		bytes.HasPrefix(bytes.TrimSpace(body), empty) {
		return []byte("<Answer/>")
	}
	return slices.Concat([]byte("<Answer>"), body, []byte("</Answer>"))
}
