package api

import (
	"encoding/json"
	"testing"
)

// Whatever is written as an expression, reading, typing and evaluating it ends, and never panics.
func FuzzPlace(f *testing.F) {
	for _, text := range []string{
		"Buckets[?Name=='x'].CreationDate | [0]", "length(Buckets)", "Buckets[].[Name,CreationDate][]", "@",
		"[a,b][]|[@,@][]",
		"max_by(Buckets, &Name).Name", "not_null(Owner.ID, 'x')", "Buckets[*].Name | sort(@)", "a[", "*",
	} {
		f.Add(text, `{"Buckets": [{"Name": "x"}, {}], "Owner": null}`)
	}
	o, err := Find("s3:ListBuckets")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text, answer string) {
		e, err := ReadExpression(text)
		if err != nil {
			return
		}
		if to, _, err := o.Answer().Follow(e, Value); err == nil {
			to.Type()
		}
		e.Last()
		var value any
		if len(answer) > 1<<12 || json.Unmarshal([]byte(answer), &value) != nil {
			return
		}
		if result := e.Evaluate(value); result == nil {
			e.OnlyLastIsMissing(value)
		}
	})
}
