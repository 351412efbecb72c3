package corpus

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
)

// worthwhile is how many documents a goroutine of its own is worth.
const worthwhile = 500

// workers is how many goroutines to count n documents with.
func workers(n int) int { return max(1, min(runtime.GOMAXPROCS(0), n/worthwhile)) }

// inParallel calls work with the parts of 0..n, each in a goroutine, waits for all
// and returns the error of the first part that has one. A panic in there is such an
// error, a *Panic: nobody else could recover it, and the process would end. Parts
// but the last are multiples of 64 long, so that sets of bits can be filled without
// two goroutines in one word.
func inParallel(n, parts int, work func(part, from, to int) error) error {
	size := (n/parts + 64) / 64 * 64
	failed := make([]error, parts)
	var all sync.WaitGroup
	for i := range parts {
		all.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					failed[i] = &Panic{Value: p, Stack: debug.Stack()}
				}
			}()
			// Of this goroutine: what it reads is mapped from files, which may be damaged.
			defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
			failed[i] = work(i, min(i*size, n), min((i+1)*size, n))
		})
	}
	all.Wait()
	for _, err := range failed {
		if err != nil {
			return err
		}
	}
	return nil
}

// Panic is a panic of a goroutine that an analysis started.
type Panic struct {
	Value any
	Stack []byte
}

func (p *Panic) Error() string { return fmt.Sprintf("panic: %v", p.Value) }
