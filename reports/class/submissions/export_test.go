package submissions

import (
	"context"
	"io/fs"

	"github.com/labcheck/labcheck/reports/class"
)

// ReadFS reads a folder that is no folder on the disk.
func (r *Reader) ReadFS(ctx context.Context, files fs.FS) (class.HandedIn, error) {
	r.in = class.HandedIn{}
	r.metadata = nil
	err := r.walk(ctx, files, "class")
	return r.in, err
}
