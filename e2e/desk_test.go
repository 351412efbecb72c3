package e2e

import "testing"

// TestAtTheDesk tries what people have on their desks against one server.
func TestAtTheDesk(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	s := p.serve(t)
	t.Run("query", func(t *testing.T) { testQuery(t, p, s) })
}
