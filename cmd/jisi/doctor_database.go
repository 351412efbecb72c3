package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jisiguangyi/jisi/internal/localpg"
	"github.com/jisiguangyi/jisi/internal/localpg/pgproc"
	"github.com/jisiguangyi/jisi/store"
)

// examined is the database that was examined; url is "" where there is none to
// ask.
type examined struct {
	url     string
	current bool // its tables are as this program wants them
	cluster *localpg.Cluster
}

func (e *examined) close() {
	if e.cluster != nil {
		ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
		defer cancel()
		_ = e.cluster.Close(ctx) // it was only looked at
	}
}

// connectTimeout is how long a database may take to let us in.
const connectTimeout = 10 * time.Second

// checkDatabase looks at PostgreSQL, the private one or the one that is given.
func (a *app) checkDatabase(ctx context.Context, r *report, c *config) *examined {
	e := &examined{url: c.databaseURL}
	if e.url == "" && !e.private(ctx, r, c) {
		return e
	}
	asking, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	x, err := store.Examine(asking, e.url)
	if err != nil {
		zh, en := inWords(err)
		r.add(finding{name: "database", state: wrong, zh: zh, en: en})
		e.url = ""
		return e
	}
	tellServer(r, x)
	e.current = tellTables(r, x)
	tellClock(r, x.Skew)
	return e
}

// private looks at the private PostgreSQL, and starts or joins it where it has
// been made. ok says that there is one to ask.
func (e *examined) private(ctx context.Context, r *report, c *config) (ok bool) {
	const name = "postgresql"
	found, err := localpg.Examine(ctx, c.dataDir)
	if err != nil {
		r.failed(name, "自带的 PostgreSQL 不能运行", err, "请运行 "+pgproc.InstallHint(found.Major)+"，或设置 DATABASE_URL", "run "+pgproc.InstallHint(found.Major)+", or set DATABASE_URL")
		return false
	}
	programs := fmt.Sprintf("PostgreSQL %d, %s", found.Programs.Major, found.Programs.Dir)
	if !found.Made {
		r.well(name, programs+"；数据库还没有，serve 会建立", programs+"; there is no database yet, and serve makes one")
		return false
	}
	r.add(tellHome(programs, absolute(c.dataDir), found.Home))
	forgetPG()
	e.cluster, err = localpg.Start(ctx, localpg.Options{Dir: c.dataDir, Repository: localpg.NoDownload})
	if err != nil {
		r.failed("database", "自带的 PostgreSQL 没有启动", err, "原因见数据目录里的 postgres.log", "postgres.log in the data directory says why")
		return false
	}
	e.url = e.cluster.URL()
	return true
}

// tellHome says where the private PostgreSQL has its data, and what follows where
// that is not in the data directory.
func tellHome(programs, dir, home string) finding {
	f := finding{name: "postgresql", zh: programs + "，数据在 " + home, en: programs + ", its data in " + home}
	if !strings.HasPrefix(home, dir+"/") {
		f.zh += "，不在数据目录内：复制或删除数据目录，带不走也删不掉它，请用 jisi backup 和 jisi restore"
		f.en += ", outside of the data directory: a copy of the directory has it not, and to remove the directory leaves it; use jisi backup and jisi restore"
	}
	return f
}

