package sandbox

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// siteOf finds the site that serves a request; nil when its path is no service's own. What is signed is for an API:
// objects of S3 may have any path.
func siteOf(services []*wire.Service, req *http.Request) *wire.Site {
	if isSigned(req) {
		return nil
	}
	path := req.URL.Path
	for _, s := range services {
		if s.Site != nil && (strings.HasPrefix(path, s.Site.Prefix) || path+"/" == s.Site.Prefix) {
			return s.Site
		}
	}
	return nil
}

// isSigned says whether a request has a signature of AWS's APIs.
func isSigned(req *http.Request) bool {
	return strings.HasPrefix(req.Header.Get("Authorization"), "AWS4-")
}

// serveSite hands a request to the account that issued the key that it goes back to.
func (s *Server) serveSite(site *wire.Site, w http.ResponseWriter, req *http.Request) {
	id, err := site.KeyID(req)
	if err != nil {
		site.Refuse(w, req, err)
		return
	}
	if a := s.shared.keyring.owner(id); a != nil {
		site.Serve(door{a, site}, w, req)
		return
	}
	site.Refuse(w, req, wire.ErrUnknownKey)
}

// A door is an account as a site of one of its services sees it.
type door struct {
	account *Account
	site    *wire.Site
}

var _ wire.Door = door{}

// Now tells the account's time.
func (d door) Now() time.Time { return d.account.options.Now() }

// NewRequestID makes an id that no other request has.
func (d door) NewRequestID() string { return d.account.requestID() }

// KeyOwner finds who an access key belongs to.
func (d door) KeyOwner(id string) (wire.Caller, wire.KeyProblem) { return d.account.caller(id) }

// Enter begins an operation of the site's service.
func (d door) Enter(ctx context.Context, operation, region string, caller wire.Caller) (wire.Entered, error) {
	e := entered{account: d.account, region: region, caller: caller}
	for _, s := range d.account.state.services {
		if s.Site == d.site {
			e.x = exchange{service: s, protocol: s.Protocols[0], operation: operation}
		}
	}
	e.x.fault = d.account.fault(e.x.service.ID, operation)
	return e, d.account.travel(ctx, e.x.fault)
}

// entered is one operation of a site.
type entered struct {
	account *Account
	x       exchange
	region  string
	caller  wire.Caller
}

// View runs f if the caller may do what the operation does.
func (e entered) View(f func(*wire.Request) error) error {
	return e.account.view(e.region, e.caller, func(r *wire.Request) error { return e.allowed(r, f) })
}

// Change is View for an f that changes the state.
func (e entered) Change(f func(*wire.Request) error) error {
	return e.account.change(e.region, e.caller, func(r *wire.Request) error { return e.allowed(r, f) })
}

func (e entered) allowed(r *wire.Request, f func(*wire.Request) error) error {
	if fail := e.x.faultError(e.caller, r.Now); fail != nil {
		return fail
	}
	if fail := e.x.authorize(r); fail != nil {
		return fail
	}
	return f(r)
}
