package meaning

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/follow"
)

// Waiter waits for changes, as indexer.Waiter does.
type Waiter interface {
	Wait(ctx context.Context) error
}

// How vectors are made and kept.
const (
	textsAtOnce    = 16 // of a request to the server
	readAtOnce     = 500
	longestText    = 3_000 // characters of a record that are embedded
	shortestText   = 100   // a text that is refused is halved until it is shorter
	passagesTime   = time.Minute
	leaseTime      = 20 * time.Second // of the server that fills; past it another may, which costs a batch twice and no more
	lookForOthers  = 3 * time.Second  // how often what another fills is read
	keepOldVectors = 7 * 24 * time.Hour
	trimEvery      = time.Hour
)

// kinds are those whose records say what was done or is wanted. Names of committees,
// regions, persons and venues are found by their words.
var kinds = map[catalog.RecordKind]bool{
	catalog.KindCase: true, catalog.KindBrand: true, catalog.KindProposal: true, catalog.KindPractice: true,
	catalog.KindNeed: true, catalog.KindActivity: true,
}

// follower keeps a service's vectors up to date.
type follower struct {
	*Service
	cursor  catalog.Cursor
	wanted  map[catalog.ID][]byte // digests of the records that are to have a vector; nil before they are read
	looked  time.Time             // when it was last looked for what others have filled
	whole   bool                  // all that is wanted is there
	trimmed time.Time             // when what is no longer of use was removed last
}

// Follow keeps the vectors up to date until ctx ends, and returns nil then. It reads
// those that the store has, asks the server for the others, and goes on where it was
// stopped. What fails is tried again, after a second at first, after a minute at last.
// One goroutine follows.
func (s *Service) Follow(ctx context.Context, changes Waiter) error {
	f := &follower{Service: s}
	return follow.Loop(ctx, func(ctx context.Context) error { return f.step(ctx, changes) }, func(err error, again time.Duration) error {
		s.log.Warn("vectors of records could not be made", "error", err, "again_in", again)
		return nil
	})
}

func (f *follower) step(ctx context.Context, changes Waiter) error {
	if err := f.enter(ctx); err != nil {
		return err
	}
	if err := f.read(ctx); err != nil {
		return err
	}
	if err := f.fill(ctx); err != nil {
		return err
	}
	return changes.Wait(ctx)
}

// enter finds out how long the vectors are, where that is not known or has changed.
func (f *follower) enter(ctx context.Context) error {
	v, stale := f.space.Load(), f.stale.Load()
	if v != nil && !stale {
		return nil
	}
	n := f.client.settings.Dimensions
	if n == 0 {
		limit, cancel := context.WithTimeout(ctx, warming)
		defer cancel()
		at, err := f.client.Query(limit, probeText)
		if err == nil {
			n = len(at)
		} else if n, err = f.otherwise(ctx, err, stale); err != nil {
			return err
		}
	}
	f.stale.Store(false)
	if v == nil || v.dimensions != n {
		if v != nil {
			f.log.Warn("the model's vectors have another length; all are made anew", "before", v.dimensions, "now", n)
		}
		f.space.Store(newVectors(n))
		f.whole, f.looked = false, time.Time{}
		f.version.Add(1)
	}
	return nil
}

// otherwise returns the length of the vectors that the store has, where the server
// cannot be asked for it.
func (f *follower) otherwise(ctx context.Context, why error, stale bool) (int, error) {
	f.down(why)
	if stale {
		return 0, why
	}
	n, err := f.store.EmbeddingDimensions(ctx, f.client.settings.Model)
	if err == nil && n == 0 {
		err = why
	}
	return n, err
}

