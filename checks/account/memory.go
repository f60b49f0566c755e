package account

import (
	"bytes"
	"encoding/binary"
	"io"
	"iter"
	"sync/atomic"
)

// An endpoint may lie, and answer with more than a machine can hold.
const (
	// maxAnswer is the largest answer that is read, in bytes: the largest page of AWS's lists has a few megabytes.
	maxAnswer = 8 << 20
	// maxMemory is what all answers of a run may take together, in bytes of memory as it is reckoned here. A run on an
	// account with ten thousand images takes half of it.
	maxMemory = 48 << 20
)

// What is reckoned for the parts of an answer, in bytes: about what the SDK makes of them, with what is left over where
// a list grows.
const (
	perByte   = 2 // as it is read, and as text of ours
	perObject = 512
	perList   = 256
	perValue  = 48
)

// memory is what the answers of a run have taken so far. Of what is read by name, what is not kept is given back: what
// the other reads keep of an answer is known to them alone.
type memory struct{ taken atomic.Int64 }

// take reckons so many bytes, or says that there are no more.
func (m *memory) take(n int) error {
	if m.taken.Add(int64(n)) > maxMemory {
		return invalid("the answers of this run are too large to be held in memory: no AWS account is that large")
	}
	return nil
}

// keep says that of so many bytes that were reckoned only some are kept.
func (m *memory) keep(kept, of int) error { return m.take(kept - of) }

// metered reckons what is read of an answer.
func (m *memory) metered(answer io.ReadCloser) io.ReadCloser { return &meter{answer, m} }

type meter struct {
	io.ReadCloser
	memory *memory
}

func (r *meter) Read(p []byte) (int, error) {
	n, err := r.ReadCloser.Read(p)
	if spent := r.memory.take(n * perByte); spent != nil {
		return n, spent
	}
	return n, err
}

// decodedSize is about what becomes of an answer when it is decoded, in bytes, whatever it is said to be. A sign in a
// text counts as if it stood around one.
func decodedSize(body []byte) int {
	if !isCBOR(body) {
		count := func(sign string) int { return bytes.Count(body, []byte(sign)) }
		elements := count("<") - count("</") // each may become an item of a list
		return perObject*(count("{")+elements) + perList*count("[") + perValue*count(",")
	}
	size := 0
	for item := range cborItems(body) {
		switch item.major {
		case cborMap:
			size += perObject
		case cborList:
			size += perList
		default:
			size += perValue
		}
	}
	return size
}

// isCBOR tells an answer in CBOR from one in JSON or XML: it begins with a map or a list, and nothing in UTF-8 does.
func isCBOR(body []byte) bool {
	return len(body) > 0 && (body[0]>>5 == cborMap || body[0]>>5 == cborList)
}

// The major types of CBOR that matter here: https://www.rfc-editor.org/rfc/rfc8949#section-3.1
const (
	cborBytes = 2
	cborText  = 3
	cborList  = 4
	cborMap   = 5
)

// cborItem is one item of CBOR. What is inside of a list or a map comes after it, as items of their own.
type cborItem struct {
	major   byte
	content []byte // of bytes and of text
}

// cborItems goes through the items of CBOR, one after the other, up to one that cannot be read: that is for the SDK to
// say.
func cborItems(data []byte) iter.Seq[cborItem] {
	return func(yield func(cborItem) bool) {
		for len(data) > 0 {
			major, minor := data[0]>>5, data[0]&31
			data = data[1:]
			argument := uint64(minor)
			if minor >= 24 && minor <= 27 {
				size := 1 << (minor - 24)
				if len(data) < size {
					return
				}
				var wide [8]byte
				copy(wide[8-size:], data)
				argument, data = binary.BigEndian.Uint64(wide[:]), data[size:]
			}
			item := cborItem{major: major}
			if (major == cborBytes || major == cborText) && minor != 31 { // 31: its pieces follow
				if argument > uint64(len(data)) {
					return
				}
				item.content, data = data[:argument], data[argument:]
			}
			if !yield(item) {
				return
			}
		}
	}
}
