package account

import (
	"net/http"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
)

// A Network is what the doors of one run have in common, be they thousands: the connections, what was read of the
// environment and the configuration files, and the places for requests to an account. It is safe for concurrent use.
type Network struct {
	mu         sync.Mutex
	loaded     map[loadKey]func() (settings, error)
	transports map[string]*http.Transport // by the file of the certificates that are trusted too; "" is none
	accounts   map[string]*slots
}

// loadKey tells apart what the SDK makes of the environment and the files.
type loadKey struct {
	profile, region, endpointURL string
}

// NewNetwork makes one without connections. Close it when its doors are no longer needed.
func NewNetwork() *Network {
	return &Network{
		loaded: map[loadKey]func() (settings, error){}, transports: map[string]*http.Transport{},
		accounts: map[string]*slots{},
	}
}

// Close closes the connections on which nothing is under way.
func (n *Network) Close() {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, t := range n.transports {
		t.CloseIdleConnections()
	}
}

// settingsOf reads the environment and the files once for all doors with the same key.
func (n *Network) settingsOf(key loadKey, load func() (settings, error)) (settings, error) {
	n.mu.Lock()
	once, ok := n.loaded[key]
	if !ok {
		once = sync.OnceValues(load)
		n.loaded[key] = once
	}
	n.mu.Unlock()
	return once()
}

// Connections are kept for the next door, at most so many to a host and in all.
const (
	idlePerHost = 32
	idleInAll   = 256
)

// transport is the one for all doors that trust the same certificates. configured knows AWS_CA_BUNDLE, and the proxy of
// the environment is asked for by every request.
func (n *Network) transport(trusted string, configured aws.HTTPClient) *http.Transport {
	n.mu.Lock()
	defer n.mu.Unlock()
	if t, ok := n.transports[trusted]; ok {
		return t
	}
	buildable, ok := configured.(*awshttp.BuildableClient)
	if !ok {
		buildable = awshttp.NewBuildableClient()
	}
	t := buildable.WithTransportOptions(func(t *http.Transport) {
		t.MaxResponseHeaderBytes = maxHeader
		t.OnProxyConnectResponse = acceptedByProxy
		t.MaxIdleConnsPerHost, t.MaxIdleConns = idlePerHost, idleInAll
	}).GetTransport()
	n.transports[trusted] = t
	return t
}

// trustedFile is the file of the certificates that are trusted besides the system's own; "" if none is named.
func trustedFile(sources []any) string {
	for _, source := range sources {
		switch c := source.(type) {
		case config.EnvConfig: // comes first, and wins
			if c.CustomCABundle != "" {
				return c.CustomCABundle
			}
		case config.SharedConfig:
			if c.CustomCABundle != "" {
				return c.CustomCABundle
			}
		}
	}
	return ""
}

// slotsOf are the places for requests to an account, whichever door they go through.
func (n *Network) slotsOf(account string) *slots {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.accounts[account] == nil {
		n.accounts[account] = &slots{}
	}
	return n.accounts[account]
}
