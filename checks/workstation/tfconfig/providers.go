package tfconfig

import (
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/hcl/v2"
)

// A Constraint is one required_version.
type Constraint struct {
	Problem
	Text string `json:"text"`
	// Bad is why Terraform refuses it; "" if it does not.
	Bad string `json:"bad,omitempty"`
}

// A Provider is a provider that the configuration needs.
type Provider struct {
	// Name is its name in the configuration, Address the one in a lock file.
	Name    string `json:"name"`
	Address string `json:"address"`
	// Constraints are what required_providers says of the version.
	Constraints []string `json:"constraints,omitempty"`
	// Implied says that required_providers does not name it.
	Implied bool `json:"implied,omitempty"`
}

// A Lock is a lock file.
type Lock struct {
	Exists bool `json:"exists,omitempty"`
	// Bad is why Terraform does not read it; "" if it does.
	Bad       string   `json:"bad,omitempty"`
	Providers []Locked `json:"providers,omitempty"`
}

// A Locked is a provider in a lock file.
type Locked struct {
	Address string `json:"address"`
	Version string `json:"version"`
	// Packages and Archives are how many checksums there are of each kind (h1, zh).
	Packages int `json:"packages"`
	Archives int `json:"archives"`
}

// The registries of Terraform and of OpenTofu, and what is built in.
const (
	Registry     = "registry.terraform.io/"
	TofuRegistry = "registry.opentofu.org/"
	builtin      = "terraform.io/builtin/"
)

// versions reads every required_version. One in an override file takes the place of the others.
func (m *module) versions() []Constraint {
	list := requiredVersions(m.override)
	if len(list) == 0 {
		list = requiredVersions(m.blocks)
	}
	return list
}

func requiredVersions(blocks []block) []Constraint {
	var list []Constraint
	for _, b := range blocks {
		if b.Type != "terraform" {
			continue
		}
		a := attribute(b.Body, "required_version")
		if a == nil {
			continue
		}
		c := Constraint{Problem: Problem{b.file, a.Range.Start.Line, ""}}
		value, diagnostics := a.Expr.Value(nil)
		text, ok := textOf(value)
		c.Text = clipped(text)
		switch {
		case diagnostics.HasErrors() || !ok:
			c.Bad = "is not written out as a text"
		default:
			c.Bad = badConstraint(text)
		}
		list = append(list, c)
	}
	return list
}

// badConstraint says why Terraform does not take a constraint of its own version.
func badConstraint(text string) string {
	constraints, err := version.NewConstraint(text)
	if err != nil {
		return "is no version constraint, such as >= 1.11"
	}
	if slices.ContainsFunc(constraints, func(c *version.Constraint) bool { return c.Prerelease() }) {
		return "names a prerelease, which Terraform does not take here"
	}
	return ""
}

// required reads required_providers. That of an override file replaces single providers.
func (m *module) required() (map[string]Provider, []Problem) {
	needs, problems := map[string]Provider{}, []Problem(nil)
	first := inTerraform(m.blocks, "required_providers")
	if len(first) > 1 {
		problems = append(problems, first[1].at("a second required_providers; Terraform takes one in a module"))
	}
	for _, b := range append(first, inTerraform(m.override, "required_providers")...) {
		attributes, _ := b.Body.JustAttributes()
		for name, a := range attributes {
			if name == "//" {
				continue
			}
			p, bad := providerOf(name, a)
			if bad != "" {
				problems = append(problems, Problem{b.file, a.Range.Start.Line, bad})
			}
			needs[name] = p
		}
	}
	return needs, problems
}

// providerOf reads one entry: an object, or a version alone as before Terraform 0.13.
func providerOf(name string, a *hcl.Attribute) (Provider, string) {
	p := Provider{Name: clipped(name), Address: address("", name)}
	if value, diagnostics := a.Expr.Value(nil); !diagnostics.HasErrors() {
		if text, ok := textOf(value); ok {
			p.Constraints = []string{clipped(text)}
			return p, badProviderConstraint(name, text)
		}
	}
	pairs, diagnostics := hcl.ExprMap(a.Expr)
	if diagnostics.HasErrors() {
		return p, "required_providers: " + clipped(name) + " is neither an object nor a version"
	}
	for _, pair := range pairs {
		key := hcl.ExprAsKeyword(pair.Key)
		if value, diagnostics := pair.Key.Value(nil); key == "" && !diagnostics.HasErrors() {
			key, _ = textOf(value)
		}
		if key == "configuration_aliases" {
			continue
		}
		value, diagnostics := pair.Value.Value(nil)
		text, ok := textOf(value)
		if diagnostics.HasErrors() || !ok {
			return p, "required_providers: " + clipped(name) + ": " + clipped(key) + " is not written out as a text"
		}
		switch key {
		case "source":
			p.Address = address(text, name)
			if strings.Count(text, "/") > 2 || strings.Trim(text, "/") != text || text == "" {
				return p, "required_providers: the source of " + clipped(name) + " is no provider's address"
			}
		case "version":
			p.Constraints = append(p.Constraints, clipped(text))
			if bad := badProviderConstraint(name, text); bad != "" {
				return p, bad
			}
		default:
			return p, "required_providers: " + clipped(name) + " cannot have " + clipped(key)
		}
	}
	return p, ""
}

