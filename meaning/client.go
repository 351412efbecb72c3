package meaning

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Settings say which server makes the vectors, and of what. The zero value is no server.
type Settings struct {
	URL           string        // as in http://127.0.0.1:11434/v1
	Model         string        // as the server calls it
	Key           string        // sent as a bearer; "" sends none
	Dimensions    int           // asked for, and insisted on; 0 takes what the model has
	QueryPrefix   string        // written before what is asked, where the model wants one
	PassagePrefix string        // the same before a record's text
	Budget        time.Duration // how long a search waits for the server
}

// Client asks a server of embeddings. It is safe for concurrent use; NewClient makes one.
type Client struct {
	settings Settings
	address  string
	http     *http.Client
}

// answerBytes bounds an answer: 64 vectors of 8,192 numbers of 24 characters.
const answerBytes = 16 << 20

// NewClient returns a client, or an error for an address that is none.
func NewClient(s Settings) (*Client, error) {
	u, err := url.Parse(s.URL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, errors.New("the address of the embeddings server is none")
	}
	path := strings.TrimRight(u.Path, "/")
	switch {
	case strings.HasSuffix(path, "/embeddings"):
	case path == "":
		path = "/v1/embeddings"
	default:
		path += "/embeddings"
	}
	u.Path = path
	transport, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return nil, fmt.Errorf("the default transport is a %T", http.DefaultTransport)
	}
	transport = transport.Clone()
	transport.MaxIdleConnsPerHost = queriesAtOnce
	return &Client{settings: s, address: u.String(), http: &http.Client{
		Transport: transport,
		// Elsewhere the key would be told to somebody else.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// refusal is an answer of the server that is no vectors.
type refusal struct {
	status int    // of HTTP
	why    string // what is wrong with an answer of status 200
}

func (r *refusal) Error() string {
	if r.status != http.StatusOK {
		return fmt.Sprintf("the embeddings server answered with status %d", r.status)
	}
	return "the embeddings server's answer is not what was asked for: " + r.why
}

// tooLong reports whether a server refused what was sent for what it is, as one does
// a text that is longer than its model takes.
func tooLong(err error) bool {
	var r *refusal
	return errors.As(err, &r) && (r.status == http.StatusBadRequest || r.status == http.StatusRequestEntityTooLarge || r.status == http.StatusUnprocessableEntity)
}

// embedRequest is what OpenAI's API takes.
type embedRequest struct {
	Model      string   `json:"model"`
	Input      []string `json:"input"`
	Format     string   `json:"encoding_format"`
	Dimensions int      `json:"dimensions,omitempty"`
}

// embedAnswer is what it returns. A vector that is not a list of numbers, as in
// base64, which was not asked for, is an error.
type embedAnswer struct {
	Data []struct {
		Index     *int      `json:"index"`
		Embedding []float32 `json:"embedding"`
	} `json:"data"`
}

// Query returns the vector of what somebody asks, of length 1.
func (c *Client) Query(ctx context.Context, text string) ([]float32, error) {
	vectors, err := c.embed(ctx, []string{c.settings.QueryPrefix + text})
	if err != nil {
		return nil, err
	}
	return vectors[0], nil
}

// Passages returns the vectors of records' texts, each of length 1.
func (c *Client) Passages(ctx context.Context, texts []string) ([][]float32, error) {
	prefixed := make([]string, len(texts))
	for i, t := range texts {
		prefixed[i] = c.settings.PassagePrefix + t
	}
	return c.embed(ctx, prefixed)
}

func (c *Client) embed(ctx context.Context, texts []string) ([][]float32, error) {
	body, err := json.Marshal(embedRequest{c.settings.Model, texts, "float", c.settings.Dimensions})
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.address, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	if c.settings.Key != "" {
		r.Header.Set("Authorization", "Bearer "+c.settings.Key)
	}
	answer, err := c.http.Do(r)
	if err != nil {
		var u *url.Error
		if errors.As(err, &u) {
			err = u.Err // it quotes the address, which may hold a password
		}
		return nil, fmt.Errorf("ask the embeddings server: %w", err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		_, _ = io.CopyN(io.Discard, answer.Body, 64<<10) // so that the connection can be used again
		return nil, &refusal{status: answer.StatusCode}
	}
	text, err := io.ReadAll(io.LimitReader(answer.Body, answerBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read the embeddings server's answer: %w", err)
	}
	if len(text) > answerBytes {
		return nil, &refusal{http.StatusOK, "it is longer than 16 MB"}
	}
	var got embedAnswer
	if err := json.Unmarshal(text, &got); err != nil {
		return nil, &refusal{http.StatusOK, "it is no JSON of vectors of numbers"}
	}
	return c.vectors(got, len(texts))
}

// vectors puts an answer's vectors into the order of the texts.
func (c *Client) vectors(got embedAnswer, n int) ([][]float32, error) {
	wrong := func(format string, args ...any) ([][]float32, error) {
		return nil, &refusal{http.StatusOK, fmt.Sprintf(format, args...)}
	}
	if len(got.Data) != n {
		return wrong("%d vectors for %d texts", len(got.Data), n)
	}
	out := make([][]float32, n)
	for i, d := range got.Data {
		if d.Index != nil {
			i = *d.Index
		}
		switch {
		case i < 0 || i >= n || out[i] != nil:
			return wrong("a vector for text %d", i)
		case len(d.Embedding) == 0 || len(d.Embedding) != len(got.Data[0].Embedding):
			return wrong("vectors of lengths %d and %d", len(got.Data[0].Embedding), len(d.Embedding))
		case c.settings.Dimensions != 0 && len(d.Embedding) != c.settings.Dimensions:
			return wrong("vectors of length %d, not %d", len(d.Embedding), c.settings.Dimensions)
		}
		if out[i] = unit(d.Embedding); out[i] == nil {
			return wrong("a vector without a direction")
		}
	}
	return out, nil
}

// unit makes a vector's length 1; nil where it has none or holds what is no number.
func unit(v []float32) []float32 {
	sum := 0.0
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	if sum == 0 || math.IsNaN(sum) || math.IsInf(sum, 0) {
		return nil
	}
	by := float32(1 / math.Sqrt(sum))
	for i := range v {
		v[i] *= by
	}
	return v
}
