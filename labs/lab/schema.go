package lab

import (
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/declared/strict"
)

// JSONSchema writes the JSON schema of a lab file, for editors: the keys come from the types that the loader decodes,
// the checks and their parameters from the registry.
func JSONSchema(registry *checks.Registry) ([]byte, error) {
	root := strict.SchemaOf(reflect.TypeFor[file]())
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = "A labcheck lab (" + Schema + ")"
	properties := root["properties"].(map[string]any)
	properties["schema"].(map[string]any)["const"] = Schema
	properties["id"].(map[string]any)["pattern"] = idPattern.String()
	sections := properties["sections"].(map[string]any)["items"].(map[string]any)
	step := sections["properties"].(map[string]any)["steps"].(map[string]any)["items"].(map[string]any)
	stepProperties := step["properties"].(map[string]any)
	stepProperties["check"].(map[string]any)["oneOf"] = checkChoices(registry)
	data, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the schema of lab files: %w", err)
	}
	return append(data, '\n'), nil
}

// checkChoices lists the checks with their titles and parameters, which an editor shows beside the choice.
func checkChoices(registry *checks.Registry) []map[string]any {
	var choices []map[string]any
	for _, c := range registry.All() {
		text := c.Title
		for _, p := range c.Params {
			text += fmt.Sprintf("\n%s (%s): %s", p.Name, p.Type, p.Help)
		}
		choices = append(choices, map[string]any{"const": c.ID, "description": text})
	}
	return choices
}
