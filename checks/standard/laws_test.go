package standard_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/checktest/golden"
	check "github.com/labcheck/labcheck/checks/declared"
	"github.com/labcheck/labcheck/checks/standard"
	"github.com/labcheck/labcheck/labs"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/labs/policy"
)

// root is the top of the project, from this folder.
const root = "../.."

func registry(t *testing.T) *checks.Registry {
	t.Helper()
	r, err := checks.NewRegistry(standard.Checks()...)
	require.NoError(t, err)
	return r
}

// plans binds every shipped lab.
func plans(t *testing.T) []*lab.Plan {
	t.Helper()
	entries, err := lab.Catalogue{Builtin: labs.Files}.List()
	require.NoError(t, err)
	require.NotEmpty(t, entries)
	var bound []*lab.Plan
	for _, e := range entries {
		require.NoError(t, e.Err)
		assert.Equal(t, e.Lab.ID+"/lab.yaml", e.File, "a lab's folder is named after it")
		p, err := lab.Bind(e.Lab, registry(t), nil)
		require.NoError(t, err)
		bound = append(bound, p)
	}
	return bound
}

func TestTheActionsOfEveryStepAreInThePolicy(t *testing.T) {
	for _, p := range plans(t) {
		allowed := policy.Allow(p.Actions()).Statement[0].Action
		for _, s := range p.Steps {
			for _, source := range s.Check.Sources() {
				assert.Subset(t, allowed, source.Describe().Actions)
				assert.Subset(t, p.Operations(), source.Describe().Operations)
			}
		}
	}
}

// The topics are the folders of checks that are not named here.
var noTopics = []string{"account", "api", "checktest", "declared", "facts", "nearest", "standard", "workstation"}

// Every topic folder is in the list, with every check that its files declare. A check is one file: in Go, and then the
// test file beside it runs the harness on it, or in YAML with its tests in it.
func TestTopics(t *testing.T) {
	folders, err := os.ReadDir("..")
	require.NoError(t, err)
	list, err := os.ReadFile("standard.go")
	require.NoError(t, err)
	declared := 0
	for _, f := range folders {
		if !f.IsDir() || slices.Contains(noTopics, f.Name()) {
			continue
		}
		topic := f.Name()
		assert.Contains(t, string(list), topic+".Checks(),", "the topic %s is not in the list", topic)
		before := declared
		eachFile(t, filepath.Join("..", topic), func(path string, file *ast.File, _ string) {
			if strings.HasSuffix(path, "_test.go") {
				return
			}
			assertJudgedByMethods(t, path, file)
			made := madeChecks(file)
			declared += len(made)
			if len(made) == 0 {
				return
			}
			assert.Len(t, made, 1, "%s: one file for each check", path)
			beside := strings.TrimSuffix(path, ".go") + "_test.go"
			tests, err := os.ReadFile(beside)
			require.NoError(t, err, "a check has its test beside it")
			run := "checktest.Run(t, " + topic + "." + made[0] + ", "
			assert.Equal(t, 1, strings.Count(string(tests), run), "%s calls %s…) once", beside, run)
		})
		files, err := filepath.Glob(filepath.Join("..", topic, "*.yaml"))
		require.NoError(t, err)
		for _, path := range files {
			declared++
			assertProven(t, path)
		}
		assert.Greater(t, declared, before, "the topic %s has no check", topic)
	}
	assert.Len(t, standard.Checks(), declared, "a check is declared and in no list, or the other way round")
	for _, c := range standard.Checks() {
		topic, _, _ := strings.Cut(c.ID, "-")
		assert.DirExists(t, filepath.Join("..", topic), "the id %s begins with its topic", c.ID)
	}
}

// assertProven holds a check in YAML to its own tests.
func assertProven(t *testing.T, path string) {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	f, err := check.Load(path, data)
	require.NoError(t, err)
	assert.Equal(t, filepath.Base(path), f.ID+".yaml", "a check's file is named after it")
	assert.Empty(t, f.Prove().Errors)
	assert.NotEmpty(t, f.Check.Pages.Docs, "%s: a link to AWS's documentation is missing", path)
	_, err = checks.NewRegistry(f.Check)
	require.NoError(t, err)
}

// madeChecks are the names of a file's package variables that are made with checks.New.
func madeChecks(file *ast.File) []string {
	var names []string
	for _, d := range file.Decls {
		ast.Inspect(d, func(node ast.Node) bool {
			spec, ok := node.(*ast.ValueSpec)
			for i := 0; ok && i < len(spec.Values); i++ {
				if call, ok := spec.Values[i].(*ast.CallExpr); ok && isOf(call.Fun, "checks", "New") {
					names = append(names, spec.Names[i].Name)
				}
			}
			return true
		})
	}
	return names
}

