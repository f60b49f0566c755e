package tfconfig

import (
	"encoding/json"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// A Backend is where the state is kept, as the configuration and the last init say it together.
type Backend struct {
	// Type is "s3", "cloud", the type of another backend, or "" where the configuration names none.
	Type  string `json:"type"`
	Where string `json:"where,omitempty"`
	// Settings are those of an S3 backend that a check asks for: see kept.
	Settings map[string]string `json:"settings,omitempty"`
	// Problems are why terraform init refuses the configuration.
	Problems []Problem `json:"problems,omitempty"`
	// Stored is the type that the last terraform init wrote down; "" where there was none, or none is left.
	Stored string `json:"stored,omitempty"`
	// Differs are settings of which the configuration and the last init say different things.
	Differs []string `json:"differs,omitempty"`
	// StoredBucket is the bucket of the last init, where it differs.
	StoredBucket string `json:"storedBucket,omitempty"`
	// LocalState says that a state with resources is in the folder itself.
	LocalState bool `json:"localState,omitempty"`
	// Partial are files beside the configuration in which the missing settings may be (-backend-config).
	Partial []string `json:"partial,omitempty"`
	// Workspace is the selected workspace; "" for the default one.
	Workspace string `json:"workspace,omitempty"`
}

// kept are the settings whose values a fact holds. No other value of a backend leaves this file: there are keys among
// them.
var kept = []string{"bucket", "key", "region", "use_lockfile", "dynamodb_table", "workspace_key_prefix"}

// s3Settings are the arguments of the S3 backend, with those that version 1.10 and later have dropped.
var s3Settings = strings.Fields(`access_key acl allowed_account_ids assume_role assume_role_with_web_identity bucket
	custom_ca_bundle dynamodb_endpoint dynamodb_table ec2_metadata_service_endpoint ec2_metadata_service_endpoint_mode
	encrypt endpoint endpoints forbidden_account_ids force_path_style http_proxy https_proxy iam_endpoint insecure key
	kms_key_id max_retries no_proxy profile region retry_mode secret_key shared_config_files shared_credentials_file
	shared_credentials_files skip_credentials_validation skip_metadata_api_check skip_region_validation
	skip_requesting_account_id skip_s3_checksum sse_customer_key sts_endpoint sts_region token use_dualstack_endpoint
	use_fips_endpoint use_lockfile use_path_style workspace_key_prefix`)

// switches are the arguments that are true or false.
var switches = []string{
	"encrypt", "force_path_style", "insecure", "skip_credentials_validation", "skip_metadata_api_check",
	"skip_region_validation", "skip_requesting_account_id", "skip_s3_checksum", "use_dualstack_endpoint",
	"use_fips_endpoint", "use_lockfile", "use_path_style",
}

// backend reads the block, and what the last init made of it. An override file replaces the whole block.
func (r *reader) backend(m *module, b *Backend) {
	blocks := append(inTerraform(m.override, "backend", "type"), inTerraform(m.override, "cloud")...)
	if len(blocks) == 0 {
		blocks = append(inTerraform(m.blocks, "backend", "type"), inTerraform(m.blocks, "cloud")...)
	}
	values := map[string]string{}
	if len(blocks) > 0 {
		block := blocks[0]
		b.Type, b.Where = "cloud", block.file
		if block.Type == "backend" {
			b.Type = clipped(block.Labels[0])
		}
		if len(blocks) > 1 {
			b.Problems = append(b.Problems, blocks[1].at("a second backend; Terraform takes one"))
		}
		if b.Type == "s3" {
			b.read(block, values)
		}
	}
	stored := r.stored(m.dir)
	b.Stored = stored.Type
	b.compare(values, stored.Config)
	b.Settings = map[string]string{}
	for _, name := range kept {
		if value, said := values[name]; said {
			b.Settings[name] = clipped(value)
		} else if value, said := storedText(stored.Config[name]); said && b.Type == "s3" && stored.Type == "s3" {
			b.Settings[name] = clipped(value)
		}
	}
	b.LocalState = r.localState(m.dir)
	if b.Type == "s3" && (b.Settings["bucket"] == "" || b.Settings["key"] == "") {
		b.Partial = r.partial(m.dir)
	}
}

// read takes the settings of the block. They are literals: init evaluates nothing.
func (b *Backend) read(block block, values map[string]string) {
	attributes, diagnostics := block.Body.JustAttributes()
	for _, d := range diagnostics {
		if d.Severity == hcl.DiagError && d.Subject != nil {
			what := "the S3 backend has no blocks; settings are written with an equals sign"
			b.Problems = append(b.Problems, Problem{block.file, d.Subject.Start.Line, what})
			break
		}
	}
	for name, a := range attributes {
		problem := func(what string) {
			b.Problems = append(b.Problems, Problem{block.file, a.Range.Start.Line, what})
		}
		if name == "//" {
			continue // a comment in JSON
		}
		if !slices.Contains(s3Settings, name) {
			problem("the S3 backend has no setting " + clipped(name))
			continue
		}
		value, diagnostics := a.Expr.Value(nil)
		if diagnostics.HasErrors() || len(a.Expr.Variables()) > 0 {
			problem(name + " is not written out; variables and functions cannot stand in a backend block")
			continue
		}
		if value.IsNull() {
			continue
		}
		text, ok := textOf(value)
		if !ok {
			text = "" // lists and maps, which no check asks for
		}
		if ok {
			values[name] = text
		}
		switch {
		case slices.Contains(switches, name) && !isSwitch(value, text):
			problem(name + " is neither true nor false")
		case name == "key" && (strings.HasPrefix(text, "/") || strings.HasSuffix(text, "/")):
			problem("key begins or ends with a slash, which Terraform refuses")
		case (name == "key" || name == "bucket") && (text == "" || !ok):
			problem(name + " is empty")
		case name == "use_lockfile" && !ok:
			problem("use_lockfile is neither true nor false")
		}
	}
	slices.SortFunc(b.Problems, func(x, y Problem) int { return x.Line - y.Line })
}

// isSwitch says whether Terraform takes a value for true or false: the words in quotes too.
func isSwitch(value cty.Value, text string) bool {
	return value.Type() == cty.Bool || value.Type() == cty.String && (text == "true" || text == "false")
}

// A storedBackend is what Terraform writes down at init. It may hold keys, and never leaves this file.
type storedBackend struct {
	Type   string
	Config map[string]any
}

// stored reads what the last init wrote down.
func (r *reader) stored(dir string) storedBackend {
	data, err := r.read(path.Join(dir, ".terraform", "terraform.tfstate"))
	if err != nil || data == nil {
		return storedBackend{}
	}
	var file struct{ Backend *storedBackend }
	if json.Unmarshal(data, &file) != nil {
		r.skip(".terraform/terraform.tfstate is not what terraform init writes")
		return storedBackend{}
	}
	if file.Backend == nil {
		return storedBackend{}
	}
	file.Backend.Type = clipped(file.Backend.Type)
	return *file.Backend
}

// storedText is a stored value as the text that a block would have.
func storedText(value any) (string, bool) {
	switch x := value.(type) {
	case string:
		return x, true
	case bool:
		return strconv.FormatBool(x), true
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64), true
	default:
		return "", false
	}
}