// tellServer reports on the server and the database, whatever tables it has.
func tellServer(r *report, x *store.Examination) {
	major := x.Version / 10000
	server := finding{name: "database", zh: fmt.Sprintf("PostgreSQL %d.%d，%s 应答", major, x.Version%10000, milliseconds(x.Answer)), en: fmt.Sprintf("PostgreSQL %d.%d answers in %s", major, x.Version%10000, milliseconds(x.Answer))}
	if major < pgproc.MinMajor {
		server.state = wrong
		server.doZh, server.do = fmt.Sprintf("请升级到 %d 或更新的版本", pgproc.MinMajor), fmt.Sprintf("upgrade it to %d or newer", pgproc.MinMajor)
	}
	r.add(server)

	encoding := finding{name: "encoding", zh: "编码 " + x.Encoding, en: "the encoding is " + x.Encoding}
	if x.Encoding != "UTF8" {
		encoding.state = wrong
		encoding.doZh, encoding.do = "请用 CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0 另建一个库", "make another by CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0"
	}
	r.add(encoding)

	durable := finding{name: "durability", zh: "写入后断电不丢", en: "what is written outlives a power cut"}
	if !x.Durable {
		durable.state, durable.zh, durable.en = noted, "fsync、full_page_writes 或 synchronous_commit 已关闭，断电可能丢失已确认的写入", "fsync, full_page_writes or synchronous_commit is off: a power cut can lose writes that were acknowledged"
		durable.doZh, durable.do = "请在 postgresql.conf 中打开", "switch them on in postgresql.conf"
	}
	r.add(durable)

	writes := finding{name: "writes", zh: "可以写入和建表", en: "it takes writes and lets us make tables"}
	switch {
	case x.Other != "":
		writes.state, writes.zh, writes.en = wrong, "这不是 PostgreSQL，而是 "+x.Other+"，jisi 没有在其上试过", "this is no PostgreSQL but "+x.Other+", on which jisi was never tried"
		writes.doZh, writes.do = "请用自带的 PostgreSQL，或 PostgreSQL 14 以上的版本", "use the private PostgreSQL, or PostgreSQL 14 or newer"
	case x.ReadOnly && !x.Standby:
		writes.state, writes.zh, writes.en = wrong, "事务默认只读（default_transaction_read_only）", "transactions are read-only by default (default_transaction_read_only)"
		writes.doZh, writes.do = fmt.Sprintf(`请执行 ALTER ROLE "%s" RESET default_transaction_read_only，并检查 ALTER DATABASE、postgresql.conf 和 DATABASE_URL 的 options 中的同名设置`, x.User),
			fmt.Sprintf(`run ALTER ROLE "%s" RESET default_transaction_read_only, and look for the same setting of ALTER DATABASE, postgresql.conf and the options of DATABASE_URL`, x.User)
	case x.Schema == "":
		writes.state, writes.zh, writes.en = wrong, "search_path 所列的模式都不存在", "no schema of search_path exists"
		writes.doZh, writes.do = "请先建立：CREATE SCHEMA … AUTHORIZATION "+x.User, "make one: CREATE SCHEMA … AUTHORIZATION "+x.User
	case x.Standby:
		writes.state, writes.zh, writes.en = wrong, "这是只读的备库", "it is a standby, which takes no writes"
		writes.doZh, writes.do = "请把 DATABASE_URL 指向主库", "point DATABASE_URL to the primary"
	case x.Barred != "":
		writes.state, writes.zh, writes.en = wrong, "用户 "+x.User+" 不能写入 jisi 的表（"+x.Barred+"）", "user "+x.User+" may not write into jisi's tables ("+x.Barred+")"
		writes.doZh, writes.do = fmt.Sprintf(`请由表的所有者执行 GRANT ALL ON ALL TABLES IN SCHEMA %s TO "%s"`, x.Schema, x.User), fmt.Sprintf(`have the tables' owner run GRANT ALL ON ALL TABLES IN SCHEMA %s TO "%s"`, x.Schema, x.User)
	case !x.MayCreate:
		writes.state, writes.zh, writes.en = wrong, "用户 "+x.User+" 不能在模式 "+x.Schema+" 中建表", "user "+x.User+" may not make tables in schema "+x.Schema
		writes.doZh, writes.do = fmt.Sprintf(`请由管理员执行 GRANT CREATE ON SCHEMA %s TO "%s"`, x.Schema, x.User), fmt.Sprintf(`have an administrator run GRANT CREATE ON SCHEMA %s TO "%s"`, x.Schema, x.User)
	}
	r.add(writes)

	tellConnections(r, x)
	if x.Holding != nil {
		r.add(finding{
			"transactions", noted,
			fmt.Sprintf("%s 库中用户 %s 的事务已打开 %s，其间检索和订阅得不到新的变更", x.Holding.Database, x.Holding.User, x.Holding.Age.Round(time.Second)),
			"search and subscriptions learn of no change until this transaction ends: " + x.Holding.String(),
			"请让它结束，" + endZh(x.Holding), "have it end: " + endOf(x.Holding),
		})
	}
}

func endOf(h *store.Holder) string {
	if h.Prepared != "" {
		return fmt.Sprintf("COMMIT PREPARED or ROLLBACK PREPARED '%s'", h.Prepared)
	}
	return fmt.Sprintf("SELECT pg_terminate_backend(%d)", h.PID)
}

func endZh(h *store.Holder) string {
	return "例如执行 " + strings.Replace(endOf(h), " or ", " 或 ", 1)
}

