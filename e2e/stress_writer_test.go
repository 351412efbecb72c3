package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync/atomic"
	"time"
)

// front are the servers as writers see them: addresses, some of which may be
// down at the moment.
type front struct {
	urls   []atomic.Pointer[string]
	client *http.Client

	left    atomic.Int64 // changes still to be made
	retries atomic.Int64 // requests that had no answer and were sent again
	acked   atomic.Int64 // changes that a server has answered for
	last    atomic.Int64 // when the last was, in nanoseconds
	longest atomic.Int64 // the longest time between two
	resumed atomic.Int64 // when that ended
}

// acknowledged notes that a server has answered for a change.
func (f *front) acknowledged() time.Time {
	now := time.Now()
	if before := f.last.Swap(now.UnixNano()); before != 0 {
		between := now.UnixNano() - before
		for most := f.longest.Load(); between > most; most = f.longest.Load() {
			if f.longest.CompareAndSwap(most, between) {
				f.resumed.Store(now.UnixNano())
				break
			}
		}
	}
	f.acked.Add(1)
	return now
}

// silence returns the longest time without an acknowledgement since it was last asked,
// and when that ended.
func (f *front) silence() (longest time.Duration, ended time.Time) {
	return time.Duration(f.longest.Swap(0)), time.Unix(0, f.resumed.Load())
}

// acknowledged is a change that a server has answered for.
type acknowledged struct {
	id       string
	version  int
	marker   string // the text that it wrote; "" where it changed the state only
	at       time.Time
	attempts int // requests that it took
}

// held is a record as its writer knows it.
type held struct {
	id, status string
	version    int
}

// stressWriter makes changes and remembers which were acknowledged.
type stressWriter struct {
	name, token string
	front       *front
	random      *rand.Rand
	own         []*held
	shared      *held // the committee's case, which others change as well

	sent      int
	attempts  int // of the last that was sent
	acks      []acknowledged
	conflicts int
	times     []time.Duration
}

// reply is a mutation's payload, or why there is none.
type reply struct {
	Data *struct {
		Changed struct {
			Version *int
			Record  *struct {
				ID, Status string
			}
			UserErrors []struct {
				Code, Message string
				Conflict      *struct{ Version int }
			}
		}
	}
	Errors []struct {
		Message    string
		Extensions struct{ Code string }
	}
}

// write makes changes until none is left to be made.
func (w *stressWriter) write(ctx context.Context) error {
	for w.front.left.Add(-1) >= 0 {
		var err error
		switch {
		case w.random.IntN(10) == 0:
			err = w.changeShared(ctx)
		case len(w.own) == 0 || w.random.IntN(3) == 0:
			err = w.create(ctx)
		default:
			err = w.change(ctx, w.own[w.random.IntN(len(w.own))])
		}
		if err != nil {
			return fmt.Errorf("%s: %w", w.name, err)
		}
	}
	return nil
}

// mark makes a text that no other change writes.
func (w *stressWriter) mark() string {
	return fmt.Sprintf("合成压力数据 %s 第 %d 次", w.name, w.sent)
}

func (w *stressWriter) input(marker string) map[string]any {
	return map[string]any{"title": "合成压力案例：老旧小区加装电梯", "summary": marker, "background": "此为测试数据，" + marker, "topics": []string{"minsheng"}}
}

func (w *stressWriter) create(ctx context.Context) error {
	marker := w.mark()
	got, err := w.must(ctx, `mutation($input: CaseInput!) { changed: createCase(input: $input)`, map[string]any{"input": w.input(marker)})
	if err != nil {
		return err
	}
	h := &held{}
	w.own = append(w.own, h)
	return w.acknowledge(h, got, marker)
}