// compare finds the settings that were changed after the last init. What the block leaves out may have come with
// -backend-config.
func (b *Backend) compare(values map[string]string, stored map[string]any) {
	if b.Stored != "s3" || b.Type != "s3" {
		return
	}
	for name, value := range values {
		if old, _ := storedText(stored[name]); old != value {
			b.Differs = append(b.Differs, name)
		}
	}
	slices.Sort(b.Differs)
	if slices.Contains(b.Differs, "bucket") {
		old, _ := storedText(stored["bucket"])
		b.StoredBucket = clipped(old)
	}
}

// localState says whether the folder itself holds a state with resources.
func (r *reader) localState(dir string) bool {
	data, err := r.read(path.Join(dir, "terraform.tfstate"))
	if err != nil || data == nil {
		return false
	}
	var state struct {
		Resources []json.RawMessage
		Outputs   map[string]json.RawMessage
	}
	return json.Unmarshal(data, &state) == nil && len(state.Resources)+len(state.Outputs) > 0
}

// partial lists the files in which settings of a backend usually stand.
func (r *reader) partial(dir string) []string {
	entries, err := r.list(dir)
	if err != nil {
		return nil
	}
	var found []string
	for _, e := range entries {
		name := e.Name()
		isOne := strings.HasSuffix(name, ".tfbackend") || strings.HasSuffix(name, ".hcl") && strings.Contains(name, "backend")
		if isOne && !e.IsDir() && len(found) < 3 {
			found = append(found, clipped(name))
		}
	}
	return found
}

// workspace is the selected workspace.
func (r *reader) workspace(dir, chosen string) string {
	if chosen == "" {
		data, err := r.read(path.Join(dir, ".terraform", "environment"))
		if err != nil {
			return ""
		}
		chosen = strings.TrimSpace(string(data))
	}
	if chosen == "default" {
		return ""
	}
	return clipped(chosen)
}

// Key is the object in which the state of the selected workspace is.
func (b Backend) Key() string {
	key := b.Settings["key"]
	if key == "" || b.Workspace == "" {
		return key
	}
	prefix, said := b.Settings["workspace_key_prefix"]
	if !said {
		prefix = "env:"
	}
	return path.Join(prefix, b.Workspace, key)
}
