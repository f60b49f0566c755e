package sandbox_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/labs/sandbox"
)

// A page of a stranger whose name is made to lead to this machine signs as anybody can: the keys of practice accounts
// are the same public words in all of them.
func TestRebinding(t *testing.T) {
	c := open(t, "finished", "111122223333")
	before := written(t, c.accounts[0])
	client := ecr.NewFromConfig(c.configs[0], func(o *ecr.Options) {
		o.HTTPClient = asHost("evil.example:4580")
	})
	_, err := client.DescribeRepositories(t.Context(), nil)
	require.ErrorContains(t, err, "StatusCode: 421")
	name := "rebound"
	_, err = client.CreateRepository(t.Context(), &ecr.CreateRepositoryInput{RepositoryName: &name})
	require.ErrorContains(t, err, "StatusCode: 421")
	_, err = client.DeleteRepository(t.Context(), &ecr.DeleteRepositoryInput{RepositoryName: &name, Force: true})
	require.ErrorContains(t, err, "StatusCode: 421")
	require.Equal(t, before, written(t, c.accounts[0]))
}

// asHost sends every request under another name, as it was signed for.
type asHost string

func (h asHost) Do(req *http.Request) (*http.Response, error) {
	req.Host = string(h)
	return http.DefaultClient.Do(req)
}

// Whatever the path, and however the request is written.
func TestOnlyOwnNames(t *testing.T) {
	c := open(t, "finished", "111122223333")
	address := c.web.Listener.Addr().String()
	_, number, err := net.SplitHostPort(address)
	require.NoError(t, err)
	get := func(path, host, more string) string {
		return "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n" + more + "Connection: close\r\n\r\n"
	}
	for _, path := range []string{"/", "/v2/", "/labcheck/simulate", "/some/bucket?list-type=2"} {
		for _, host := range []string{
			"localhost", "LOCALHOST:1", "localhost.", "bucket.localhost:" + number, "a.b.localhost", "127.0.0.1", address,
			"127.1.2.3:80", "[::1]", "[::1]:4580", "[::ffff:127.0.0.1]:4580", "::1",
		} {
			_, said := askRaw(t, address, get(path, host, ""))
			require.NotContains(t, said, turnedAway, "%s at %s", path, host)
		}
		for _, host := range []string{
			"evil.example", "evil.example:" + number, "localhost.evil.example", "127.0.0.1.evil.example", "evillocalhost",
			".evil.example", "192.0.2.1", "0.0.0.0", "[::]", "2130706433", "0x7f.0.0.1", "127.1", "0177.0.0.1",
			"localhost:80:evil", "localhost:evil.example", "localhost@evil.example", "localhost:80@evil.example",
			"[::1%25lo]", "[fe80::1%25eth0]:80", "[::1", "", "localhost..", "localhost,evil.example", "evil.example#localhost",
			"169.254.169.254", "[::ffff:192.0.2.1]",
		} {
			code, _ := askRaw(t, address, get(path, host, ""))
			require.Contains(t, []int{400, 421}, code, "%s at %q", path, host)
		}
		for _, header := range []string{
			"Origin: http://evil.example", "Origin: null", "Origin: http://localhost:1", "Origin: https://localhost", "Origin: ",
			"Origin: http://localhost\r\nOrigin: http://evil.example", "Sec-Fetch-Site: cross-site",
			"Sec-Fetch-Site: same-site", "Sec-Fetch-Site: made-up",
			"Origin: http://evil.example\r\nUpgrade: websocket\r\nConnection: Upgrade",
		} {
			code, said := askRaw(t, address, get(path, "localhost", header+"\r\n"))
			require.Equal(t, 403, code, "%s with %s", path, header)
			require.Contains(t, said, turnedAway)
		}
		for _, header := range []string{
			"Sec-Fetch-Site: none", "Sec-Fetch-Site: same-origin", "Origin: http://localhost",
			"X-Forwarded-Host: evil.example", "Forwarded: host=evil.example",
		} {
			_, said := askRaw(t, address, get(path, "localhost", header+"\r\n"))
			require.NotContains(t, said, turnedAway, "%s with %s", path, header)
		}
	}
	for request, want := range map[string]int{
		"GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n": 421,
		"GET / HTTP/1.0\r\n\r\n": 421,
		"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n": 400,
		"CONNECT localhost:80 HTTP/1.1\r\nHost: localhost:80\r\n\r\n":     405,
		"TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n":                     405,
		// net/http answers this one itself, and says nothing.
		"OPTIONS * HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n":              200,
		"OPTIONS / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n":              421,
		"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: no\r\n\r\n":                501,
		"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + strings.Repeat("a", 2<<20) + "\r\n\r\n": 431,
	} {
		code, _ := askRaw(t, address, request)
		require.Equal(t, want, code, "%.60q", request)
	}
}

// The address on which a request arrives is one of the server's own, and a name that the person gave it is another.
func TestNamesOfListener(t *testing.T) {
	server := httptest.NewServer(sandbox.NewServer(sandbox.ServerOptions{Name: "My-Box.lan"}))
	defer server.Close()
	address := server.Listener.Addr().String()
	for host, want := range map[string]int{"my-box.lan:4580": 200, "box.lan": 421, "other.my-box.lan": 421} {
		code, _ := askRaw(t, address, "GET / HTTP/1.1\r\nHost: "+host+"\r\nConnection: close\r\n\r\n")
		require.Equal(t, want, code, host)
	}
}

// Two requests in one go are two requests: the second one is looked at as well.
func TestPipelined(t *testing.T) {
	c := open(t, "finished", "111122223333")
	connection, err := net.Dial("tcp", c.web.Listener.Addr().String())
	require.NoError(t, err)
	defer connection.Close()
	_, err = io.WriteString(connection, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"+
		"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
	require.NoError(t, err)
	answers := bufio.NewReader(connection)
	for _, want := range []int{200, 421} {
		answer, err := http.ReadResponse(answers, nil)
		require.NoError(t, err)
		_, err = io.Copy(io.Discard, answer.Body)
		require.NoError(t, err)
		require.Equal(t, want, answer.StatusCode)
	}
}

// turnedAway begins the answer to a request that does not come in.
const turnedAway = "a practice account answers"

// askRaw sends a request as it is written.
func askRaw(t *testing.T, address, request string) (code int, said string) {
	t.Helper()
	connection, err := net.DialTimeout("tcp", address, 10*time.Second)
	require.NoError(t, err)
	defer connection.Close()
	go func() { _, _ = fmt.Fprint(connection, request) }() // the server need not read all of it
	answer, err := http.ReadResponse(bufio.NewReader(connection), nil)
	require.NoError(t, err, "%.60q", request)
	body, _ := io.ReadAll(io.LimitReader(answer.Body, 1<<10)) // the beginning says enough
	require.NoError(t, answer.Body.Close())
	return answer.StatusCode, string(body)
}
