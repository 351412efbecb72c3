// Package meaningtest serves OpenAI's /v1/embeddings for tests and demonstrations. Its
// vectors are hashes of words, with a table written by hand that has lay and office
// words for the same thing stand at the same place (words.go). It shows that the
// protocol, the falling back and the ordering work; how well a real model would find is
// not measured with it.
package meaningtest

import (
	"encoding/base64"
	"encoding/json"
	"hash/fnv"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode"
)

// Manner is how a server answers.
type Manner int

// The manners of a server: well, or in one of the ways in which real ones fail.
const (
	Well         Manner = iota
	Unauthorized        // 401
	Limited             // 429
	Failing             // 500
	Slow                // after Wait
	OtherLength         // vectors twice as long
	Fewer               // one vector too few
	Base64              // vectors as texts, which was not asked for
	NoJSON              // something else altogether
	Repeated            // two vectors for the first text
	NothingAtAll        // zeros, which point nowhere
	manners
)

// Manners are all of them.
func Manners() (all []Manner) {
	for m := range manners {
		all = append(all, m)
	}
	return all
}

// Server answers as an embeddings server does. Its zero value answers well, with vectors
// of 256 numbers, to whoever asks for any model; it is safe for concurrent use. Its
// fields other than atomic ones are set before it serves.
type Server struct {
	Key  string // that callers must bring; "" lets all in
	Wait time.Duration

	Manner     atomic.Int32 // a Manner
	Dimensions atomic.Int32 // 0 is 256
	Longest    atomic.Int32 // code points of a text; longer ones are refused with 413; 0 takes all
	Asked      atomic.Int64 // requests

	mu   sync.Mutex
	sent []string
}

// Sent returns all texts that the server was sent.
func (s *Server) Sent() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.sent...)
}

type request struct {
	Model      string   `json:"model"`
	Input      []string `json:"input"`
	Format     string   `json:"encoding_format"`
	Dimensions int      `json:"dimensions"`
}

type embedding struct {
	Object    string `json:"object"`
	Index     int    `json:"index"`
	Embedding any    `json:"embedding"`
}

// ServeHTTP answers a request for embeddings.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.Asked.Add(1)
	var in request
	if r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, "/v1/embeddings") || json.NewDecoder(r.Body).Decode(&in) != nil || in.Model == "" {
		http.Error(w, `{"error":{"message":"not a request for embeddings"}}`, http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	s.sent = append(s.sent, in.Input...)
	s.mu.Unlock()
	if s.Key != "" && r.Header.Get("Authorization") != "Bearer "+s.Key {
		http.Error(w, `{"error":{"message":"a key is needed"}}`, http.StatusUnauthorized)
		return
	}
	manner := Manner(s.Manner.Load())
	switch manner {
	case Unauthorized:
		http.Error(w, `{"error":{"message":"a key is needed"}}`, http.StatusUnauthorized)
		return
	case Limited:
		http.Error(w, `{"error":{"message":"too many requests"}}`, http.StatusTooManyRequests)
		return
	case Failing:
		http.Error(w, `{"error":{"message":"no memory is left"}}`, http.StatusInternalServerError)
		return
	case NoJSON:
		_, _ = w.Write([]byte("<html>a proxy's page</html>"))
		return
	case Slow:
		select {
		case <-time.After(s.Wait):
		case <-r.Context().Done():
			return
		}
	}
	for _, text := range in.Input {
		if longest := int(s.Longest.Load()); longest > 0 && len([]rune(text)) > longest {
			http.Error(w, `{"error":{"message":"the text is too long"}}`, http.StatusRequestEntityTooLarge)
			return
		}
	}
	s.write(w, in, manner)
}

func (s *Server) write(w http.ResponseWriter, in request, manner Manner) {
	n := int(s.Dimensions.Load())
	if n == 0 {
		n = 256
	}
	if in.Dimensions != 0 {
		n = in.Dimensions
	}
	if manner == OtherLength {
		n *= 2
	}
	data := make([]embedding, 0, len(in.Input))
	for i, text := range in.Input {
		e := embedding{"embedding", i, Vector(text, n)}
		switch manner {
		case Repeated:
			e.Index = 0
		case NothingAtAll:
			e.Embedding = make([]float32, n)
		case Base64:
			e.Embedding = base64.StdEncoding.EncodeToString(make([]byte, 4*n))
		}
		data = append(data, e)
	}
	switch manner {
	case Fewer:
		data = data[:len(data)-1]
	case Repeated:
		data = append(data, data[0])
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"object": "list", "model": in.Model, "data": data})
}

// How much a thing of the table weighs, and a pair of characters.
const (
	weightThing = 1.0
	weightPair  = 0.12
)

// Vector returns a text's vector: the sum of a direction for each thing of the table
// that is named in it, and, lightly, for each pair of characters.
func Vector(text string, dimensions int) []float32 {
	v := make([]float32, dimensions)
	for name, words := range things {
		for _, word := range words {
			if strings.Contains(text, word) {
				add(v, "thing "+name, weightThing)
				break
			}
		}
	}
	seen := map[string]bool{}
	r := []rune(text)
	for i := range len(r) - 1 {
		if pair := string(r[i : i+2]); unicode.Is(unicode.Han, r[i]) && unicode.Is(unicode.Han, r[i+1]) && !seen[pair] && len(seen) < 400 {
			seen[pair] = true
			add(v, pair, weightPair)
		}
	}
	add(v, "text", 0.05) // so that no text is without a direction
	return v
}

// add adds the direction that a name has by its hash.
func add(v []float32, name string, weight float32) {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name))
	random := rand.New(rand.NewPCG(h.Sum64(), 20)) //nolint:gosec // a hash, not a secret
	for i := range v {
		v[i] += weight * float32(random.NormFloat64())
	}
}
