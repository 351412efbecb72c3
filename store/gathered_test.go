package store

import (
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/internal/pgtest"
)

// Rows that were read to their end first give what the driver's own give.
func TestGatheredRowsAreAsTheDriverHasThem(t *testing.T) {
	conn, err := pgx.Connect(t.Context(), pgtest.New(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	type row struct {
		N    *int64
		Text *string
		At   *time.Time
		List []string
		JSON []byte
		Bool *bool
	}
	read := func(rows pgx.Rows) (all []row, values [][]any, err error) {
		defer rows.Close()
		for rows.Next() {
			var r row
			if err := rows.Scan(&r.N, &r.Text, &r.At, &r.List, &r.JSON, &r.Bool); err != nil {
				return nil, nil, err
			}
			v, err := rows.Values()
			if err != nil {
				return nil, nil, err
			}
			all, values = append(all, r), append(values, v)
		}
		return all, values, rows.Err()
	}
	for name, sql := range map[string]string{
		"rows":         `SELECT n, '第' || n, timestamptz '2026-11-28 10:00+08' + make_interval(days => n), ARRAY['甲', n::text], jsonb_build_object('n', n), n % 2 = 0 FROM generate_series(1, 100) n`,
		"no row":       `SELECT 1::int, '', now(), '{}'::text[], '{}'::jsonb, true WHERE false`,
		"nulls":        `SELECT NULL::bigint, NULL::text, NULL::timestamptz, NULL::text[], NULL::jsonb, NULL::boolean`,
		"empty values": `SELECT 0::bigint, '', timestamptz 'epoch', '{}'::text[], '[]'::jsonb, false`,
	} {
		own, err := conn.Query(t.Context(), sql)
		if err != nil {
			t.Fatal(err)
		}
		want, wantValues, err := read(own)
		if err != nil {
			t.Fatal(err)
		}
		again, err := conn.Query(t.Context(), sql)
		if err != nil {
			t.Fatal(err)
		}
		gathered, err := gather(again)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(own.CommandTag().String(), gathered.CommandTag().String()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		got, values, err := read(gathered)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s (-driver +gathered): %v\n%s", name, err, diff)
		}
		if diff := cmp.Diff(wantValues, values); diff != "" {
			t.Errorf("%s (-driver +gathered):\n%s", name, diff)
		}
	}
	// What goes wrong after the first row, goes wrong at once; a Scan's error stays.
	rows, err := conn.Query(t.Context(), `SELECT 1 / (3 - n) FROM generate_series(1, 5) n`)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := gather(rows); err == nil {
		t.Error("a row that cannot be had is none")
	}
	rows, err = conn.Query(t.Context(), `SELECT '甲' FROM generate_series(1, 5)`)
	if err != nil {
		t.Fatal(err)
	}
	gathered, err := gather(rows)
	if err != nil {
		t.Fatal(err)
	}
	var n int
	if !gathered.Next() || gathered.Scan(&n) == nil || gathered.Err() == nil || gathered.Next() {
		t.Error("a text is a number, and the rows go on")
	}
}

// A connection to a server that is given up ends at once, whoever waits on it; who
// does not answer is waited for once, and reached again when it answers.
func TestWhoIsGivenUpIsWaitedForByNobody(t *testing.T) {
	server, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // it is closed below
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	d := newDialer()
	defer d.close()
	address := server.Addr().String()
	conn, err := d.dial(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error)
	go func() {
		_, err := conn.Read(make([]byte, 1)) // the server says nothing
		ended <- err
	}()
	d.giveUp(address)
	select {
	case err := <-ended:
		if !isUnavailable(err) {
			t.Errorf("what was read there ended with %v, which is not begun again", err)
		}
	case <-time.After(dialTimeout):
		t.Fatal("it is still waited for")
	}
	if len(d.open) != 0 {
		t.Errorf("%d connections are open", len(d.open))
	}
	// It hangs: its machine takes connections, and nobody answers.
	for end := time.Now().Add(dialTimeout + dialTimeout/2); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if _, err := d.dial(t.Context(), "tcp", address); !errors.Is(err, errSilent) {
			t.Fatalf("who hangs is waited for again: %v", err)
		}
	}
	// It was a false alarm: somebody looks, and it is there.
	go func() {
		for {
			asks, err := server.Accept()
			if err != nil {
				return // the test is over
			}
			go func() {
				defer asks.Close()
				if _, err := io.ReadFull(asks, make([]byte, len(sslRequest))); err == nil {
					_, _ = asks.Write([]byte{'N'}) // who asked may have gone
				}
			}()
		}
	}()
	eventually := time.Now().Add(10 * time.Second)
	for {
		conn, err = d.dial(t.Context(), "tcp", address)
		if err == nil {
			break
		}
		if !errors.Is(err, errSilent) || time.Now().After(eventually) {
			t.Fatal(err)
		}
		time.Sleep(time.Millisecond)
	}
	if err := conn.Close(); err != nil || len(d.open) != 0 {
		t.Errorf("%v, %d are open", err, len(d.open))
	}
	// As long as it is looked for it is refused at once, and a refusal is an answer.
	d.doubt(address, time.Hour)
	if _, err := d.dial(t.Context(), "tcp", address); !errors.Is(err, errSilent) {
		t.Errorf("%v", err)
	}
	_ = server.Close()
	d.silent[address].next = time.Now()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		if _, err = d.dial(t.Context(), "tcp", address); !errors.Is(err, errSilent) {
			break
		}
		if time.Now().After(end) {
			t.Fatal("who refuses counts as silent")
		}
	}
	if err == nil || isSilence(err) {
		t.Errorf("a closed port: %v", err)
	}
}
