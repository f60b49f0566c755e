package wire

import (
	"maps"
	"math"
	"slices"
	"strings"
)

// Tree is the answer that JSON says: for operations whose answers are kept as AWS writes them, by its own names.
// In "DBInstances:DBInstance" the second name is that of an element of the list in XML, where it is not the usual one.
func Tree(answer map[string]any) *Object {
	tree := Object{}
	for _, name := range slices.Sorted(maps.Keys(answer)) {
		of, item, _ := strings.Cut(name, ":")
		tree = append(tree, member{name: of, item: item, value: treeOf(answer[name])})
	}
	return &tree
}

func treeOf(value any) any {
	switch x := value.(type) {
	case map[string]any:
		return *Tree(x)
	case []any:
		all := make(list, len(x))
		for i, item := range x {
			all[i] = treeOf(item)
		}
		return all
	case int:
		return int64(x)
	case float64:
		if x == math.Trunc(x) {
			return int64(x)
		}
	}
	return value
}
