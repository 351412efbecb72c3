package indexer

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/synthetic"
)

// nearProblem is a problem with the cases that answer it, by their slugs or by a topic
// that they name themselves; one that has neither is answered by none.
type nearProblem struct {
	Form    string   `json:"form"` // lay or formal
	Problem string   `json:"problem"`
	Slugs   []string `json:"slugs"`
	Topics  []string `json:"topics"`
}

func (p *nearProblem) none() bool { return len(p.Slugs)+len(p.Topics) == 0 }

// nearFolds is how many folds the problems are dealt into, a pair of lay and formal ones
// about the same matter into the same.
const nearFolds = 5

// nearHit is a hit as the threshold sees it.
type nearHit struct {
	right  bool
	always bool    // near for another reason than the weight of shared words
	few    bool    // one word of several, which is never near by itself
	share  float64 // what the shared words weigh
}

func (h nearHit) near(threshold float64) bool { return h.always || !h.few && h.share >= threshold }

// judgedNear are the hits of each problem.
type judgedNear struct {
	problem nearProblem
	fold    int
	hits    []nearHit
	why     string // the first hit, or the first that is right, with its share and reasons
}

// right reports whether a problem is answered rightly at a threshold: one with an answer
// by a near case that answers it, one without by no near case.
func (j *judgedNear) right(threshold float64) bool {
	for _, h := range j.hits {
		if h.near(threshold) && (j.problem.none() || h.right) {
			return !j.problem.none()
		}
	}
	return j.problem.none()
}

func judgeNear(t *testing.T) (all []judgedNear, as []bool) {
	t.Helper()
	var made bytes.Buffer
	if err := synthetic.Write(t.Context(), &made, synthetic.Options{Cases: 116, Seed: 20}); err != nil {
		t.Fatal(err)
	}
	r := openRanking(t, readRecords(t, "generated", &made)...)
	f, err := os.Open("testdata/ranking/near.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for d := json.NewDecoder(f); d.More(); {
		j := judgedNear{fold: len(all) / 2 % nearFolds}
		if err := d.Decode(&j.problem); err != nil {
			t.Fatal(err)
		}
		hits, err := r.index.Peers(t.Context(), catalog.PeerQuery{Problem: j.problem.Problem, First: 10})
		if err != nil {
			t.Fatal(err)
		}
		said := j.problem.none()
		for _, h := range hits {
			one := nearHit{share: h.Shared}
			one.right = slices.Contains(j.problem.Slugs, r.slugs[h.ID]) || slices.ContainsFunc(r.topics[h.ID], func(topic string) bool { return slices.Contains(j.problem.Topics, topic) })
			near := false
			for _, reason := range h.Reasons {
				near = near || reason.Near()
				switch {
				case reason.Kind == catalog.ReasonSharedTopic || strings.HasPrefix(reason.Text, "问题说"):
					one.always = true
				case reason.Kind == catalog.ReasonSharedWords:
					one.few = strings.Count(reason.Text, "“") < 2
				}
			}
			if near && (j.problem.none() || one.right) {
				said = !j.problem.none()
			}
			j.hits = append(j.hits, one)
			if j.why == "" && (j.problem.none() && near || one.right) {
				j.why = fmt.Sprintf("%s %.2f %v", r.slugs[h.ID], h.Shared, h.Reasons[0].Text)
			}
		}
		all, as = append(all, j), append(as, said)
	}
	return all, as
}

// bestThreshold returns the threshold with most problems right, the lowest of equals.
func bestThreshold(all []judgedNear, fold int) (best float64) {
	most := -1
	for step := 10; step <= 70; step++ {
		threshold, n := float64(step)/100, 0
		for i := range all {
			if all[i].fold != fold && all[i].right(threshold) {
				n++
			}
		}
		if n > most {
			best, most = threshold, n
		}
	}
	return best
}

func TestWhereNothingAnswersAProblemItIsSaid(t *testing.T) {
	all, as := judgeNear(t)
	var lines []string
	count := func(name string, right func(i int) bool) (none, kept int) {
		form := map[string]int{}
		for i := range all {
			switch {
			case !right(i):
				form["wrong "+all[i].problem.Form]++
			case all[i].problem.none():
				none++
			default:
				kept++
			}
		}
		lines = append(lines, fmt.Sprintf("%-28s none right %d of 30, answers kept %d of 30, wrong: lay %d, formal %d", name, none, kept, form["wrong lay"], form["wrong formal"]))
		return none, kept
	}
	none, kept := count("as the server says", func(i int) bool { return as[i] })
	for _, threshold := range []float64{0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6} {
		count(fmt.Sprintf("threshold %.2f", threshold), func(i int) bool { return all[i].right(threshold) })
	}
	folds := make([]float64, nearFolds)
	for fold := range folds {
		folds[fold] = bestThreshold(all, fold)
	}
	count(fmt.Sprintf("fitted on others %v", folds), func(i int) bool { return all[i].right(folds[all[i].fold]) })
	lines = append(lines, "")
	for i := range all {
		if !as[i] {
			lines = append(lines, fmt.Sprintf("wrong\t%s\t%s\t%s", all[i].problem.Form, all[i].problem.Problem, all[i].why))
		}
	}
	golden(t, "testdata/ranking/near.txt", strings.Join(lines, "\n")+"\n")
	if none < 27 || kept < 27 {
		t.Errorf("of 30 problems that nothing answers %d are said to be so, of 30 others %d are answered; want 27 of each", none, kept)
	}
}