// read reads which records there are, and what has changed of them.
func (f *follower) read(ctx context.Context) error {
	if f.wanted == nil {
		if err := f.readAll(ctx); err != nil {
			return err
		}
	}
	for {
		changes, truncated, err := f.store.Changes(ctx, f.cursor, readAtOnce)
		if err != nil {
			return err
		}
		if truncated {
			f.wanted = nil
			return f.read(ctx)
		}
		if len(changes) == 0 {
			return nil
		}
		if err := f.apply(ctx, changes); err != nil {
			return err
		}
		f.cursor = changes[len(changes)-1].Cursor
	}
}

func (f *follower) readAll(ctx context.Context) error {
	wanted := map[catalog.ID][]byte{}
	var cursor catalog.Cursor
	err := f.store.Snapshot(ctx, 0, func(c catalog.Cursor) { cursor = c }, func(d *catalog.Document) error {
		if kinds[d.Kind] {
			wanted[d.ID] = f.digest(textOf(d))
		}
		return nil
	})
	if err != nil {
		return err
	}
	v := f.space.Load()
	v.mu.RLock()
	had := slices.Clone(v.ids)
	v.mu.RUnlock()
	for _, id := range had {
		if wanted[id] == nil {
			v.remove(id)
		}
	}
	f.cursor, f.wanted, f.whole, f.looked = cursor, wanted, false, time.Time{}
	f.Service.wanted.Store(int64(len(wanted)))
	return nil
}

// apply notes what changes make of the records. The vector of one that is public no
// longer goes at once.
func (f *follower) apply(ctx context.Context, changes []catalog.Change) error {
	ids := map[catalog.ID]bool{}
	for _, c := range changes {
		ids[c.RecordID] = true
	}
	documents, err := f.store.Documents(ctx, slices.Sorted(maps.Keys(ids)))
	if err != nil {
		return err
	}
	for _, d := range documents {
		if kinds[d.Kind] {
			delete(ids, d.ID)
			f.wanted[d.ID] = f.digest(textOf(d))
		}
	}
	var gone []catalog.ID
	for id := range ids {
		if f.wanted[id] != nil {
			gone = append(gone, id)
		}
	}
	if len(gone) > 0 {
		if err := f.store.RemoveEmbeddings(ctx, gone); err != nil {
			return err
		}
		for _, id := range gone {
			delete(f.wanted, id)
			f.space.Load().remove(id)
		}
		f.version.Add(1)
	}
	f.whole = false
	f.Service.wanted.Store(int64(len(f.wanted)))
	return nil
}

