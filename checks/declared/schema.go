package declared

import (
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/labcheck/labcheck/checks/declared/strict"
)

// JSONSchema writes the JSON schema of a check file, for editors: the keys come from the types that the loader decodes.
func JSONSchema() ([]byte, error) {
	root := strict.SchemaOf(reflect.TypeFor[file]())
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = "A labcheck check (" + Schema + ")"
	properties := root["properties"].(map[string]any)
	properties["schema"].(map[string]any)["const"] = Schema
	properties["id"].(map[string]any)["pattern"] = kebabCase.String()
	properties["title"].(map[string]any)["maxLength"] = maxTitle
	properties["skip"].(map[string]any)["items"] = map[string]any{"enum": names(skips)}
	data, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the schema of check files: %w", err)
	}
	return append(data, '\n'), nil
}
