package store

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jisiguangyi/jisi/catalog"
)

// session is what each connection sets, unless the url says otherwise: above all
// how statements are planned. The private PostgreSQL is told some of it for itself
// (internal/localpg), for whoever else connects to it.
var session = [][2]string{
	// Once. By itself PostgreSQL plans a statement anew at each call where the
	// values seem to allow a cheaper plan, and for ours planning takes longer than
	// running.
	{"plan_cache_mode", "force_generic_plan"},
	// For records that are in memory, or on a disk without an arm to move. By
	// itself PostgreSQL reads all of a small table, as that of topics, for each
	// record of a page, and takes 1.7 times as long.
	{"random_page_cost", "1.1"},
	{"jit", "off"}, // our statements are short, and compiling one takes longer
}

// parseURL reads the address of a database for a pool or, by its ConnConfig, for
// a single connection, which then sets extra and the session's settings as soon
// as it is made: not at its start, as poolers refuse the parameters there that
// they do not know. Its error is INVALID and has nothing of the address in it.
func parseURL(address, name string, extra ...[2]string) (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig(address)
	if err != nil {
		return nil, notAnAddress(address, err)
	}
	c := config.ConnConfig
	if c.ConnectTimeout == 0 {
		c.ConnectTimeout = connectTimeout
	}
	if _, given := c.RuntimeParams["application_name"]; !given {
		c.RuntimeParams["application_name"] = name
	}
	c.RuntimeParams["client_encoding"] = "UTF8" // whatever the database's, the user's or the shell's is
	var sets []string
	for _, one := range append(append([][2]string(nil), session...), extra...) {
		if _, given := c.RuntimeParams[one[0]]; !given {
			sets = append(sets, fmt.Sprintf("set_config('%s', '%s', false)", one[0], one[1])) // words of ours
		}
	}
	// Where the tables are is set after connecting, too: a pooler that is told to ignore what
	// it does not know would leave us in another schema, without a word.
	if path, given := searchPath(c.RuntimeParams); given {
		delete(c.RuntimeParams, "search_path")
		sets = append(sets, "set_config('search_path', '"+strings.ReplaceAll(path, "'", "''")+"', false)")
	}
	c.OnNotice = heedCommit
	statement := "SELECT " + strings.Join(sets, ", ")
	c.AfterConnect = func(ctx context.Context, conn *pgconn.PgConn) error {
		limited, cancel := context.WithTimeout(ctx, firstAnswer)
		defer cancel()
		_, err := conn.Exec(limited, statement).ReadAll()
		if err != nil && limited.Err() != nil && ctx.Err() == nil {
			return errNoneFree
		}
		return err
	}
	return config, nil
}

// firstAnswer is how long a database may take for the first statement. A pooler lets
// everybody in, and whoever finds none of its connections to the database free waits
// with that statement: for two minutes, unless it is told otherwise.
const firstAnswer = 5 * time.Second

// errNoneFree is what an operator is told where the first statement had no answer.
var errNoneFree = &catalog.Error{
	Kind: catalog.KindUnavailable,
	Zh:   "数据库接受了连接，却没有应答：经 PgBouncer 连接时，是它没有空出的数据库连接，请调大它的 default_pool_size（至少 3，按会话分配），或调小 -database-conns；否则是数据库太忙",
	En:   "the database let us in and does not answer: behind PgBouncer none of its connections is free; raise its default_pool_size (3 at the least, in session mode), or lower -database-conns; without a pooler the database is too busy",
}

// searchPath returns the search_path that an address asks for, by itself or in options, in
// any of the ways in which PostgreSQL takes it there: -c name=value, -cname=value and
// --name=value, the last one counting.
func searchPath(params map[string]string) (path string, given bool) {
	path, given = params["search_path"]
	var words []string
	word, in := strings.Builder{}, false
	escaped := false
	for _, c := range params["options"] { // libpq: blanks part words, a backslash makes one a character
		switch {
		case escaped:
			word.WriteRune(c)
			escaped = false
		case c == '\\':
			escaped, in = true, true
		case unicode.IsSpace(c):
			if in {
				words = append(words, word.String())
			}
			word.Reset()
			in = false
		default:
			word.WriteRune(c)
			in = true
		}
	}
	if in {
		words = append(words, word.String())
	}
	for i := 0; i < len(words); i++ {
		setting, ok := strings.CutPrefix(words[i], "--")
		if !ok {
			setting, ok = strings.CutPrefix(words[i], "-c")
			if ok && setting == "" && i+1 < len(words) {
				i++
				setting = words[i]
			}
		}
		name, value, _ := strings.Cut(setting, "=")
		if ok && strings.ReplaceAll(name, "-", "_") == "search_path" {
			path, given = value, true
		}
	}
	return path, given
}

