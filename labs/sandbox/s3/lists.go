package s3

import (
	"cmp"
	"encoding/base64"
	"net/url"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// maxKeys is how many entries a list has at most.
const maxKeys = 1000

// A listing is a question for objects, in any of the forms that S3 has for it.
type listing struct {
	prefix, delimiter string
	after             string // the names before this one, and this one, are left out
	most              int32
	encode            bool // names are written as in an address
}

// An entry is one line of a list: an object, or what several have in common up to a delimiter.
type entry struct {
	name   string
	object *Object // nil: a common prefix
}

// list finds the entries in order, and whether there are more. keep says which versions count.
func (l listing) list(b *Bucket, keep func(*Object) bool) (entries []entry, more bool) {
	seen := map[string]bool{}
	for _, o := range b.Objects {
		rest, ok := strings.CutPrefix(o.Key, l.prefix)
		if !ok || !keep(o) {
			continue
		}
		e := entry{o.Key, o}
		if i := strings.Index(rest, l.delimiter); l.delimiter != "" && i >= 0 {
			e = entry{name: l.prefix + rest[:i+len(l.delimiter)]}
		}
		if e.name <= l.after || e.object == nil && seen[e.name] {
			continue
		}
		seen[e.name] = true
		entries = append(entries, e)
	}
	slices.SortStableFunc(entries, func(a, b entry) int { return cmp.Compare(a.name, b.name) })
	if len(entries) > int(l.most) {
		return entries[:l.most], true
	}
	return entries, false
}

// shown is a name as it is written.
func (l listing) shown(name string) *string {
	if l.encode {
		name = strings.NewReplacer("+", "%20", "%2F", "/").Replace(url.QueryEscape(name))
	}
	return &name
}

// newListing reads what the forms have in common.
func newListing(prefix, delimiter, encoding *string, most *int32) (listing, error) {
	l := listing{
		prefix: wire.Value(
			prefix,
		),
		delimiter: wire.Value(delimiter),
		most:      maxKeys,
		encode:    wire.Value(encoding) == "url",
	}
	if most != nil {
		if *most < 0 {
			return l, wire.Failf("InvalidArgument", "Argument maxKeys must be an integer between 0 and 2147483647")
		}
		l.most = min(*most, maxKeys)
	}
	return l, nil
}

// current finds the objects that are there now.
func (l listing) current(b *Bucket) (objects []objectWire, prefixes []commonPrefixWire, last string, more bool) {
	newest := map[string]*Object{}
	for _, o := range b.Objects {
		newest[o.Key] = o
	}
	entries, more := l.list(b, func(o *Object) bool { return newest[o.Key] == o && !o.Deleted })
	for _, e := range entries {
		last = e.name
		if e.object == nil {
			prefixes = append(prefixes, commonPrefixWire{Prefix: l.shown(e.name)})
			continue
		}
		objects = append(objects, objectWire{
			Key: l.shown(e.name), ETag: e.object.etag(), LastModified: e.object.Modified,
			Size: new(int64(len(e.object.content()))), StorageClass: new("STANDARD"),
		})
	}
	return objects, prefixes, last, more
}

func listObjectsV2(r *wire.Request, in *listObjectsV2Input) (*listObjectsV2Output, error) {
	b, err := find(r, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	l, err := newListing(in.Prefix, in.Delimiter, in.EncodingType, in.MaxKeys)
	if err != nil {
		return nil, err
	}
	l.after = wire.Value(in.StartAfter)
	if in.ContinuationToken != nil {
		after, err := base64.StdEncoding.DecodeString(*in.ContinuationToken)
		if err != nil {
			return nil, wire.Failf("InvalidArgument", "The continuation token provided is incorrect")
		}
		l.after = string(after)
	}
	objects, prefixes, last, more := l.current(b)
	out := &listObjectsV2Output{
		Name:              &b.Name,
		Prefix:            l.shown(l.prefix),
		Delimiter:         in.Delimiter,
		EncodingType:      in.EncodingType,
		MaxKeys:           &l.most,
		StartAfter:        in.StartAfter,
		ContinuationToken: in.ContinuationToken,
		IsTruncated:       &more,
		Contents:          objects,
		CommonPrefixes:    prefixes,
		KeyCount:          new(int32(len(objects) + len(prefixes))),
	}
	if more {
		out.NextContinuationToken = new(base64.StdEncoding.EncodeToString([]byte(last)))
	}
	if wire.Value(in.FetchOwner) {
		for i := range out.Contents {
			out.Contents[i].Owner = owner(r)
		}
	}
	return out, nil
}

func listObjects(r *wire.Request, in *listObjectsInput) (*listObjectsOutput, error) {
	b, err := find(r, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	l, err := newListing(in.Prefix, in.Delimiter, in.EncodingType, in.MaxKeys)
	if err != nil {
		return nil, err
	}
	l.after = wire.Value(in.Marker)
	objects, prefixes, last, more := l.current(b)
	out := &listObjectsOutput{
		Name:           &b.Name,
		Prefix:         l.shown(l.prefix),
		Delimiter:      in.Delimiter,
		EncodingType:   in.EncodingType,
		MaxKeys:        &l.most,
		Marker:         new(l.after),
		IsTruncated:    &more,
		Contents:       objects,
		CommonPrefixes: prefixes,
	}
	if more && l.delimiter != "" {
		out.NextMarker = l.shown(last)
	}
	for i := range out.Contents {
		out.Contents[i].Owner = owner(r)
	}
	return out, nil
}

// listObjectVersions lists the versions of each object, the newest first. A page ends between objects, so that it may
// be longer than was asked for.
func listObjectVersions(r *wire.Request, in *listObjectVersionsInput) (*listObjectVersionsOutput, error) {
	b, err := find(r, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	l, err := newListing(in.Prefix, in.Delimiter, in.EncodingType, in.MaxKeys)
	if err != nil {
		return nil, err
	}
	l.after = wire.Value(in.KeyMarker)
	most := l.most
	l.most = int32(len(b.Objects)) //nolint:gosec // far below: maxHeld counts bytes, and each has a key
	newestFirst := slices.Clone(b.Objects)
	slices.Reverse(newestFirst)
	entries, _ := l.list(&Bucket{Objects: newestFirst}, func(*Object) bool { return true })
	out := &listObjectVersionsOutput{
		Name:            &b.Name,
		Prefix:          l.shown(l.prefix),
		Delimiter:       in.Delimiter,
		EncodingType:    in.EncodingType,
		MaxKeys:         &most,
		KeyMarker:       new(l.after),
		VersionIdMarker: new(""),
		IsTruncated:     new(false),
	}
	for i, e := range entries {
		first := i == 0 || entries[i-1].name != e.name
		if first && i >= int(most) {
			out.IsTruncated, out.NextKeyMarker = new(true), l.shown(entries[max(i-1, 0)].name)
			break
		}
		switch {
		case e.object == nil:
			out.CommonPrefixes = append(out.CommonPrefixes, commonPrefixWire{Prefix: l.shown(e.name)})
		case e.object.Deleted:
			out.DeleteMarkers = append(out.DeleteMarkers, deleteMarkerEntryWire{
				Key: l.shown(e.name), IsLatest: &first, LastModified: e.object.Modified, Owner: owner(r),
				VersionId: e.object.version(),
			})
		default:
			out.Versions = append(out.Versions, objectVersionWire{
				Key: l.shown(
					e.name,
				),
				ETag:         e.object.etag(),
				IsLatest:     &first,
				LastModified: e.object.Modified,
				Owner:        owner(r),
				Size:         new(int64(len(e.object.content()))),
				StorageClass: new("STANDARD"),
				VersionId:    e.object.version(),
			})
		}
	}
	return out, nil
}
