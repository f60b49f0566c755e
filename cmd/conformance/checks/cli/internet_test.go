//go:build conformance

package cli_test

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// authority vouches for every name of the made-up internet.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
	pem         string
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "judge"}, NotAfter: time.Now().Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	certificate, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return &authority{
		certificate: certificate, key: key,
		pem: string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})),
	}
}

// vouch makes the certificate of the host that a client asks for.
func (a *authority) vouch(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: hello.ServerName}, DNSNames: []string{hello.ServerName},
		NotAfter: a.certificate.NotAfter,
	}, a.certificate, a.key.Public(), a.key)
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: a.key}, err
}

// internet is the proxy through which one command of the AWS CLI asks. Behind it AWS accepts whatever it is sent: what
// is judged is how the AWS CLI reads its configuration.
type internet struct {
	server *httptest.Server

	mu  sync.Mutex
	key string // the access key id with which sts:GetCallerIdentity was asked
}

func newInternet(t *testing.T, a *authority) *internet {
	t.Helper()
	i := &internet{}
	i.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect {
			i.answer(w, r)
			return
		}
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		defer conn.Close()
		_, _ = io.WriteString(conn, "HTTP/1.1 200 Connection established\r\n\r\n")
		i.serve(tls.Server(conn, &tls.Config{GetCertificate: a.vouch}))
	}))
	t.Cleanup(i.server.Close)
	return i
}

// serve answers what is asked on one connection.
func (i *internet) serve(conn net.Conn) {
	defer conn.Close()
	in := bufio.NewReader(conn)
	for {
		r, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		answer := httptest.NewRecorder()
		i.answer(answer, r)
		whole := answer.Result()
		whole.ContentLength = int64(answer.Body.Len())
		if whole.Write(conn) != nil {
			return
		}
	}
}

var scope = regexp.MustCompile(`Credential=([^/]+)/`)

func (i *internet) answer(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	host := strings.Split(r.Host, ".")[0]
	switch {
	case strings.Contains(string(body), "Action=GetCallerIdentity"):
		if m := scope.FindStringSubmatch(r.Header.Get("Authorization")); m != nil {
			i.mu.Lock()
			i.key = m[1]
			i.mu.Unlock()
		}
		w.Header().Set("Content-Type", "text/xml")
		fmt.Fprint(w, `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">`+
			`<GetCallerIdentityResult>`+
			`<Arn>arn:aws:iam::123456789012:user/alice</Arn><UserId>AIDAEXAMPLE</UserId><Account>123456789012</Account>`+
			`</GetCallerIdentityResult></GetCallerIdentityResponse>`)
	case strings.Contains(string(body), "Action=AssumeRole"):
		action := "AssumeRole"
		if strings.Contains(string(body), "WithWebIdentity") {
			action += "WithWebIdentity"
		}
		w.Header().Set("Content-Type", "text/xml")
		fmt.Fprintf(w, `<%[1]sResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><%[1]sResult><Credentials>`+
			`<AccessKeyId>ASIA`+`IOSFODNN7ROLEEXA</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>`+
			`<SessionToken>token</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>`+
			`</%[1]sResult></%[1]sResponse>`, action)
	case strings.HasPrefix(r.URL.Path, "/federation/credentials"):
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"roleCredentials":{"accessKeyId":"ASIA`+`IOSFODNN7SSOEXAM","secretAccessKey":"secret",`+
			`"sessionToken":"token","expiration":4070908800000}}`)
	default:
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(w, `{"__type":"NotPlayedException","message":"%s"}`, host)
	}
}

func (i *internet) asked() string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.key
}
