package server

import (
	"log/slog"
	"testing"

	"github.com/jisiguangyi/jisi/internal/pgtest"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler)) // the identity provider of the tests tells of each request
	pgtest.Main(m)
}