// change takes a case of the writer's own a step further.
func (w *stressWriter) change(ctx context.Context, h *held) error {
	steps := map[string][]string{
		"DRAFT":     {"update", "update", "submit", "submit"},
		"IN_REVIEW": {"update", "publish", "publish", "publish", "return"},
		"PUBLISHED": {"update", "update", "update", "archive"},
		"ARCHIVED":  {"restore"},
	}[h.status]
	variables := map[string]any{"id": h.id, "version": h.version}
	marker := ""
	step, args := steps[w.random.IntN(len(steps))], ""
	head := `mutation($id: ID!, $version: Int!`
	switch step {
	case "update":
		marker = w.mark()
		head, args, variables["input"] = head+`, $input: CaseInput!`, `, input: $input`, w.input(marker)
	case "return", "archive":
		args = `, reason: "合成压力测试"`
	case "restore":
		args = `, revision: 1`
	}
	got, err := w.must(ctx, head+`) { changed: `+step+`Case(id: $id, version: $version`+args+`)`, variables)
	if err != nil {
		return err
	}
	return w.acknowledge(h, got, marker)
}

// changeShared changes a case that others change at the same time: who was not
// the quickest learns the version and has made no change.
func (w *stressWriter) changeShared(ctx context.Context) error {
	marker := w.mark()
	variables := map[string]any{"id": w.shared.id, "version": w.shared.version, "input": w.input(marker)}
	got, err := w.send(ctx, `mutation($id: ID!, $version: Int!, $input: CaseInput!) { changed: updateCase(id: $id, version: $version, input: $input)`, variables)
	if err != nil {
		return err
	}
	if errs := got.Data.Changed.UserErrors; len(errs) == 1 && errs[0].Code == "CONFLICT" {
		w.conflicts++
		w.shared.version = errs[0].Conflict.Version
		return nil
	}
	return w.acknowledge(w.shared, got, marker)
}

// must sends a change that nobody can be in the way of.
func (w *stressWriter) must(ctx context.Context, mutation string, variables map[string]any) (*reply, error) {
	got, err := w.send(ctx, mutation, variables)
	if err == nil && len(got.Data.Changed.UserErrors) > 0 {
		err = fmt.Errorf("%s with %v: %+v", mutation, variables, got.Data.Changed.UserErrors)
	}
	return got, err
}

func (w *stressWriter) acknowledge(h *held, got *reply, marker string) error {
	changed := got.Data.Changed
	if changed.Record == nil || changed.Version == nil {
		return fmt.Errorf("neither a record nor an error: %+v", changed)
	}
	h.id, h.status, h.version = changed.Record.ID, changed.Record.Status, *changed.Version
	w.acks = append(w.acks, acknowledged{h.id, h.version, marker, w.front.acknowledged(), w.attempts})
	return nil
}

// send sends a change until a server answers for it, each time with the same
// key: whether one that gave no answer has made it, nobody needs to know.
func (w *stressWriter) send(ctx context.Context, mutation string, variables map[string]any) (*reply, error) {
	w.sent++
	key := fmt.Sprintf("%s-%d", w.token[len(w.token)-8:], w.sent)
	body, err := json.Marshal(map[string]any{"query": mutation + ` { version record { id status } userErrors { code message conflict { version } } } }`, "variables": variables})
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	start := time.Now()
	for w.attempts = 1; ; w.attempts++ {
		if w.attempts > 1 {
			w.front.retries.Add(1)
			select { // it is down; another may be up by then
			case <-ctx.Done():
				return nil, fmt.Errorf("no server has answered %s", mutation)
			case <-time.After(50 * time.Millisecond):
			}
		}
		got, err := w.once(ctx, key, body)
		if err != nil {
			continue
		}
		if got.Errors == nil {
			w.times = append(w.times, time.Since(start))
			return got, nil
		}
		if code := got.Errors[0].Extensions.Code; !slices.Contains([]string{"UNAVAILABLE", "LIMIT"}, code) {
			return nil, fmt.Errorf("%s: %+v", mutation, got.Errors)
		}
	}
}

// once sends a request to one of the servers. Its error is that there was no
// answer.
func (w *stressWriter) once(ctx context.Context, key string, body []byte) (*reply, error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	url := *w.front.urls[w.random.IntN(len(w.front.urls))].Load()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/graphql", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+w.token)
	r.Header.Set("Idempotency-Key", key)
	response, err := w.front.client.Do(r)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	got := &reply{}
	if err := json.Unmarshal(text, got); err != nil {
		return nil, fmt.Errorf("%w: %s", err, text)
	}
	if got.Data == nil && got.Errors == nil {
		return nil, fmt.Errorf("neither data nor errors: %s", text)
	}
	return got, nil
}