// tellConnections compares the connections that are open with what the server, the
// user and the database are allowed.
func tellConnections(r *report, x *store.Examination) {
	f := finding{name: "connections", zh: fmt.Sprintf("已用 %d，上限 %d", x.Connections, x.MaxConnections), en: fmt.Sprintf("%d of %d are in use", x.Connections, x.MaxConnections)}
	left := x.MaxConnections - x.Connections
	for _, limit := range []struct {
		of     int
		zh, en string
	}{{x.RoleLimit, "用户 " + x.User, "user " + x.User}, {x.DatabaseLimit, "数据库 " + x.Database, "database " + x.Database}} {
		if limit.of >= 0 {
			f.zh += fmt.Sprintf("；%s 限 %d", limit.zh, limit.of)
			f.en += fmt.Sprintf("; %s may have %d", limit.en, limit.of)
			left = min(left, limit.of-x.OurConnections)
		}
	}
	if left < 10 {
		f.state = noted
		f.doZh, f.do = "jisi 用得到的连接用完时会等待；请调大 max_connections 或 CONNECTION LIMIT，或调小 -database-conns", "jisi waits where none is left: raise max_connections or the CONNECTION LIMIT, or lower -database-conns"
	}
	r.add(f)
}

// tellTables reports on the migrations and the order of names, and whether the
// tables are as this program wants them.
func tellTables(r *report, x *store.Examination) bool {
	f := finding{name: "migrations", zh: fmt.Sprintf("表结构为第 %d 版", x.Applied), en: fmt.Sprintf("the tables are of version %d", x.Applied)}
	switch {
	case x.Applied == 0:
		f.zh, f.en = "还没有表，serve 会建立", "there are no tables yet; serve makes them"
	case x.Applied <= x.Known && x.Skipped > 0:
		f.state = wrong
		f.doZh, f.do = fmt.Sprintf("迁移 %d 没有执行过，编号却小于已执行的：serve 不会启动；请恢复备份，或改用原来的程序", x.Skipped), fmt.Sprintf("migration %d was never applied, and others behind it were: serve won't start; restore a backup, or use the program that was here", x.Skipped)
	case x.Applied < x.Known:
		f.state = noted
		f.doZh, f.do = fmt.Sprintf("本程序为第 %d 版，serve 或 jisi migrate 会升级；请先备份", x.Known), fmt.Sprintf("this program has version %d: serve or jisi migrate brings them up to date; make a backup first", x.Known)
	case x.Applied > x.Known:
		f.state = wrong
		f.doZh, f.do = fmt.Sprintf("本程序只到第 %d 版，请换用更新的 jisi", x.Known), fmt.Sprintf("this program knows version %d only: use a newer jisi", x.Known)
	}
	r.add(f)
	if x.Applied == 0 {
		return false
	}
	order := finding{name: "collation", zh: "名称按拼音排序", en: "names are in the order of a Chinese dictionary"}
	switch {
	case !x.Chinese:
		order.state, order.zh, order.en = noted, "这个 PostgreSQL 没有 ICU，名称按编码排序", "this PostgreSQL has no ICU, and names are in the order of their codes"
		order.doZh, order.do = "需要拼音顺序时，请换用带 ICU 的 PostgreSQL", "for the order of pinyin, use a PostgreSQL with ICU"
	case x.StaleOrder:
		order.state, order.zh, order.en = wrong, "系统的 ICU 升级过，索引的顺序可能已不对", "ICU was upgraded since the indexes were built, and their order may be wrong"
		order.doZh, order.do = "请运行 REINDEX DATABASE，再运行 ALTER COLLATION jisi_zh REFRESH VERSION", "run REINDEX DATABASE, then ALTER COLLATION jisi_zh REFRESH VERSION"
	}
	r.add(order)
	return x.Applied == x.Known
}

// tellClock compares the two clocks: revisions are stamped by the database's, and
// tokens expire by it.
func tellClock(r *report, skew time.Duration) {
	f := finding{name: "clock", zh: "与数据库的时钟相差 " + milliseconds(skew), en: "our clock and the database's differ by " + milliseconds(skew)}
	switch d := skew.Abs(); {
	case time.Now().Year() < 2024 || d > time.Minute:
		f.state = wrong
	case d > 2*time.Second:
		f.state = noted
	}
	f.doZh, f.do = "请打开时间同步，如 timedatectl set-ntp true", "switch time synchronisation on, for instance timedatectl set-ntp true"
	r.add(f)
}

func milliseconds(d time.Duration) string {
	if d.Abs() < 10*time.Second {
		return strings.Replace(fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000), "-0.0", "0.0", 1)
	}
	return d.Round(time.Second).String()
}
