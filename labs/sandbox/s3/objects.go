package s3

import (
	"net/http"
	"slices"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// maxHeld is the most that the objects of an account may hold together, in bytes: they are kept in memory, and in the
// state file as text.
const maxHeld = 16 << 20

// algorithm is how S3 encrypts what nobody says anything about.
const algorithm = "AES256"

func putObject(r *wire.Request, in *putObjectInput) (*putObjectOutput, error) {
	b, err := find(r, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	old := b.newest(in.Key)
	if err := meets(old, in.IfMatch, in.IfNoneMatch); err != nil {
		return nil, err
	}
	switch {
	case !objectKey(in.Key):
		return nil, wire.Failf("KeyTooLongError", "Your key is too long")
	case Part.Of(r).size()+len(in.Body) > maxHeld:
		return nil, wire.Failf("EntityTooLarge", "A practice account holds at most %d MiB in all of its objects", maxHeld>>20)
	}
	o := &Object{
		Key: in.Key, Modified: wire.At(r.Now), ContentType: wire.Value(in.ContentType), Metadata: in.Metadata,
	}
	o.keep(in.Body)
	b.add(r, o)
	out := &putObjectOutput{ETag: o.etag(), ServerSideEncryption: new(algorithm), VersionId: wire.Present(o.Version)}
	return out, nil
}

// meets fails unless an object is as a request demands it.
func meets(o *Object, match, noneMatch *string) error {
	there := o != nil && !o.Deleted
	same := func(want string) bool { return there && (want == "*" || want == *o.etag()) }
	switch {
	case match != nil && !there:
		return noKey(false)
	case match != nil && !same(*match), noneMatch != nil && same(*noneMatch):
		return &wire.Error{
			Code: "PreconditionFailed", Status: http.StatusPreconditionFailed,
			Message: "At least one of the pre-conditions you specified did not hold",
		}
	}
	return nil
}

// noKey is the answer to a request for an object that is not there. deleted says that there is a delete marker.
func noKey(deleted bool) error {
	e := &wire.Error{Code: "NoSuchKey", Message: "The specified key does not exist.", Status: http.StatusNotFound}
	if deleted {
		e.Header = map[string]string{"X-Amz-Delete-Marker": "true"}
	}
	return e
}

// version finds one version of an object, the newest if the id is nil.
func (b *Bucket) version(key string, id *string) (*Object, error) {
	o := b.newest(key)
	if id != nil {
		i := slices.IndexFunc(b.Objects, func(o *Object) bool { return o.Key == key && *o.version() == *id })
		if i < 0 {
			return nil, &wire.Error{
				Code: "NoSuchVersion", Message: "The specified version does not exist.", Status: http.StatusNotFound,
			}
		}
		o = b.Objects[i]
	}
	if o == nil || o.Deleted {
		return nil, noKey(o != nil)
	}
	return o, nil
}

func getObject(r *wire.Request, in *getObjectInput) (*getObjectOutput, error) {
	b, err := find(r, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	o, err := b.version(in.Key, in.VersionId)
	if err != nil {
		return nil, err
	}
	if err := meets(o, in.IfMatch, nil); err != nil {
		return nil, err
	}
	out := &getObjectOutput{
		Body: append([]byte{}, o.content()...), ContentLength: new(int64(len(o.content()))),
		ContentType: new(o.contentType()), ETag: o.etag(), LastModified: o.Modified, Metadata: o.Metadata,
		ServerSideEncryption: new(algorithm), VersionId: wire.Present(o.Version),
	}
	return out, nil
}

func headObject(r *wire.Request, in *headObjectInput) (*headObjectOutput, error) {
	b, err := find(r, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	o, err := b.version(in.Key, in.VersionId)
	if err != nil {
		return nil, err
	}
	out := &headObjectOutput{
		ContentLength: new(int64(len(o.content()))), ContentType: new(o.contentType()), ETag: o.etag(),
		LastModified: o.Modified, Metadata: o.Metadata, ServerSideEncryption: new(algorithm),
		VersionId: wire.Present(o.Version),
	}
	return out, nil
}

func (o *Object) contentType() string {
	if o.ContentType == "" {
		return "binary/octet-stream"
	}
	return o.ContentType
}

func deleteObject(r *wire.Request, in *deleteObjectInput) (*deleteObjectOutput, error) {
	b, err := find(r, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	gone := b.take(r, in.Key, in.VersionId)
	return &deleteObjectOutput{DeleteMarker: wire.Present(gone.Deleted), VersionId: wire.Present(gone.Version)}, nil
}

// take deletes a version for good or, without the id of one, hides the object behind a delete marker where the bucket
// has versions. It says what was taken away, or which marker was made. That there is no such object is no error.
func (b *Bucket) take(r *wire.Request, key string, id *string) Object {
	switch {
	case id != nil:
		o := Object{Version: *id}
		if i := slices.IndexFunc(b.Objects, func(o *Object) bool { return o.Key == key && *o.version() == *id }); i >= 0 {
			o.Deleted = b.Objects[i].Deleted
			b.Objects = slices.Delete(b.Objects, i, i+1)
		}
		return o
	case b.Versioning == "":
		b.remove(key, "")
		return Object{}
	default:
		marker := &Object{Key: key, Modified: wire.At(r.Now), Deleted: true}
		b.add(r, marker)
		return Object{Version: *marker.version(), Deleted: true}
	}
}

func deleteObjects(r *wire.Request, in *deleteObjectsInput) (*deleteObjectsOutput, error) {
	b, err := find(r, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	out := &deleteObjectsOutput{}
	for _, each := range in.Delete.Objects {
		gone := b.take(r, each.Key, each.VersionId)
		if wire.Value(in.Delete.Quiet) {
			continue
		}
		shown := deletedObjectWire{Key: &each.Key, VersionId: each.VersionId, DeleteMarker: wire.Present(gone.Deleted)}
		if gone.Deleted {
			shown.DeleteMarkerVersionId = &gone.Version
		}
		out.Deleted = append(out.Deleted, shown)
	}
	return out, nil
}
