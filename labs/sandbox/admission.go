package sandbox

import (
	"io"
	"net"
	"net/http"
	"net/netip"
	"regexp"
	"strings"
	"time"
)

// turnsAway answers a request that does not come in, before anybody looks at what it asks for. It is false for one that
// may come in.
//
// A page in a browser can ask whatever is on the machine. It cannot read the answer as long as the two are of different
// origins, unless its own name is made to lead here ("DNS rebinding"): so only names that lead nowhere else are
// answered, and the address on which the request arrived. A page of any other origin is turned away, also where it need
// not read the answer, and so is a sandboxed one, whose origin is "null".
func (s *Server) turnsAway(w http.ResponseWriter, req *http.Request) bool {
	origins, site := req.Header.Values("Origin"), req.Header.Get("Sec-Fetch-Site")
	ownPage := len(origins) == 0 || len(origins) == 1 && origins[0] == "http://"+req.Host
	switch {
	case req.Method == http.MethodConnect, req.Method == http.MethodTrace:
		http.Error(w, "a practice account is no proxy", http.StatusMethodNotAllowed)
	case !s.answersTo(req):
		http.Error(w, "a practice account answers only to localhost, to names that end in .localhost, and to the address "+
			"that it listens on", http.StatusMisdirectedRequest)
	case !ownPage, site != "" && site != "same-origin" && site != "none":
		http.Error(w, "a practice account answers no page of another origin", http.StatusForbidden)
	default:
		return false
	}
	return true
}

// port is what may stand behind the colon of a host.
var port = regexp.MustCompile(`^[0-9]{1,5}$`)

// answersTo says whether a request asks for this server by one of its names.
func (s *Server) answersTo(req *http.Request) bool {
	host := req.Host
	if name, number, err := net.SplitHostPort(host); err == nil {
		if !port.MatchString(number) {
			return false
		}
		host = name
	} else if inner, ok := strings.CutPrefix(host, "["); ok {
		host, ok = strings.CutSuffix(inner, "]")
		if !ok {
			return false
		}
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.Unmap().IsLoopback() && ip.Zone() == "" || ip.Unmap() == arrivedAt(req)
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return host == "localhost" || strings.HasSuffix(host, ".localhost") ||
		s.options.Name != "" && host == strings.ToLower(s.options.Name)
}

// arrivedAt is the address of this machine at which a request arrived.
func arrivedAt(req *http.Request) netip.Addr {
	if address, ok := req.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr); ok {
		return address.AddrPort().Addr().Unmap()
	}
	return netip.Addr{}
}

// The patience with a client that sends a layer, whatever that of the HTTP server with others is.
const (
	betweenParts = 30 * time.Second
	wholeLayer   = 15 * time.Minute
)

// patientBody lets a body take long, as long as something of it arrives.
func patientBody(w http.ResponseWriter, req *http.Request) {
	req.Body = &slowBody{req.Body, http.NewResponseController(w), time.Now().Add(wholeLayer)}
}

type slowBody struct {
	io.ReadCloser
	connection *http.ResponseController
	end        time.Time
}

// Read implements io.Reader.
func (b *slowBody) Read(p []byte) (int, error) {
	deadline := time.Now().Add(betweenParts)
	if deadline.After(b.end) {
		deadline = b.end
	}
	_ = b.connection.SetReadDeadline(deadline) // what is no connection of a server has none
	return b.ReadCloser.Read(p)
}
