package browser

import "testing"

// charts draws every table that has a chart, in colours of the time of day.
func charts(s *stage, t *testing.T) {
	b := s.tab(t)
	for path, least := range map[string]int{"/research": 4, "/research?rows=YEAR&columns=STEP": 4, "/research/words": 2} {
		b.visit(path, 200)
		if n := b.count("[data-chart]"); n < least {
			t.Fatalf("%s has %d charts", path, n)
		}
		b.wait(`document.querySelectorAll('[data-drawn]:has(.chart canvas)').length === document.querySelectorAll('[data-chart]').length`)
		if empty := b.count("[data-drawn='0']"); empty != 0 {
			t.Errorf("%s: %d charts draw nothing", path, empty)
		}
		if blank := eval[int](b, blankCharts); blank != 0 {
			t.Errorf("%s: %d charts have pixels of one colour only", path, blank)
		}
		eval[int](b, `(document.querySelectorAll('[data-picture] + button').forEach(button => button.click()), 1)`)
		b.wait(`document.querySelectorAll('[data-picture] + button[data-made]').length === document.querySelectorAll('[data-picture]').length`)
		if small := eval[int](b, `[...document.querySelectorAll('[data-picture] + button')].filter(button => button.dataset.made < 5000).length`); small != 0 {
			t.Errorf("%s: %d pictures are PNGs of next to nothing", path, small)
		}
		light := eval[string](b, `document.querySelector('.chart canvas').toDataURL()`)
		b.do(Look(Telephone, 900, true))
		b.wait(`document.querySelector('.chart canvas').toDataURL() !== ` + quoted(light))
		b.do(Look(Desk, 900, false))
	}
	b.visit("/research?from=2099", 200) // nothing to draw
	if n := b.count("[data-chart]"); n != 0 {
		t.Errorf("%d charts of nothing", n)
	}
}

// blankCharts counts the canvases on which nothing can be seen.
const blankCharts = `[...document.querySelectorAll('.chart canvas')].filter(c => {
	const pixels = new Uint32Array(c.getContext('2d').getImageData(0, 0, c.width, c.height).data.buffer);
	return pixels.every(p => p === pixels[0]);
}).length`
