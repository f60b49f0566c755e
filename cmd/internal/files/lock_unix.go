//go:build unix && !aix && !solaris

package files

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// hold keeps a file of a folder for this run, by opening it once more: where the file itself is closed, the lock stays.
// Where the file system has no locks, nothing is held. It is false if another run holds the file, or has removed it.
func hold(folder *os.Root, name string) (release func(), held bool) {
	f, err := folder.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return func() {}, false
	}
	return func() { _ = f.Close() }, !errors.Is(tryLock(f), syscall.EWOULDBLOCK)
}

// isAbandoned says whether a file is the person's own, and no run holds it.
func isAbandoned(f *os.File, info fs.FileInfo) bool {
	status, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(status.Uid) == os.Geteuid() && tryLock(f) == nil
}

func tryLock(f *os.File) error { return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) }