// CheckURL reports what is wrong with the address of a database, without a word
// of the address itself; nil for none that is given.
func CheckURL(address string) error {
	if address == "" {
		return nil
	}
	_, err := parseURL(address, "jisi")
	return err
}

// Place tells where an address leads, by host, port and database, without user or
// password; several hosts have commas between. "" is what cannot be read.
func Place(address string) string {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return ""
	}
	var hosts []string
	add := func(host string, port uint16) {
		text := host
		if !strings.HasPrefix(host, "/") {
			text = net.JoinHostPort(host, strconv.Itoa(int(port)))
		}
		if !slices.Contains(hosts, text) { // once with TLS, once without
			hosts = append(hosts, text)
		}
	}
	add(config.Host, config.Port)
	for _, f := range config.Fallbacks {
		add(f.Host, f.Port)
	}
	return strings.Join(hosts, ",") + "/" + config.Database
}

// Made reports whether the database at address has tables of jisi's, of whatever
// version.
func Made(ctx context.Context, address string) (made bool, err error) {
	config, err := parseURL(address, appName())
	if err != nil {
		return false, err
	}
	var conn *pgx.Conn
	err = untilReady(ctx, func() error {
		conn, err = connect(ctx, config.ConnConfig)
		return err
	})
	if err != nil {
		return false, refused(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }() // it was only asked
	err = conn.QueryRow(ctx, `SELECT to_regclass('goose_db_version') IS NOT NULL`, pgx.QueryExecModeSimpleProtocol).Scan(&made)
	return made, wrap("made", err)
}

// notAnAddress says why an address cannot be read. A password with a # or a / in
// it makes another address of it, and what the parser then complains of is the
// port.
func notAnAddress(address string, err error) error {
	out := &catalog.Error{Kind: catalog.KindInvalid, Zh: "数据库地址无法识别，应为 postgres://用户:口令@主机:端口/库名", En: "the database url cannot be read; it is written postgres://user:password@host:port/database", Err: errNoAddress}
	if _, rest, isURL := strings.Cut(address, "://"); isURL && strings.Contains(rest, "@") {
		if _, bad := url.Parse(address); bad != nil {
			out.Zh = "数据库地址无法识别：口令中的 # / ? % @ : 等字符须写成 %23 %2F %3F %25 %40 %3A"
			out.En = "the database url cannot be read: in a password the characters # / ? % @ : are written %23 %2F %3F %25 %40 %3A"
		}
	}
	var file *pgconn.ParseConfigError
	if errors.As(err, &file) && strings.Contains(err.Error(), "service") {
		out.Zh, out.En = "数据库地址无法识别：找不到 PGSERVICE 所指的服务", "the database url cannot be read: the service that it or PGSERVICE names is not to be found"
	}
	return out
}

var errNoAddress = errors.New("not a connection string")

// refused adds to an error of the connection the sentence of what is wrong, as far
// as the server has said so, and what to do about it: for operators, as it tells
// of settings.
func refused(err error) error {
	if errors.Is(err, errNoneFree) {
		return errNoneFree
	}
	var known *catalog.Error
	if errors.As(err, &known) {
		return err
	}
	out := &catalog.Error{Kind: catalog.KindUnavailable, Zh: "连不上数据库，请检查 DATABASE_URL 的主机和端口，以及 PostgreSQL 是否在运行", En: "the database cannot be reached; check host and port of DATABASE_URL, and whether PostgreSQL runs", Err: hidePassword(err)}
	var pg *pgconn.PgError
	var host *net.DNSError
	switch {
	case errors.As(err, &pg):
		out.Zh, out.En = "数据库拒绝了请求", "the database refuses"
		for _, r := range refusals {
			if strings.HasPrefix(pg.Code, r.code) && strings.Contains(pg.Message, r.says) {
				out.Zh, out.En = r.zh, r.en
				break
			}
		}
	case speaksAnother(err):
		out.Zh = "数据库要求的登录方式不是 PostgreSQL 的：可能是 openGauss 或 GaussDB（默认以自己的 SHA-256 方式认证），jisi 连不上。请去掉 DATABASE_URL 用自带的 PostgreSQL，或连接 PostgreSQL 14 以上的版本"
		out.En = "the database wants a login that is not PostgreSQL's: it may be openGauss or GaussDB, which by default authenticate by a SHA-256 of their own, and jisi cannot log in there; leave DATABASE_URL away and use the private PostgreSQL, or connect to PostgreSQL 14 or newer"
	case errors.As(err, &host):
		out.Zh, out.En = "找不到数据库主机，请检查 DATABASE_URL 中的主机名", "there is no such database host; check the host of DATABASE_URL"
	}
	return out
}

// speaksAnother reports whether a server asked for a login that PostgreSQL has not.
// By their documentation and drivers, openGauss and GaussDB ask by code 10, which is
// SASL's in PostgreSQL, or by 11 and 13, and send bytes in place of SASL's names.
// None of them was tried. pgx says so in words only.
func speaksAnother(err error) bool {
	var connect *pgconn.ConnectError
	if !errors.As(err, &connect) || connect.Unwrap() == nil {
		return false
	}
	text := connect.Unwrap().Error()
	for _, said := range []string{"server does not support SCRAM-SHA-256", "unterminated string", "unknown authentication type"} {
		if strings.Contains(text, said) {
			return true
		}
	}
	return false
}

// unavailable is what anybody is told of a database that cannot be used. What an
// operator could do about it is the cause, which goes to the log.
func unavailable(err error) error {
	out := &catalog.Error{Kind: catalog.KindUnavailable, Zh: "数据库暂时无法使用，请稍后再试", En: "the database is not available; try again later", Err: refused(err)}
	var pg *pgconn.PgError
	if !errors.As(err, &pg) {
		return out
	}
	switch {
	case pg.Code == readOnlyTransaction:
		return readOnlyNow(err)
	case pg.Code == diskFull, pg.Code == lockNotAvailable, pg.Code == cannotConnectNow, strings.Contains(pg.Message, poolerRetries):
		return out.Err
	}
	return out
}

// refusals are what a server says in refusing a connection or a statement for a
// reason that is not the statement's, the more particular before the general.
var refusals = []struct{ code, says, zh, en string }{
	{
		"08P01", "startup parameter",
		"连接池（PgBouncer）不接受地址中的参数，请在其 ignore_startup_parameters 中列出，或从 DATABASE_URL 中删去",
		"the pooler (PgBouncer) refuses a parameter of the address: list it in its ignore_startup_parameters, or take it out of DATABASE_URL",
	},
	{
		"08P01", poolerRetries,
		"连接池（PgBouncer）暂时连不上数据库，请稍后再试；它多久再试一次，由它的 server_login_retry 决定",
		"the pooler (PgBouncer) cannot reach the database just now; try again later: its server_login_retry is how long it rests before it tries",
	},
	{
		"08P01", "no more connections allowed",
		"连接池（PgBouncer）的连接已用完，请调大它的 max_client_conn，或调小 -database-conns",
		"the pooler (PgBouncer) has no connection left; raise its max_client_conn, or lower -database-conns",
	},
	{
		"08P01", "query_wait_timeout",
		"连接池（PgBouncer）没有空出的数据库连接，请调大它的 default_pool_size，或调小 -database-conns",
		"the pooler (PgBouncer) had no connection to the database free; raise its default_pool_size, or lower -database-conns",
	},
	{"08P01", "transaction blocks not allowed in statement pooling", transactionPoolingZh, transactionPooling},
	{unknownStatement, "", transactionPoolingZh, transactionPooling}, // a statement that another connection has prepared
	{duplicateStatement, "", transactionPoolingZh, transactionPooling},
	{
		"28P01", "",
		"数据库拒绝登录：用户名或口令不对，请检查 DATABASE_URL",
		"the database refuses the login: user or password is wrong; check DATABASE_URL",
	},
	{
		"28", "",
		"数据库拒绝登录：没有这个用户，或 pg_hba.conf 不许它从这里连接，请检查 DATABASE_URL 和 pg_hba.conf",
		"the database refuses the login: there is no such user, or pg_hba.conf does not let it in from here; check DATABASE_URL and pg_hba.conf",
	},
	{
		"3D000", "",
		"没有这个数据库，请检查 DATABASE_URL 中的库名，或先建立：CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0",
		"there is no such database; check the name in DATABASE_URL, or make it: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0",
	},
	{
		"42501", "",
		"这个数据库用户没有所需的权限，请由库的所有者授予，或换用所有者连接",
		"the database's user lacks a right that is needed; have the owner grant it, or connect as the owner",
	},
	{
		readOnlyTransaction, "",
		"数据库只接受读取：是只读的备库，或这个用户、这个库设了 default_transaction_read_only，请连接主库或去掉这项设置",
		"the database takes no writes: it is a standby, or default_transaction_read_only is set for the user or the database; connect to the primary, or take the setting away",
	},
	{
		lockNotAvailable, "",
		"数据库中的表正被别的操作锁住，请稍后再试",
		"a table is locked by somebody else's work in the database; try again later",
	},
	{
		diskFull, "",
		"数据库所在的磁盘已满，请清理后再试", "the database's disk is full; make room and try again",
	},
	{
		tooManyConnections, "",
		"数据库的连接已用完，请调大 max_connections 或这个用户、这个库的 CONNECTION LIMIT，或调小 -database-conns",
		"the database has no connection left; raise max_connections, or the CONNECTION LIMIT of the user or the database, or lower -database-conns",
	},
	{cannotConnectNow, "", "数据库正在启动或停止，请稍后再试", "the database is starting or stopping; try again later"},
}

// poolerRetries is in what PgBouncer says of a database that it could not reach a
// moment ago.
const poolerRetries = "server_login_retry"

const (
	transactionPoolingZh = "连接池（PgBouncer）按事务分配连接，jisi 不能这样使用：请把它的 pool_mode 设为 session，或直接连接 PostgreSQL"
	transactionPooling   = "the pooler (PgBouncer) hands connections out by the transaction, with which jisi cannot work: set its pool_mode to session, or connect to PostgreSQL itself"
)

// refusePooling fails with a sentence where what answers at config's address is a
// pooler that gives a server's connection to another client after each
// transaction. Prepared statements, session settings and LISTEN are then others'.
//
// A pooler hands out process numbers of its own, which tells it from PostgreSQL.
// Whether two of its clients share a server's connection shows where one holds a
// transaction: the server's process that served the other client, which does
// nothing just now, is then the one's, or the other client gets a new one.
func refusePooling(ctx context.Context, config *pgx.ConnConfig) error {
	first, err := connect(ctx, config)
	if err != nil {
		return err
	}
	defer func() { _ = first.Close(context.WithoutCancel(ctx)) }() // it was only asked
	serving, err := servedBy(ctx, first)
	if err != nil || serving == first.PgConn().PID() {
		return err
	}
	const rounds = 5 // others may use the pooler meanwhile, and take what the one has left
	for range rounds {
		shared, err := sharesServer(ctx, config, first, serving)
		if errors.Is(err, errNoneFree) {
			// In session mode the first goes on with what it has, and that it has the only
			// one left is told where another is needed. Otherwise all are in transactions.
			asking, cancel := context.WithTimeout(ctx, firstAnswer)
			defer cancel()
			if now, unserved := servedBy(asking, first); unserved == nil && now == serving {
				return nil
			}
			return err
		}
		if err != nil {
			return err
		}
		if shared {
			return &catalog.Error{Kind: catalog.KindUnavailable, Zh: transactionPoolingZh, En: transactionPooling}
		}
	}
	return nil
}

// sharesServer reports whether another connection gets the server's process that
// serves the first, or the first another one while that is held.
func sharesServer(ctx context.Context, config *pgx.ConnConfig, first *pgx.Conn, serving uint32) (bool, error) {
	other, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		if errors.Is(err, errNoneFree) {
			return false, errNoneFree
		}
		if isFull(err) { // in session mode with few connections it may have to wait
			return false, nil
		}
		return false, err
	}
	defer func() { _ = other.Close(context.WithoutCancel(ctx)) }() // its transaction has done nothing
	tx, err := other.Begin(ctx)
	if err != nil {
		return false, err
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	var pid uint32
	if err := tx.QueryRow(ctx, `SELECT pg_backend_pid()`, pgx.QueryExecModeSimpleProtocol).Scan(&pid); err != nil {
		return false, err
	}
	asking, cancel := context.WithTimeout(ctx, firstAnswer)
	defer cancel()
	now, err := servedBy(asking, first)
	if err != nil && asking.Err() != nil && ctx.Err() == nil { // the other's transaction has the only one
		return true, nil
	}
	return err == nil && (pid == serving || now != serving), err
}

func servedBy(ctx context.Context, conn *pgx.Conn) (pid uint32, err error) {
	err = conn.QueryRow(ctx, `SELECT pg_backend_pid()`, pgx.QueryExecModeSimpleProtocol).Scan(&pid)
	return pid, err
}
