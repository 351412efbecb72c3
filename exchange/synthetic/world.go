package synthetic

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"sort"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/data"
	"github.com/jisiguangyi/jisi/exchange/jsonl"
	"github.com/jisiguangyi/jisi/exchange/text"
)

// committee is a real one, from the records that come with the binary.
type committee struct {
	slug, region string
	level        catalog.Level
	titles       titles
}

// world is what synthetic records refer to. It does not change once loaded.
type world struct {
	committees []committee
	topics     map[string]bool // slugs
}

// loadWorld reads the committees and topics.
func loadWorld() (*world, error) {
	w := &world{topics: map[string]bool{}}
	for name, r := range data.Records() {
		if name != "committees.jsonl" && name != "topics.jsonl" {
			continue
		}
		if err := w.read(r); err != nil {
			return nil, fmt.Errorf("synthetic: read %s: %w", name, err)
		}
	}
	if len(w.committees) < 2 {
		return nil, fmt.Errorf("synthetic: there are %d committees; adoptions need 2", len(w.committees))
	}
	return w, nil
}

func (w *world) read(r io.Reader) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, text.MaxLine)
	for lines.Scan() {
		if len(lines.Bytes()) == 0 {
			continue
		}
		in, err := jsonl.Decode(lines.Bytes())
		if err != nil {
			return err
		}
		switch in := in.(type) {
		case *catalog.CommitteeInput:
			w.committees = append(w.committees, committee{in.Slug, in.Region, in.Level, titlesOf(in)})
		case *catalog.TopicInput:
			w.topics[in.Slug] = true
		}
	}
	return lines.Err()
}

// titlesOf speaks of a committee by its level alone: 县政协, not its name.
func titlesOf(in *catalog.CommitteeInput) titles {
	unit := "市"
	switch before := strings.TrimSuffix(in.Name, "政协"); {
	case in.Level == catalog.LevelProvince:
		unit = "省"
	case strings.HasSuffix(before, "州"):
		unit = "州"
	case strings.HasSuffix(before, "县"):
		unit = "县"
	case strings.HasSuffix(before, "区"):
		unit = "区"
	}
	return titles{"全" + unit, unit + "政协", unit + "委" + unit + "政府"}
}

// shares assigns each of n things a share, falling as n^-0.5 in an order of the
// seed's own: some committees are busier than others, none is idle. The shares
// are summed up, the last being 1.
func shares(n int, random *rand.Rand) []float64 {
	sums := make([]float64, n)
	sum := 0.0
	for i, rank := range random.Perm(n) {
		sum += 1 / math.Sqrt(float64(rank+1))
		sums[i] = sum
	}
	for i := range sums {
		sums[i] /= sum
	}
	return sums
}

func draw(sums []float64, random *rand.Rand) int {
	return min(sort.SearchFloat64s(sums, random.Float64()), len(sums)-1)
}
