package tf_test

import (
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/workstation"
	"github.com/labcheck/labcheck/checks/workstation/tfconfig"
)

// files are the files of a folder by their names.
type files map[string]string

// with adds files to others.
func (f files) with(more files) files {
	all := maps.Clone(f)
	maps.Copy(all, more)
	return all
}

// folder reads files as the read does.
func folder(t *testing.T, f files, dir string) tfconfig.Folder {
	t.Helper()
	m := fstest.MapFS{}
	for name, text := range f {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	read, err := tfconfig.Read(m, dir, "")
	require.NoError(t, err)
	return read
}

// holds are the facts of a folder with these files.
func holds(t *testing.T, f files) []facts.Given { return holdsIn(t, f, "") }

func holdsIn(t *testing.T, f files, dir string) []facts.Given {
	t.Helper()
	return []facts.Given{workstation.Terraform.Given(workstation.TerraformKey{Dir: dir}, folder(t, f, dir))}
}

// ran are the facts of a folder of which Terraform itself spoke.
func ran(t *testing.T, f files, run tfconfig.Run) []facts.Given {
	t.Helper()
	all := folder(t, f, "")
	run.Version = "1.11.4"
	all.Run = &run
	return []facts.Given{workstation.Terraform.Given(workstation.TerraformKey{}, all)}
}

// main is a folder with one file.
func main(text string) files { return files{"main.tf": text} }

// backend is a backend block for S3 with these lines.
func backend(lines ...string) string {
	return "terraform {\n  backend \"s3\" {\n    " + strings.Join(lines, "\n    ") + "\n  }\n}\n"
}

// inS3 is a whole configuration whose state is in S3.
func inS3(more ...string) string {
	return backend(append([]string{
		`bucket = "tfstate-123456789012"`, `key = "docker-api/terraform.tfstate"`, `region = "us-east-1"`,
	}, more...)...)
}

// stored is what terraform init writes down of a backend.
func stored(config string) files {
	return files{".terraform/terraform.tfstate": `{"version":3,"backend":{"type":"s3","config":{` + config + `}}}`}
}

// two are folders of which each could be meant.
var two = files{"a/main.tf": "locals {}\n", "b/main.tf": "locals {}\n"}
