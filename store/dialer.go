package store

import (
	"context"
	"errors"
	"net"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// Times within which a machine that is gone, and says nothing, is given up.
const (
	dialTimeout  = 2 * time.Second
	probeAgain   = time.Second     // it is looked for again after so long
	answerOfTCP  = 4 * time.Second // within which what was sent has to be acknowledged
	aliveIdle    = 3 * time.Second // after which a connection that is at rest is tried
	aliveBetween = time.Second
	aliveTries   = 3
)

// dialer makes the connections to several servers of a database. Where a machine does
// not answer, nobody waits for it a second time: it is looked for beside, and refused
// until it is there. The connections to one that is given up end at once, since pgx
// would otherwise say goodbye to it for 15 s, and keep their places in the pool so
// long. It is safe for concurrent use.
type dialer struct {
	net    net.Dialer
	ctx    context.Context
	stop   context.CancelFunc
	probes sync.WaitGroup

	mu     sync.Mutex
	silent map[string]*silence      // by address
	open   map[*dialedConn]struct{} // connections that nobody has closed
}

// silence is an address at which nobody answered.
type silence struct {
	next    time.Time // when it is looked for again
	looking bool
}

func newDialer() *dialer {
	d := &dialer{silent: map[string]*silence{}, open: map[*dialedConn]struct{}{}}
	d.ctx, d.stop = context.WithCancel(context.Background())
	d.net.Timeout = dialTimeout
	d.net.KeepAliveConfig = net.KeepAliveConfig{Enable: true, Idle: aliveIdle, Interval: aliveBetween, Count: aliveTries}
	d.net.Control = acknowledgedWithin(answerOfTCP)
	return d
}

// serve has the connections of config made by d.
func (d *dialer) serve(config *pgx.ConnConfig) { config.DialFunc = d.dial }

func (d *dialer) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if d.isSilent(network, address) {
		return nil, &net.OpError{Op: "dial", Net: network, Err: errSilent}
	}
	conn, err := d.net.DialContext(ctx, network, address)
	if err != nil {
		if isSilence(err) && ctx.Err() == nil {
			d.doubt(address, probeAgain)
		}
		return nil, err
	}
	c := &dialedConn{Conn: conn, of: d, address: address}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.open[c] = struct{}{}
	return c, nil
}

// isSilent reports whether an address is one where nobody answers, and has it looked
// for where that is due.
func (d *dialer) isSilent(network, address string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.silent[address]
	if s == nil {
		return false
	}
	if !s.looking && !time.Now().Before(s.next) && d.ctx.Err() == nil {
		s.looking = true
		d.probes.Go(func() { d.probe(network, address) })
	}
	return true
}

// probe looks whether somebody answers at an address, be it by a refusal.
func (d *dialer) probe(network, address string) {
	conn, err := d.net.DialContext(d.ctx, network, address)
	if err == nil {
		stop := context.AfterFunc(d.ctx, func() { _ = conn.Close() })
		err = answers(conn)
		stop()
		_ = conn.Close() // it was only a try
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if s := d.silent[address]; s != nil && isSilence(err) {
		s.looking, s.next = false, time.Now().Add(probeAgain)
		return
	}
	delete(d.silent, address)
}

// sslRequest asks a server of PostgreSQL's protocol whether it talks TLS, which it answers
// by one byte before it wants to know who asks:
// https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-SSLREQUEST
var sslRequest = []byte{0, 0, 0, 8, 4, 210, 22, 47}

// answers waits for a server's first byte. The kernel of a machine takes connections for
// a server that hangs, too.
func answers(conn net.Conn) error {
	if err := conn.SetDeadline(time.Now().Add(dialTimeout)); err != nil {
		return err
	}
	if _, err := conn.Write(sslRequest); err != nil {
		return err
	}
	_, err := conn.Read(make([]byte, 1))
	return err
}

// doubt has an address refused until somebody answers there, which is looked for from
// a while on.
func (d *dialer) doubt(address string, after time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.silent[address] == nil {
		d.silent[address] = &silence{next: time.Now().Add(after)}
	}
}

// giveUp ends all connections to an address. What waits for an answer there has an
// error at once, and no new connection is waited for before somebody answers.
func (d *dialer) giveUp(address string) {
	if address == "" {
		return
	}
	d.doubt(address, 0)
	var ended []*dialedConn
	d.mu.Lock()
	for c := range d.open {
		if c.address == address {
			ended = append(ended, c)
		}
	}
	d.mu.Unlock()
	for _, c := range ended {
		_ = c.Close() // nobody is there to hear of it
	}
}

// close ends what looks for machines that do not answer.
func (d *dialer) close() {
	d.stop()
	d.probes.Wait()
}

// dialedConn is a connection that its dialer may close.
type dialedConn struct {
	net.Conn
	of      *dialer
	address string
}

// Close closes the connection; it may be called again.
func (c *dialedConn) Close() error {
	c.of.mu.Lock()
	delete(c.of.open, c)
	c.of.mu.Unlock()
	return c.Conn.Close()
}

// addressOf returns where a connection was dialed to, "" where no dialer of ours did.
func addressOf(conn *pgx.Conn) string {
	under := conn.PgConn().Conn()
	for {
		switch c := under.(type) {
		case *dialedConn:
			return c.address
		case interface{ NetConn() net.Conn }: // TLS
			under = c.NetConn()
		default:
			return ""
		}
	}
}

// isSilence reports whether nobody answered a dialer: a refusal is an answer.
func isSilence(err error) bool {
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout() || errors.Is(err, syscall.EHOSTUNREACH)
}

type silentError struct{}

func (silentError) Error() string { return "it did not answer just now" }

var errSilent error = silentError{}
