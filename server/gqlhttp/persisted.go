package gqlhttp

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/jisiguangyi/jisi/catalog"
)

// Persisted are the documents that may be run where no others may: each text by
// its ids, one of which is its SHA-256 in hex.
type Persisted map[string]string

// ReadPersisted reads the documents of a folder: each .graphql file is one, and
// each .json file a list of them, as Relay's compiler ({"id": "text"}) or
// Apollo's tool ({"operations": [{"id": …, "body": "text"}]}) writes it. All that
// is wrong with them, also that they do not fit the schema of the SDL, is in the one
// error.
func ReadPersisted(folder fs.FS, sdl string) (Persisted, error) {
	schema, err := gqlparser.LoadSchema(&ast.Source{Input: sdl})
	if err != nil {
		return nil, err
	}
	p := Persisted{}
	var problems []error
	err = fs.WalkDir(folder, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(folder, name)
		if err != nil {
			return err
		}
		switch path.Ext(name) {
		case ".graphql":
			err = p.add(schema, "", string(text))
		case ".json":
			err = p.addManifest(schema, text)
		default:
			return nil
		}
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", name, err))
		}
		return nil
	})
	if err := errors.Join(append(problems, err)...); err != nil {
		return nil, err
	}
	if len(p) == 0 {
		return nil, errors.New("there is no document in the folder of persisted queries")
	}
	return p, nil
}

// add adds a document under its hash, and its id where it has one. A text that
// differs in the space around it only is the same one.
func (p Persisted) add(schema *ast.Schema, id, text string) error {
	if _, err := gqlparser.LoadQueryWithRules(schema, text, nil); err != nil {
		return err
	}
	for _, form := range []string{text, strings.TrimSpace(text)} {
		p[hashOf(form)] = text
	}
	if id != "" {
		p[id] = text
	}
	return nil
}

func (p Persisted) addManifest(schema *ast.Schema, content []byte) error {
	var apollo struct {
		Operations []struct{ ID, Body string }
	}
	documents := map[string]string{}
	if json.Unmarshal(content, &apollo) == nil && apollo.Operations != nil {
		for _, o := range apollo.Operations {
			documents[o.ID] = o.Body
		}
	} else if err := json.Unmarshal(content, &documents); err != nil {
		return err
	}
	var problems []error
	for id, text := range documents {
		if err := p.add(schema, id, text); err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", id, err))
		}
	}
	return errors.Join(problems...)
}

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

type ownKey struct{}

// ownQuery marks an operation of the server's own pages, which need not be
// registered.
func ownQuery(ctx context.Context) context.Context { return context.WithValue(ctx, ownKey{}, true) }

func isOwnQuery(ctx context.Context) bool {
	own, _ := ctx.Value(ownKey{}).(bool)
	return own
}

// registeredOnly refuses every document that is not registered.
type registeredOnly struct{ documents Persisted }

var _ graphql.OperationParameterMutator = registeredOnly{}

func (registeredOnly) ExtensionName() string                   { return "RegisteredOnly" }
func (registeredOnly) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters puts the text in where only its id was sent.
func (o registeredOnly) MutateOperationParameters(ctx context.Context, p *graphql.RawParams) *gqlerror.Error {
	if isOwnQuery(ctx) {
		return nil
	}
	id := ""
	if p.Query != "" {
		id = hashOf(strings.TrimSpace(p.Query))
	} else if named, ok := p.Extensions["persistedQuery"].(map[string]any); ok {
		id, _ = named["sha256Hash"].(string)
	}
	text, ok := o.documents[id]
	if !ok {
		return notRegistered()
	}
	p.Query, p.Extensions = text, nil // it is not to be registered by its sender
	return nil
}

func notRegistered() *gqlerror.Error {
	e := &catalog.Error{
		Kind: "PERSISTED_QUERY_REQUIRED",
		Zh:   "本服务器只执行登记过的查询",
		En:   "this server runs registered queries only",
	}
	err := gqlerror.Wrap(e)
	err.Extensions = map[string]any{"code": string(e.Kind)}
	return err
}
