package sandbox

import "net/http"

// serveRegistry serves the Docker registry's HTTP API, below /v2/.
func (s *Server) serveRegistry(w http.ResponseWriter, _ *http.Request) {
	http.Error(w, "not yet", http.StatusNotImplemented)
}