// isOf says whether an expression is a name of a package.
func isOf(e ast.Expr, pkg, name string) bool {
	sel, ok := e.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != name {
		return false
	}
	x, ok := sel.X.(*ast.Ident)
	return ok && x.Name == pkg
}

// byMethods are what only the methods of a Finding set, so that none of them is forgotten beside another.
var byMethods = []string{"Verdict", "Share", "Reason", "Detail", "MissingAction"}

// assertJudgedByMethods fails where a check sets a verdict, or what goes with it, by itself.
func assertJudgedByMethods(t *testing.T, path string, file *ast.File) {
	t.Helper()
	ast.Inspect(file, func(node ast.Node) bool {
		switch n := node.(type) {
		case *ast.AssignStmt:
			for _, left := range n.Lhs {
				if sel, ok := left.(*ast.SelectorExpr); ok {
					assert.NotContains(t, byMethods, sel.Sel.Name, "%s: a method of checks.Finding sets it", path)
				}
			}
		case *ast.CompositeLit:
			for i := 0; n.Type != nil && isOf(n.Type, "checks", "Finding") && i < len(n.Elts); i++ {
				if pair, ok := n.Elts[i].(*ast.KeyValueExpr); ok {
					assert.NotContains(t, byMethods, pair.Key.(*ast.Ident).Name, "%s: a method of checks.Finding sets it", path)
				}
			}
		}
		return true
	})
}

// No package variable is written after its declaration, and nothing happens before main.
func TestNoStateInPackages(t *testing.T) {
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		if name := d.Name(); len(name) > 2 && name[0] == '.' {
			return filepath.SkipDir
		}
		variables, files := map[string]bool{}, []*ast.File{}
		eachFile(t, path, func(name string, file *ast.File, _ string) {
			if strings.HasSuffix(name, "_test.go") {
				return
			}
			files = append(files, file)
			for _, decl := range file.Decls {
				if g, ok := decl.(*ast.GenDecl); ok && g.Tok == token.VAR {
					for _, spec := range g.Specs {
						for _, id := range spec.(*ast.ValueSpec).Names {
							variables[id.Name] = id.Name != "_"
						}
					}
				}
				if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil {
					assert.NotEqual(t, "init", f.Name.Name, "%s: no init functions", name)
				}
			}
		})
		for _, file := range files {
			assertNoWrites(t, path, file, variables)
		}
		return nil
	})
	require.NoError(t, err)
}

// assertNoWrites fails on an assignment to a package variable: a name that no declaration inside the function has.
func assertNoWrites(t *testing.T, folder string, file *ast.File, variables map[string]bool) {
	t.Helper()
	ast.Inspect(file, func(node ast.Node) bool {
		assign, ok := node.(*ast.AssignStmt)
		if !ok || assign.Tok == token.DEFINE {
			return true
		}
		for _, left := range assign.Lhs {
			for {
				if index, ok := left.(*ast.IndexExpr); ok {
					left = index.X
					continue
				}
				break
			}
			id, ok := left.(*ast.Ident)
			if ok && variables[id.Name] && (id.Obj == nil || file.Scope.Lookup(id.Name) == id.Obj) {
				t.Errorf("%s: the package variable %s is written", folder, id.Name)
			}
		}
		return true
	})
}

func eachFile(t *testing.T, folder string, do func(path string, file *ast.File, source string)) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(folder, "*.go"))
	require.NoError(t, err)
	for _, path := range paths {
		source, err := os.ReadFile(path)
		require.NoError(t, err)
		file, err := parser.ParseFile(token.NewFileSet(), path, source, 0)
		require.NoError(t, err)
		do(path, file, string(source))
	}
}

func TestGeneratedFilesAreFresh(t *testing.T) {
	schema, err := lab.JSONSchema(registry(t))
	require.NoError(t, err)
	golden.Match(t, filepath.Join(root, "checks", "README.md"), standard.Catalogue(registry(t).All()))
	golden.Match(t, filepath.Join(root, "labs", "lab.schema.json"), schema)
	schema, err = check.JSONSchema()
	require.NoError(t, err)
	golden.Match(t, filepath.Join(root, "labs", "check.schema.json"), schema)
}

// Every check names a page of AWS's documentation, by a path of which a report makes a link.
func TestEveryCheckHasAPage(t *testing.T) {
	for _, c := range standard.Checks() {
		if c.Title == "" {
			continue // a file, which is not read yet: see assertProven
		}
		assert.Regexp(t, `^[A-Za-z0-9-]+/latest/[A-Za-z-]+/[A-Za-z0-9_/-]+\.html$`, c.Pages.Docs, c.ID)
		assert.NotContains(t, c.Pages.Console, "://", c.ID)
	}
}
