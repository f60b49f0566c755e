package facts_test

import (
	"context"
	"fmt"

	"github.com/labcheck/labcheck/checks/facts"
)

// A library is what the read of this example asks. Of AWS it would be an *account.Door.
type library struct {
	copies map[string]int
	asked  int
}

type bookKey struct {
	Title string `json:"title"`
}

type book struct {
	Exists bool `json:"exists"` // that there is none is an answer too
	Copies int  `json:"copies,omitempty"`
}

// books is a read: a question with its key and its answer, declared once as a package variable.
var books = &facts.Read[bookKey, book]{
	Name:       "library.books",
	Operations: []string{"library:GetBook"},
	Fetch: func(_ context.Context, access *facts.Access, key bookKey) (book, error) {
		door, err := facts.Through[*library](access)
		if err != nil {
			return book{}, err
		}
		door.asked++
		copies, ok := door.copies[key.Title]
		return book{Exists: ok, Copies: copies}, nil
	},
}

// Whoever declares a read can ask it, and each question is asked once for all.
func ExampleRead() {
	door := &library{copies: map[string]int{"Emma": 3}}
	session := facts.NewSession(context.Background(), facts.Options{Doors: []facts.Door{facts.Open(door)}})
	for range 2 { // two checks
		view := session.View(facts.Site{}, []facts.Source{books}, nil)
		emma := books.Start(view, bookKey{"Emma"}) // independent questions are under way at once
		found, err := emma.Get()
		fmt.Println(found.Copies, err)
	}
	fmt.Println("asked", door.asked)
	// Output:
	// 3 <nil>
	// 3 <nil>
	// asked 1
}

// A test gives literal facts in place of a door. What it does not give was not looked at.
func ExampleRead_Given() {
	session := facts.NewSession(context.Background(), facts.Options{
		Given: []facts.Given{
			books.Given(bookKey{"Emma"}, book{Exists: true, Copies: 1}),
			books.GivenError(bookKey{"Persuasion"}, facts.Errorf(facts.Throttled, "too many readers")),
		},
	})
	view := session.View(facts.Site{}, []facts.Source{books}, nil)
	for _, title := range []string{"Emma", "Persuasion", "Sanditon"} {
		found, err := books.Get(view, bookKey{title})
		fmt.Println(found, err)
	}
	// Output:
	// {true 1} <nil>
	// {false 0} throttled: too many readers
	// {false 0} not_looked: the recorded facts do not hold library.books
}
