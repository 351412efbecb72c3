package server

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	oidcop "github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// opProvider is a real OpenID provider, zitadel's, run in this process: it
// signs, checks PKCE and codes, and shows a form to sign in by. Its users are
// made up.
type opProvider struct {
	url   string
	down  atomic.Bool
	users map[string]*storage.User
}

const (
	opClient = "jisi-test"
	opSecret = "the client's secret of a test"
)

// newProvider starts a provider whose client is at that callback. said are the
// claims that it makes about each user besides the usual ones, by user name.
func newProvider(t *testing.T, callback string, said map[string]map[string]any) *opProvider {
	t.Helper()
	p := &opProvider{users: map[string]*storage.User{}}
	for name := range said {
		p.users[name] = &storage.User{ID: "subject-of-" + name, Username: name, Password: "password", FirstName: "试用", LastName: name}
	}
	server := httptest.NewUnstartedServer(nil)
	p.url = "http://" + server.Listener.Addr().String()
	kept := opStorage{
		storage.NewStorageWithClients(p, map[string]*storage.Client{opClient: storage.WebClient(opClient, opSecret, callback)}), p, said,
	}
	router := oidcop.SetupServer(p.url, kept, nil, false)
	server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p.down.Load() {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		router.ServeHTTP(w, r)
	})
	server.Start()
	t.Cleanup(server.Close)
	return p
}

func (p *opProvider) GetUserByID(id string) *storage.User {
	for _, u := range p.users {
		if u.ID == id {
			return u
		}
	}
	return nil
}

func (p *opProvider) GetUserByUsername(name string) *storage.User { return p.users[name] }
func (p *opProvider) ExampleClientID() string                     { return "service" }

// opStorage is the provider's memory with claims of our own.
type opStorage struct {
	*storage.Storage
	provider *opProvider
	said     map[string]map[string]any
}

func (s opStorage) about(userID string) map[string]any {
	if u := s.provider.GetUserByID(userID); u != nil {
		return s.said[u.Username]
	}
	return nil
}

// SetUserinfoFromToken says at the endpoint for user info what the claims are.
func (s opStorage) SetUserinfoFromToken(ctx context.Context, info *oidc.UserInfo, tokenID, subject, origin string) error {
	if err := s.Storage.SetUserinfoFromToken(ctx, info, tokenID, subject, origin); err != nil {
		return err
	}
	for name, value := range s.about(subject) {
		info.AppendClaims(name, value)
	}
	return nil
}

// GetPrivateClaimsFromScopes puts the claims into access tokens.
func (s opStorage) GetPrivateClaimsFromScopes(_ context.Context, userID, _ string, _ []string) (map[string]any, error) {
	return s.about(userID), nil
}

// GetClientByClientID makes access tokens that are JWTs.
func (s opStorage) GetClientByClientID(ctx context.Context, id string) (op.Client, error) {
	c, err := s.Storage.GetClientByClientID(ctx, id)
	if err != nil {
		return nil, err
	}
	return jwtClient{c}, nil
}

type jwtClient struct{ op.Client }

func (jwtClient) AccessTokenType() op.AccessTokenType { return op.AccessTokenTypeJWT }
