package s3

import (
	"crypto/md5" //nolint:gosec // S3's ETag of an object, which is no secret
	"encoding/hex"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// Part is what S3 keeps. Buckets have a Region each, but their names are the whole account's.
var Part = &wire.Part[State]{Key: "s3"}

//wire:keep PublicAccessBlockConfiguration
//wire:keep ServerSideEncryptionConfiguration

// A State is what S3 holds.
type State struct {
	Buckets []*Bucket `json:"buckets,omitempty"`
	// PublicAccessBlock is that of the whole account; nil if it has none.
	PublicAccessBlock *publicAccessBlockConfigurationWire `json:"publicAccessBlock,omitempty"`
}

// A Bucket is one bucket.
type Bucket struct {
	Name    string    `json:"name"`
	Region  string    `json:"region"`
	Created wire.Time `json:"created"`
	// Owner is the number of the account that has it, where that is another one.
	Owner string `json:"owner,omitempty"`
	// Versioning is "Enabled", "Suspended", or empty when it never was on.
	Versioning string `json:"versioning,omitempty"`
	// PublicAccessBlock is nil if the bucket has none: it was removed, or the bucket is older than April 2023.
	PublicAccessBlock *publicAccessBlockConfigurationWire `json:"publicAccessBlock,omitempty"`
	// Encryption is nil for S3's own keys.
	Encryption *serverSideEncryptionConfigurationWire `json:"encryption,omitempty"`
	Policy     string                                 `json:"policy,omitempty"`
	// Objects are versions of objects. Of those with the same key the last one is the newest.
	Objects []*Object `json:"objects,omitempty"`
}

// An Object is one version of an object, or a delete marker.
type Object struct {
	Key string `json:"key"`
	// Version is the id of the version; empty for the one made without versioning, which S3 calls "null".
	Version  string    `json:"version,omitempty"`
	Modified wire.Time `json:"modified"`
	// Body is the content where that is text, Data where it is not.
	Body        string            `json:"body,omitempty"`
	Data        []byte            `json:"data,omitempty"`
	ContentType string            `json:"contentType,omitempty"`
	Metadata    map[string]string `json:"metadata,omitempty"`
	// Deleted marks that the object was deleted.
	Deleted bool `json:"deleted,omitempty"`
}

// bucket finds a bucket by its name; nil when there is none.
func (s *State) bucket(name string) *Bucket {
	i := slices.IndexFunc(s.Buckets, func(b *Bucket) bool { return b.Name == name })
	if i < 0 {
		return nil
	}
	return s.Buckets[i]
}

// size is how much all objects hold together, in bytes.
func (s *State) size() int {
	n := 0
	for _, b := range s.Buckets {
		for _, o := range b.Objects {
			n += len(o.content())
		}
	}
	return n
}

// newest is the newest version of an object, which may be a delete marker; nil when there is none.
func (b *Bucket) newest(key string) *Object {
	for _, o := range slices.Backward(b.Objects) {
		if o.Key == key {
			return o
		}
	}
	return nil
}

// remove takes one version away.
func (b *Bucket) remove(key, version string) {
	b.Objects = slices.DeleteFunc(b.Objects, func(o *Object) bool { return o.Key == key && o.Version == version })
}

// add makes a version the newest one. Without versioning it takes the place of what was made without.
func (b *Bucket) add(r *wire.Request, o *Object) {
	if b.Versioning == enabled {
		o.Version = r.Token(32)
	} else {
		b.remove(o.Key, "")
	}
	b.Objects = append(b.Objects, o)
}

// keep puts a content where the state file can hold it.
func (o *Object) keep(content []byte) {
	if utf8.Valid(content) {
		o.Body = string(content)
	} else {
		o.Data = content
	}
}

func (o *Object) content() []byte {
	if o.Data != nil {
		return o.Data
	}
	return []byte(o.Body)
}

// etag is what S3 says of an object's content.
func (o *Object) etag() *string {
	sum := md5.Sum(o.content()) //nolint:gosec // as above
	return new(`"` + hex.EncodeToString(sum[:]) + `"`)
}

// version is the id of the version as S3 says it where a bucket has versions.
func (o *Object) version() *string {
	if o.Version == "" {
		return new("null")
	}
	return &o.Version
}

// Validate finds what would make the answers of S3 nonsense.
func (s *State) Validate() error {
	seen := map[string]bool{}
	for _, b := range s.Buckets {
		switch {
		case !bucketName.Takes(b.Name):
			return fmt.Errorf("%.20q is not a name for a bucket", b.Name)
		case seen[b.Name]:
			return fmt.Errorf("there are two buckets %.20q", b.Name)
		case !wire.EnabledRegion(b.Region):
			return fmt.Errorf("the bucket %.20q is in no Region that the account can use", b.Name)
		case !slices.Contains([]string{"", enabled, suspended}, b.Versioning):
			return fmt.Errorf("the versioning of the bucket %.20q is neither %s nor %s", b.Name, enabled, suspended)
		}
		seen[b.Name] = true
		for _, o := range b.Objects {
			if !objectKey(o.Key) {
				return fmt.Errorf("the bucket %.20q has an object whose key is empty, too long or no text", b.Name)
			}
		}
	}
	return nil
}

// objectKey says whether S3 takes a key: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
func objectKey(key string) bool { return key != "" && len(key) <= 1024 && utf8.ValidString(key) }
