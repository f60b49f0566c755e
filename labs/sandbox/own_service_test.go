package sandbox_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/labs/sandbox"
	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// diary is a service of somebody else: all that it takes is here.
var diary = &wire.Service{
	API:        wire.API{ID: "diary", Protocols: []wire.Protocol{wire.JSON11}, Target: "Diary"},
	Operations: []wire.Operation{wire.Change("WriteEntry", writeEntry), wire.Op("ListEntries", listEntries)},
	Parts:      []wire.AnyPart{entries},
	Simulations: []wire.Simulation{
		{Name: "burn-diary", Help: "Somebody burns it.", Run: func(r *wire.Request) { *entries.Of(r) = nil }},
	},
	Site: &wire.Site{
		Prefix: "/diary/",
		KeyID:  func(req *http.Request) (string, error) { return req.Header.Get("X-Key"), nil },
		Refuse: func(w http.ResponseWriter, _ *http.Request, err error) {
			http.Error(w, err.Error(), http.StatusForbidden)
		},
		Serve: func(door wire.Door, w http.ResponseWriter, req *http.Request) {
			caller, _ := door.KeyOwner(req.Header.Get("X-Key"))
			_, _ = io.WriteString(w, caller.ARN)
		},
	},
}

var entries = &wire.Part[[]*entry]{Key: "entries", Regional: true}

type entry struct {
	Text    string    `json:"text" wire:"text"`
	Written wire.Time `json:"written" wire:"written"`
}

type writeEntryInput struct {
	Text string `wire:"text,required"`
}

func writeEntry(r *wire.Request, in *writeEntryInput) (*wire.None, error) {
	if in.Text == "" {
		return nil, wire.Failf("EmptyEntryException", "An entry says something")
	}
	all := entries.Of(r)
	*all = append(*all, &entry{Text: in.Text, Written: wire.At(r.Now)})
	return &wire.None{}, nil
}

type listEntriesOutput struct {
	Entries []*entry `wire:"entries"`
}

func listEntries(r *wire.Request, _ *wire.None) (*listEntriesOutput, error) {
	return &listEntriesOutput{Entries: append([]*entry{}, *entries.Of(r)...)}, nil
}

// A service of somebody else has all that those of the practice account have.
func TestAServiceOfSomebodyElse(t *testing.T) {
	state, err := sandbox.Parse(stateWith(`{"entries": [{"text": "first", "written": "-1h"}]}`), now, diary)
	require.NoError(t, err)
	account := sandbox.New(state, sandbox.Options{Now: func() time.Time { return now }})
	server := sandbox.NewServer(sandbox.ServerOptions{Now: func() time.Time { return now }})
	require.NoError(t, server.Add(account))
	ask := func(operation, body string) string {
		req := httptest.NewRequest(http.MethodPost, "http://localhost/", strings.NewReader(body))
		req.Header.Set("X-Amz-Target", "Diary."+operation)
		creds, err := config(account).Credentials.Retrieve(t.Context())
		require.NoError(t, err)
		digest := sha256.Sum256([]byte(body))
		require.NoError(
			t,
			v4.NewSigner().SignHTTP(t.Context(), creds, req, hex.EncodeToString(digest[:]), "diary", "us-east-1", now),
		)
		w := httptest.NewRecorder()
		server.ServeHTTP(w, req)
		return strings.TrimSpace(w.Body.String())
	}
	require.JSONEq(t, `{"entries":[{"text":"first","written":1795407120}]}`, ask("ListEntries", `{}`))
	require.JSONEq(t, `{}`, ask("WriteEntry", `{"text":"second"}`))
	require.JSONEq(
		t, `{"__type":"EmptyEntryException","message":"An entry says something"}`, ask("WriteEntry", `{"text":""}`),
	)
	require.Contains(t, ask("WriteEntry", `{}`), "ValidationException")
	require.Contains(t, ask("BurnEntry", `{}`), "UnknownOperationException")

	// Its part of the state is kept, and read as strictly as the others.
	var kept bytes.Buffer
	require.NoError(t, account.Snapshot().Write(&kept))
	require.Contains(t, kept.String(), `"text": "second"`)
	_, err = sandbox.Parse(kept.Bytes(), now)
	require.ErrorContains(t, err, `unknown field "entries"`)
	_, err = sandbox.Parse(stateWith(`{"entries": [{"txt": "first"}]}`), now, diary)
	require.ErrorContains(t, err, `line 8, column 42: json: unknown field "txt"`)
	_, err = sandbox.Parse(stateWith(`{"entries": [null]}`), now, diary)
	require.ErrorContains(t, err, "regions.us-east-1.entries[0]: null")

	req := httptest.NewRequest(http.MethodGet, "http://localhost/diary/owner", nil)
	req.Header.Set("X-Key", state.Caller.AccessKeyID)
	w := httptest.NewRecorder()
	server.ServeHTTP(w, req)
	require.Equal(t, "arn:aws:iam::123456789012:user/alice", w.Body.String())
	req.Header.Set("X-Key", "AKIAI44QH8DHBEXAMPLE")
	w = httptest.NewRecorder()
	server.ServeHTTP(w, req)
	require.Equal(t, http.StatusForbidden, w.Code)

	require.True(
		t,
		slices.ContainsFunc(sandbox.Simulations(diary), func(s wire.Simulation) bool { return s.Name == "burn-diary" }),
	)
	require.NoError(t, account.Simulate("burn-diary"))
}

// Two services cannot keep the same thing, nor what belongs to no service.
func TestPartsHaveTheirOwnKeys(t *testing.T) {
	for key, owner := range map[string]string{"topics": "sns", "workstation": "the state itself"} {
		own := &wire.Service{
			API:   wire.API{ID: "own", Protocols: []wire.Protocol{wire.JSON11}},
			Parts: []wire.AnyPart{&wire.Part[int]{Key: key}},
		}
		_, err := sandbox.Parse(stateWith(`{}`), now, own)
		require.EqualError(t, err, `the service own cannot keep "`+key+`" in a state: `+owner+` does`)
	}
}