func badProviderConstraint(name, text string) string {
	if _, err := version.NewConstraint(text); err != nil {
		return "required_providers: the version of " + clipped(name) + " is no version constraint, such as ~> 6.0"
	}
	return ""
}

// address is a provider's whole address.
func address(source, name string) string {
	switch parts := strings.Split(strings.ToLower(source), "/"); {
	case source == "" && name == "terraform":
		return builtin + name
	case source == "":
		return Registry + "hashicorp/" + strings.ToLower(clipped(name))
	case len(parts) == 1:
		return Registry + "hashicorp/" + clipped(parts[0])
	case len(parts) == 2:
		return Registry + clipped(parts[0]+"/"+parts[1])
	default:
		return clipped(strings.Join(parts, "/"))
	}
}

// needs lists the providers that have to be installed: those that are required, and those of resources, data sources
// and provider blocks.
func (m *module) needs() ([]Provider, []Problem) {
	required, problems := m.required()
	use := func(name string) {
		if _, known := required[name]; !known && name != "" {
			required[name] = Provider{Name: clipped(name), Address: address("", name), Implied: true}
		}
	}
	for _, b := range append(slices.Clone(m.blocks), m.override...) {
		switch b.Type {
		case "provider":
			use(b.Labels[0])
		case "resource", "data", "ephemeral":
			use(providerName(b))
		}
	}
	var list []Provider
	for _, p := range required {
		if !strings.HasPrefix(p.Address, builtin) {
			list = append(list, p)
		}
	}
	slices.SortFunc(list, func(a, b Provider) int { return strings.Compare(a.Name, b.Name) })
	return list, problems
}

// providerName is the name of the provider of a resource: what it says, or the first word of its type.
func providerName(b block) string {
	if a := attribute(b.Body, "provider"); a != nil {
		if traversal, diagnostics := hcl.AbsTraversalForExpr(a.Expr); !diagnostics.HasErrors() {
			return traversal.RootName()
		}
		if value, diagnostics := a.Expr.Value(nil); !diagnostics.HasErrors() { // in JSON, or in quotes
			text, _ := textOf(value)
			name, _, _ := strings.Cut(text, ".")
			return name
		}
	}
	name, _, _ := strings.Cut(b.Labels[0], "_")
	return name
}

// lock reads the lock file.
func (r *reader) lock(dir string) (Lock, error) {
	data, err := r.read(path.Join(dir, ".terraform.lock.hcl"))
	if err != nil || data == nil {
		return Lock{}, err
	}
	l := Lock{Exists: true}
	file, diagnostics := parseNative(data, ".terraform.lock.hcl")
	if file == nil {
		l.Bad = "does not parse"
		return l, nil
	}
	content, more := file.Body.Content(&hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{
		{Type: "provider", LabelNames: []string{"source_addr"}},
	}})
	if diagnostics = append(diagnostics, more...); diagnostics.HasErrors() {
		l.Bad = "does not parse"
		return l, nil
	}
	for _, b := range content.Blocks {
		p := Locked{Address: clipped(strings.ToLower(b.Labels[0])), Version: clipped(literal(b.Body, "version"))}
		if _, err := version.NewVersion(p.Version); err != nil {
			l.Bad = "says no version of " + p.Address
			return l, nil
		}
		if a := attribute(b.Body, "hashes"); a != nil {
			list, _ := hcl.ExprList(a.Expr)
			for _, item := range list {
				value, diagnostics := item.Value(nil)
				text, _ := textOf(value)
				switch {
				case diagnostics.HasErrors():
				case strings.HasPrefix(text, "h1:"):
					p.Packages++
				case strings.HasPrefix(text, "zh:"):
					p.Archives++
				}
			}
		}
		l.Providers = append(l.Providers, p)
	}
	return l, nil
}

// installed says whether a provider is in Terraform's folder.
func (r *reader) installed(dir string, p Provider) bool {
	addresses := []string{p.Address}
	if rest, ok := strings.CutPrefix(p.Address, Registry); ok {
		addresses = append(addresses, TofuRegistry+rest)
	}
	return slices.ContainsFunc(addresses, func(address string) bool {
		entries, err := r.list(path.Join(dir, ".terraform", "providers", address))
		return err == nil && len(entries) > 0
	})
}
