package main

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/checktest/golden"
)

// services are the folders of the services of the practice account.
func services(t *testing.T) []string {
	t.Helper()
	models, err := filepath.Glob("../../*/" + modelFile)
	require.NoError(t, err)
	require.NotEmpty(t, models)
	var folders []string
	for _, path := range models {
		folders = append(folders, filepath.Dir(path))
	}
	return folders
}

// The types of each service are those of its model, and its model has the operations that it lists.
func TestGeneratedFilesAreFresh(t *testing.T) {
	for _, folder := range services(t) {
		text, err := types(folder)
		require.NoError(t, err)
		golden.Match(t, filepath.Join(folder, typesFile), text)

		s, err := readSource(folder)
		require.NoError(t, err)
		m, err := readModel(folder)
		require.NoError(t, err)
		var known []string
		for _, o := range m.Calls {
			known = append(known, o.Name)
		}
		require.Equal(t, s.operations, known,
			"%s does not fit the operations of the service; this writes it anew: make models",
			filepath.Join(folder, modelFile))
	}
}

// botocoreWith makes a folder as that of botocore's package, with one service of one operation. shapes are JSON
// members.
func botocoreWith(t *testing.T, shapes string) string {
	t.Helper()
	folder := t.TempDir()
	data := filepath.Join(folder, "data", "own", "2020-02-02")
	require.NoError(t, os.MkdirAll(data, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "__init__.py"), []byte("__version__ = '1.2.3'\n"), 0o600))
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write([]byte(`{
		"metadata": {"endpointPrefix": "api.own", "signingName": "own-signed",
			"protocols": ["query"], "xmlNamespace": "urn:own"},
		"operations": {"GetIt": {"input": {"shape": "In"}, "output": {"shape": "Out", "resultWrapper": "GetItResult"}},
			"Other": {}},
		"shapes": {"Text": {"type": "string", "max": 3}, ` + shapes + `}
	}`))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	require.NoError(t, os.WriteFile(filepath.Join(data, "service-2.json.gz"), b.Bytes(), 0o600))
	return folder
}

// ownService is a folder with a service that is not generated yet. state is Go code of it.
func ownService(t *testing.T, state string) string {
	t.Helper()
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "own.go"), []byte("package own\n\n"+
		`var Service = &wire.Service{API: api, Operations: []wire.Operation{wire.Op("GetIt", getIt)}}`+"\n\n"+state), 0o600))
	return folder
}

// Every trait that a model of AWS has in a protocol without HTTP bindings reaches the types.
func TestTraits(t *testing.T) {
	botocore := botocoreWith(t, `
		"In": {"type": "structure", "required": ["Name"], "members": {
			"Name": {"shape": "Text", "documentation": "not kept"}, "zone": {"shape": "Text", "locationName": "ZoneName"},
			"Names": {"shape": "Names"}, "Parts": {"shape": "Parts"}, "Flat": {"shape": "Flat"},
			"FlatNamed": {"shape": "FlatNamed"}}},
		"Names": {"type": "list", "member": {"shape": "Text"}},
		"Parts": {"type": "list", "member": {"shape": "Part", "locationName": "DBPart"}},
		"Flat": {"type": "list", "member": {"shape": "Text"}, "flattened": true},
		"FlatNamed": {"type": "list", "member": {"shape": "Text", "locationName": "OneName"}, "flattened": true},
		"Part": {"type": "structure", "members": {"ID": {"shape": "Text"}, "Inner": {"shape": "Part"},
			"VPCSize": {"shape": "Long"}}},
		"Out": {"type": "structure", "required": ["At", "Part", "Last"], "members": {"At": {"shape": "Time"},
			"Part": {"shape": "Part"}, "Tags": {"shape": "Tags"}, "Bytes": {"shape": "Bytes"}, "Yes": {"shape": "Yes"},
			"Share": {"shape": "Share"}, "N": {"shape": "N"}, "Last": {"shape": "Part"}}},
		"Tags": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Text"}}, "Long": {"type": "long"},
		"N": {"type": "integer"}, "Time": {"type": "timestamp"}, "Bytes": {"type": "blob"},
		"Yes": {"type": "boolean", "box": true}, "Share": {"type": "double"}`)
	folder := ownService(t, "//wire:keep Part ID=name VPCSize=-\n\n//wire:optional Out.Part\n")
	require.NoError(t, generate(folder, botocore))
	text, err := os.ReadFile(filepath.Join(folder, typesFile))
	require.NoError(t, err)
	golden.Match(t, filepath.Join("testdata", "types.go.txt"), text)
	model, err := os.ReadFile(filepath.Join(folder, modelFile))
	require.NoError(t, err)
	golden.Match(t, filepath.Join("testdata", modelFile), model)
}

// What the types could not say the way AWS says it is an error.
func TestWhatCannotBeGenerated(t *testing.T) {
	in := func(member string) string { return `"In": {"type": "structure", "members": {"X": ` + member + `}}, ` }
	const out = `"Out": {"type": "structure", "members": {}}`
	for name, test := range map[string]struct{ shapes, state, want string }{
		"a trait of a member": {in(`{"shape": "Text", "location": "header"}`) + out, "", `unknown field "location"`},
		"a trait of a shape": {
			in(`{"shape": "S"}`) + `"S": {"type": "string", "timestampFormat": "iso8601"}, ` + out, "",
			`unknown field "timestampFormat"`,
		},
		"a type": {
			in(`{"shape": "S"}`) + `"S": {"type": "document"}, ` + out, "", `no type for "document"`,
		},
		"a map with names": {
			in(
				`{"shape": "M"}`,
			) + `"M": {"type": "map", "key": {"shape": "Text", "locationName": "Name"}, "value": {"shape": "Text"}}, ` + out,
			"", `the map M`,
		},
		"a name in queries": {
			in(`{"shape": "Text", "locationName": "x", "queryName": "Y"}`) + out, "", `is named Y in a request`,
		},
		"a structure to keep":       {in(`{"shape": "Text"}`) + out, "//wire:keep Nothing\n", `//wire:keep Nothing`},
		"a member to make optional": {in(`{"shape": "Text"}`) + out, "//wire:optional In.X\n", `//wire:optional In.X`},
		"an operation": {
			in(`{"shape": "Text"}`) + out, "var _ = wire.Change(\"PutIt\", putIt)\n",
			`operation PutIt: botocore 1.2.3, own/2020-02-02 has no such operation`,
		},
		"a shape that is a gap": {in(`{"shape": "Gone"}`) + out, "", `Gone`},
		"a gap in a map": {
			in(`{"shape": "M"}`) + `"M": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Gone"}}, ` + out,
			"", `Gone`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			require.ErrorContains(t, generate(ownService(t, test.state), botocoreWith(t, test.shapes)), test.want)
		})
	}
	require.ErrorContains(t, generate(t.TempDir(), t.TempDir()), "no file lists an operation")
	require.ErrorContains(t, generate(ownService(t, ""), ""), "generate it with -botocore")
	require.ErrorContains(t, generate(ownService(t, ""), t.TempDir()), "__init__.py")
}
