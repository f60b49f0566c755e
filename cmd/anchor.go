package cmd

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/labcheck/labcheck/labs/lab"
)

// initFolder is where labcheck init writes a lab, from the root of a repository, with slashes.
const initFolder = ".labcheck"

// anchorOf is the path of a lab file from the root of its git repository, with slashes, which is how a pipeline names
// files. A built-in lab, or one outside of this repository, has the path to which labcheck init writes it.
func anchorOf(l *lab.Lab) string {
	if within, ok := repositoryPath(l.File); ok && hasHash(l.File, l.SHA256) {
		return within
	}
	return path.Join(initFolder, l.ID+".yaml")
}

// hasHash says whether a file holds the bytes of this hash. A built-in lab is named like a file that may happen to be
// in the current folder.
func hasHash(file, want string) bool {
	data, err := os.ReadFile(file)
	sum := sha256.Sum256(data)
	return err == nil && hex.EncodeToString(sum[:]) == want
}

// repositoryPath is the path of a file from the root of the git repository of the current folder; false outside of one.
func repositoryPath(file string) (string, bool) {
	root, ok := repositoryRoot()
	if !ok {
		return "", false
	}
	absolute, err := filepath.Abs(file)
	if err != nil {
		return "", false
	}
	within, err := filepath.Rel(root, absolute)
	within = filepath.ToSlash(within)
	return within, err == nil && within != ".." && !strings.HasPrefix(within, "../")
}

// repositoryRoot walks up from the current folder to the one that holds .git, a folder or, in a work tree, a file.
func repositoryRoot() (string, bool) {
	folder, err := os.Getwd()
	for err == nil {
		if _, missing := os.Lstat(filepath.Join(folder, ".git")); missing == nil {
			return folder, true
		}
		above := filepath.Dir(folder)
		if above == folder {
			break
		}
		folder = above
	}
	return "", false
}
