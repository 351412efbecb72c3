package model_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/jisiguangyi/jisi/graph/model"
)

func TestDateTimesAreUTC(t *testing.T) {
	var b bytes.Buffer
	model.MarshalDateTime(time.Date(2026, 11, 22, 8, 0, 0, 0, time.FixedZone("CST", 8*3600))).MarshalGQL(&b)
	if got := b.String(); got != `"2026-11-22T00:00:00Z"` {
		t.Errorf("%s", got)
	}
}