// missing returns the records whose vector is not there or is of another text.
func (f *follower) missing() (ids []catalog.ID) {
	v := f.space.Load()
	for id, digest := range f.wanted {
		if !bytes.Equal(v.digestOf(id), digest) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// fill gets what is missing: what the store has, and the rest from the server, where
// no other server of ours is at it.
func (f *follower) fill(ctx context.Context) error {
	if f.whole || time.Since(f.looked) < lookForOthers {
		return nil
	}
	f.looked = time.Now()
	if err := f.load(ctx, f.missing()); err != nil {
		return err
	}
	left := f.missing()
	v := f.space.Load()
	if len(left) > 0 {
		defer f.letOthers(ctx, v)
	}
	for len(left) > 0 {
		held, err := f.store.HoldEmbedding(ctx, f.spaceOf(v), f.holder, leaseTime)
		if err != nil || !held {
			return err
		}
		n := min(textsAtOnce, len(left))
		if err := f.make(ctx, v, left[:n]); err != nil {
			return err
		}
		if left = left[n:]; len(left) == 0 || f.space.Load() != v || f.stale.Load() {
			break
		}
	}
	if len(left) > 0 {
		return nil
	}
	f.looked = time.Time{} // what changes next is made at once
	if f.whole = len(f.missing()) == 0; !f.whole || time.Since(f.trimmed) < trimEvery {
		return nil
	}
	f.trimmed = time.Now()
	return f.store.TrimEmbeddings(ctx, f.spaceOf(v), keepOldVectors, slices.Sorted(maps.Keys(f.wanted)))
}

// letOthers ends the turn of filling, where it was this server's.
func (f *follower) letOthers(ctx context.Context, v *vectors) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	// Where that fails, the turn ends by itself.
	_, _ = f.store.HoldEmbedding(ctx, f.spaceOf(v), f.holder, 0)
}

// load reads what the store has of these.
func (f *follower) load(ctx context.Context, ids []catalog.ID) error {
	v := f.space.Load()
	for part := range slices.Chunk(ids, readAtOnce) {
		digests := make([][]byte, len(part))
		for i, id := range part {
			digests[i] = f.wanted[id]
		}
		found, err := f.store.Embeddings(ctx, f.spaceOf(v), part, digests)
		if err != nil {
			return err
		}
		for i := range found {
			v.put(&found[i])
		}
		if len(found) > 0 {
			f.version.Add(1)
		}
	}
	return nil
}

// make has the server make the vectors of these records.
func (f *follower) make(ctx context.Context, v *vectors, ids []catalog.ID) error {
	documents, err := f.store.Documents(ctx, ids)
	if err != nil {
		return err
	}
	texts := make([]string, len(documents))
	for i, d := range documents {
		texts[i] = textOf(d)
	}
	if len(texts) == 0 {
		return nil // they were withdrawn; the feed tells
	}
	made, err := f.passages(ctx, texts)
	if err != nil {
		return err
	}
	list := make([]catalog.Embedding, 0, len(made))
	for i, vector := range made {
		if vector == nil {
			f.log.Warn("the embeddings server refuses a record's text", "record", documents[i].ID)
			delete(f.wanted, documents[i].ID)
			continue
		}
		if len(vector) != v.dimensions {
			f.stale.Store(true)
			return fmt.Errorf("the embeddings server's vectors have %d dimensions, where those before had %d", len(vector), v.dimensions)
		}
		list = append(list, catalog.Embedding{Record: documents[i].ID, Digest: f.digest(texts[i]), Vector: vector})
	}
	if err := f.store.SaveEmbeddings(ctx, f.spaceOf(v), list); err != nil {
		return err
	}
	for i := range list {
		v.put(&list[i])
		f.wanted[list[i].Record] = list[i].Digest // it may have changed since the feed told
	}
	f.version.Add(1)
	return nil
}

// passages asks for the vectors of texts: of all together, and of each alone where the
// server refuses that; one that it refuses alone is halved until it does not, and has
// no vector where it is too short for that.
func (f *follower) passages(ctx context.Context, texts []string) ([][]float32, error) {
	limit, cancel := context.WithTimeout(ctx, passagesTime)
	made, err := f.client.Passages(limit, texts)
	cancel()
	switch {
	case err == nil || !tooLong(err):
		return made, err
	case len(texts) > 1:
		made = make([][]float32, len(texts))
		for i, t := range texts {
			one, err := f.passages(ctx, []string{t})
			if err != nil {
				return nil, err
			}
			made[i] = one[0]
		}
		return made, nil
	}
	r := []rune(texts[0])
	if len(r) < shortestText {
		if _, err := f.client.Passages(ctx, []string{probeText}); err != nil {
			return nil, err // it refuses whatever it is sent
		}
		return make([][]float32, 1), nil
	}
	return f.passages(ctx, []string{string(r[:len(r)/2])})
}

// digest is of all that a vector is made of, besides model and length.
func (f *follower) digest(text string) []byte {
	sum := sha256.Sum256([]byte(f.client.settings.PassagePrefix + "\n" + text))
	return sum[:]
}

// textOf returns what is embedded of a record: its title, and its texts in their order,
// as far as they go.
func textOf(d *catalog.Document) string {
	var b strings.Builder
	b.WriteString(d.Title)
	for _, field := range d.Fields {
		b.WriteString("\n")
		b.WriteString(field.Text)
	}
	return catalog.Cut(b.String(), longestText)
}
