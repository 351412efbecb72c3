package pgtest_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/internal/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

func connect(t testing.TB, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := conn.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return conn
}

func migrate(ctx context.Context, url string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, `CREATE TABLE note (id int PRIMARY KEY, text text NOT NULL)`)
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}

func TestEachTestHasADatabaseOfItsOwn(t *testing.T) {
	one, two := connect(t, pgtest.New(t, migrate)), connect(t, pgtest.New(t, migrate))
	if _, err := one.Exec(t.Context(), `INSERT INTO note VALUES (1, '一')`); err != nil {
		t.Fatal(err)
	}
	var n int
	if err := two.QueryRow(t.Context(), `SELECT count(*) FROM note`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	if n != 0 {
		t.Errorf("the second database has %d notes of the first, want none", n)
	}
}
