package loaders

import (
	"fmt"
	"runtime/debug"
)

// Panic is what became of a function that panicked. Its text is for the log: it
// may hold anything.
type Panic struct {
	Value any
	Stack []byte
}

// Error returns what the function panicked with.
func (p *Panic) Error() string { return fmt.Sprintf("panic: %v", p.Value) }

// Guard calls f and returns its error, *Panic where it panics. A goroutine that is
// started within a request calls its work through it: nobody else recovers there,
// and one query's bug would end the server.
func Guard(f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &Panic{v, debug.Stack()}
		}
	}()
	return f()
}
