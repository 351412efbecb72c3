package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/identity"
	"github.com/jisiguangyi/jisi/indexer"
	"github.com/jisiguangyi/jisi/meaning"
	"github.com/jisiguangyi/jisi/notify"
	"github.com/jisiguangyi/jisi/server"
	"github.com/jisiguangyi/jisi/store"
)

// config is all settings. Which of them a command takes is in commands.
type config struct {
	dataDir         string
	databaseURL     string
	readDatabaseURL string
	readFrom        string
	maxConns        int
	responseCache   int // MB
	seed            bool
	logLevel        slog.Level
	logFormat       string

	listen        string
	publicURL     string
	timeZone      *time.Location
	harvestEmail  string
	origins       []string
	introspection bool
	playground    bool
	suggestions   bool
	drain         time.Duration
	indexCheck    time.Duration
	opsListen     string
	production    bool
	persisted     string
	proxies       []netip.Prefix
	limits        server.Limits
	oidc          identity.Settings
	mail          notify.MailSettings
	hookNetworks  []netip.Prefix
	replyMonths   int
	embeddings    meaning.Settings
	keepQueries   int // days

	server    string
	tokenFile string

	given map[string]bool // the settings that were given, by their flags' names
}

// group is a group of settings, by what takes them.
type group int

const (
	ofDatabase group = iota // commands that open the database
	ofServer                // serve
	ofAddress               // commands that write the public address into citations
	ofClient                // commands that ask a running server
)

// A setting is a flag, the environment variable that stands in for it, and what
// it is for. A flag wins over the environment, and that over the default.
type setting struct {
	flag, env string
	group     group
	zh, en    string
	bind      func(*config) flag.Value
}

// settings is the one table of them; docs/settings.md is made of it.
var settings = []setting{
	{"data-dir", "JISI_DATA_DIR", ofDatabase, "数据目录", "data directory", func(c *config) flag.Value { return text(&c.dataDir, defaultDataDir()) }},
	{"database-url", "DATABASE_URL", ofDatabase, "PostgreSQL 地址；不填则自带一个", "PostgreSQL to use; without one jisi runs its own", func(c *config) flag.Value { return &secret{&c.databaseURL} }},
	{"read-database-url", "JISI_READ_DATABASE_URL", ofDatabase, "主库不在时（或按 read-from）查阅所用的 PostgreSQL 地址；不填则用 database-url 所列的主机", "PostgreSQL to read from while the primary is away, or as read-from says; without it the hosts of database-url", func(c *config) flag.Value { return &secret{&c.readDatabaseURL} }},
	{"read-from", "JISI_READ_FROM", ofDatabase, "有多台数据库时未登录者从哪里查阅：primary 主库，主库不在时备库；prefer-standby 优先跟得上的备库；any 地址中最先应答的", "where who is not signed in reads from, of several servers: primary, and a standby while it is away; prefer-standby, one that has kept up; any, the first of the address that answers", func(c *config) flag.Value {
		return oneOf(&c.readFrom, string(store.Primary), string(store.PreferStandby), string(store.Any))
	}},
	{"database-conns", "JISI_DATABASE_CONNS", ofDatabase, "数据库连接数上限；0 按处理器数", "connections to it at most; 0 goes by the processors", func(c *config) flag.Value { return whole(&c.maxConns, 0, 0, 10_000) }},
	{"seed", "JISI_SEED", ofDatabase, "新库装入文件所载记录，旧库更新到新的版次", "load the documented records into a new database, and bring those of an earlier edition up to date", func(c *config) flag.Value { return yes(&c.seed, true) }},
	{"log-level", "JISI_LOG_LEVEL", ofDatabase, "日志级别 debug、info、warn、error", "debug, info, warn or error", func(c *config) flag.Value { return level(&c.logLevel, slog.LevelInfo) }},
	{"log-format", "JISI_LOG_FORMAT", ofDatabase, "日志格式 text、json", "text or json", func(c *config) flag.Value { return oneOf(&c.logFormat, "text", "json") }},

	{"listen", "JISI_LISTEN", ofServer, "监听地址；端口 0 自动选择", "address to serve at; port 0 takes a free one", func(c *config) flag.Value { return address(&c.listen, "127.0.0.1:8080") }},
	{"public-url", "JISI_PUBLIC_URL", ofAddress, "公众访问的网址，写入引用格式；不填则引用中不写网址", "where the public finds this server, for citations; without it they give no address", func(c *config) flag.Value { return website(&c.publicURL, "") }},
	{"time-zone", "JISI_TIME_ZONE", ofAddress, "时区：页面、引用和打印的日期时间以它为准", "time zone of the days and times that people read, cite and print", func(c *config) flag.Value { return timeZone(&c.timeZone) }},
	{"harvest-email", "JISI_HARVEST_EMAIL", ofServer, "图书馆收割（/oai）的负责人邮箱；不填则为本站主机的 postmaster", "who answers for harvesting by libraries at /oai; the host's postmaster where not given", func(c *config) flag.Value { return text(&c.harvestEmail, "") }},
	{"origins", "JISI_ORIGINS", ofServer, "允许跨域的网站，逗号分隔；* 为全部", "web origins that may ask from a browser, by commas; * is any", func(c *config) flag.Value { return &originList{&c.origins} }},
	{"ops-listen", "JISI_OPS_LISTEN", ofServer, "监控指标与性能剖析的监听地址，不可对公众开放；不填则没有", "address for metrics and profiles, which must not be the public's; without one there are none", func(c *config) flag.Value { return address(&c.opsListen, "") }},
	{"production", "JISI_PRODUCTION", ofServer, "对公众开放：introspection、playground、suggestions 默认改为关闭", "serve the public: introspection, playground and suggestions are off unless set", func(c *config) flag.Value { return yes(&c.production, false) }},
	{"introspection", "JISI_INTROSPECTION", ofServer, "允许查询接口结构", "answer introspection", func(c *config) flag.Value { return yes(&c.introspection, true) }},
	{"playground", "JISI_PLAYGROUND", ofServer, "提供查询台", "serve the playground", func(c *config) flag.Value { return yes(&c.playground, true) }},
	{"suggestions", "JISI_SUGGESTIONS", ofServer, "写错字段名时提示", "name the field that a mistyped one may have meant", func(c *config) flag.Value { return yes(&c.suggestions, true) }},
	{"drain", "JISI_DRAIN", ofServer, "停止时等待请求完成的时间", "how long requests may take to end at a stop", func(c *config) flag.Value { return duration(&c.drain, 10*time.Second) }},
	{"index-check", "JISI_INDEX_CHECK", ofServer, "每隔多久核对检索索引各文件的校验和；索引大时自动放慢，最多占百分之三的时间", "how often the checksums of the search index's files are looked at; seldomer where that would take more than 3 % of the time", func(c *config) flag.Value { return duration(&c.indexCheck, indexer.DefaultCheckEvery) }},
	{"persisted", "JISI_PERSISTED", ofServer, "登记查询的目录（.graphql、.json）；填写后只执行其中的查询", "folder of registered queries (.graphql, .json); with one no others are run", func(c *config) flag.Value { return folder(&c.persisted) }},
	{"proxies", "JISI_PROXIES", ofServer, "反向代理的地址或网段，逗号分隔；只信任它们的 X-Forwarded-For", "addresses or networks of reverse proxies, by commas, whose X-Forwarded-For counts", func(c *config) flag.Value { return networks(&c.proxies) }},
	{"response-cache", "JISI_RESPONSE_CACHE", ofServer, "为匿名读者保留的响应，MB；0 不保留", "MB of answers kept for anonymous readers; 0 keeps none", func(c *config) flag.Value { return whole(&c.responseCache, 64, 0, 1<<20) }},
	{"max-body", "JISI_MAX_BODY", ofServer, "请求体字节数上限", "bytes of a request", func(c *config) flag.Value { return limit(&c.limits.BodyBytes, server.DefaultLimits.BodyBytes) }},
	{"max-import", "JISI_MAX_IMPORT", ofServer, "一次导入的字节数上限", "bytes of files that are imported at once", func(c *config) flag.Value { return limit(&c.limits.ImportBytes, server.DefaultLimits.ImportBytes) }},
	{"max-query", "JISI_MAX_QUERY", ofServer, "查询文本字节数上限", "bytes of a query's text", func(c *config) flag.Value { return limit(&c.limits.QueryBytes, server.DefaultLimits.QueryBytes) }},
	{"max-tokens", "JISI_MAX_TOKENS", ofServer, "查询词数上限", "tokens of a query", func(c *config) flag.Value { return limit(&c.limits.Tokens, server.DefaultLimits.Tokens) }},
	{"max-depth", "JISI_MAX_DEPTH", ofServer, "查询层数上限", "fields within fields", func(c *config) flag.Value { return limit(&c.limits.Depth, server.DefaultLimits.Depth) }},
	{"max-aliases", "JISI_MAX_ALIASES", ofServer, "查询别名数上限", "renamed fields of a query", func(c *config) flag.Value { return limit(&c.limits.Aliases, server.DefaultLimits.Aliases) }},
	{"max-repeats", "JISI_MAX_REPEATS", ofServer, "同一字段重复次数上限", "repetitions of one field", func(c *config) flag.Value { return limit(&c.limits.Repeats, server.DefaultLimits.Repeats) }},
	{"max-cost", "JISI_MAX_COST", ofServer, "查询开销上限：按列表长度估算的字段数", "fields of an answer, by the sizes of its lists", func(c *config) flag.Value { return limit(&c.limits.Cost, server.DefaultLimits.Cost) }},
	{"reply-months", "JISI_REPLY_MONTHS", ofServer, "提案交办后几个月内应当答复，逾期按它计算", "months within which a proposal that was assigned is to be answered; what is overdue goes by it", func(c *config) flag.Value { return whole(&c.replyMonths, catalog.DefaultReplyWithin, 1, 120) }},
	{"max-time", "JISI_MAX_TIME", ofServer, "一次查询的时间上限", "time for an answer", func(c *config) flag.Value { return duration(&c.limits.Time, server.DefaultLimits.Time) }},
	{"rate", "JISI_RATE", ofServer, "每个访问者每秒请求数上限；本机不限", "requests a second of a caller; this machine's own are not counted", func(c *config) flag.Value { return perSecond(&c.limits.Rate, 50) }},
	{"burst", "JISI_BURST", ofServer, "短时间内可连续发出的请求数", "requests that a caller may send at once", func(c *config) flag.Value { return whole(&c.limits.Burst, 200, 1, math.MaxInt32) }},
	{"max-connections", "JISI_MAX_CONNECTIONS", ofServer, "每个访问者保持的连接数上限（WebSocket、事件流）", "WebSockets and event streams that a caller keeps open", func(c *config) flag.Value { return limit(&c.limits.Connections, server.DefaultLimits.Connections) }},
	{"max-subscriptions", "JISI_MAX_SUBSCRIPTIONS", ofServer, "每个 WebSocket 上同时进行的操作数上限", "operations under way on a WebSocket", func(c *config) flag.Value { return limit(&c.limits.Subscriptions, server.DefaultLimits.Subscriptions) }},
	{"oidc-issuer", "JISI_OIDC_ISSUER", ofServer, "统一登录平台（OpenID Connect）的地址；不填则只用令牌", "address of an OpenID Connect provider; without one there are tokens only", func(c *config) flag.Value { return issuer(&c.oidc.Issuer) }},
	{"oidc-client-id", "JISI_OIDC_CLIENT_ID", ofServer, "在该平台登记的客户端编号", "our id there", func(c *config) flag.Value { return text(&c.oidc.ClientID, "") }},
	{"oidc-client-secret", "JISI_OIDC_CLIENT_SECRET", ofServer, "客户端密钥；最好用下一项", "our secret there; better in a file", func(c *config) flag.Value { return &secret{&c.oidc.ClientSecret} }},
	{"oidc-client-secret-file", "JISI_OIDC_CLIENT_SECRET_FILE", ofServer, "存放客户端密钥的文件", "file with our secret", func(c *config) flag.Value { return secretFile(&c.oidc.ClientSecret) }},
	{"oidc-scopes", "JISI_OIDC_SCOPES", ofServer, "登录时请求的范围（openid 除外）", "scopes to ask for, besides openid", func(c *config) flag.Value { return wordList(&c.oidc.Scopes, "profile", "email") }},
	{"oidc-audiences", "JISI_OIDC_AUDIENCES", ofServer, "除客户端编号外接受的令牌受众", "audiences of bearers besides our id", func(c *config) flag.Value { return wordList(&c.oidc.Audiences) }},
	{"oidc-role-claim", "JISI_OIDC_ROLE_CLAIM", ofServer, "角色所在的声明，如 realm_access.roles", "claim with the role, as in realm_access.roles", func(c *config) flag.Value { return text(&c.oidc.RoleClaim, "jisi_role") }},
	{"oidc-roles", "JISI_OIDC_ROLES", ofServer, "声明值与角色的对应，如 bianji=editor；不填则值即角色", "what its values mean, as in bianji=editor; without it they are the roles", func(c *config) flag.Value { return pairs(&c.oidc.Roles, readRole) }},
	{"oidc-committee-claim", "JISI_OIDC_COMMITTEE_CLAIM", ofServer, "委员会所在的声明", "claim with the committee", func(c *config) flag.Value { return text(&c.oidc.CommitteeClaim, "jisi_committee") }},
	{"oidc-committees", "JISI_OIDC_COMMITTEES", ofServer, "声明值与委员会 slug 的对应；其余值须为 slug 或名称", "what its values mean, as slugs; others are slugs or names", func(c *config) flag.Value { return pairs(&c.oidc.Committees, readSlug) }},
	{"smtp-host", "JISI_SMTP_HOST", ofServer, "发通知邮件的服务器；不填则不发邮件", "server that sends notices by e-mail; without one none are sent", func(c *config) flag.Value { return text(&c.mail.Host, "") }},
	{"smtp-port", "JISI_SMTP_PORT", ofServer, "它的端口；0 按 smtp-security：587、465 或 25", "its port; 0 goes by smtp-security: 587, 465 or 25", func(c *config) flag.Value { return whole(&c.mail.Port, 0, 0, math.MaxUint16) }},
	{"smtp-security", "JISI_SMTP_SECURITY", ofServer, "加密方式 starttls、tls、none；none 只用于本机或内网的中继", "starttls, tls or none; the last only for a relay on the machine or an inner network", func(c *config) flag.Value { return oneOf(&c.mail.Security, "starttls", "tls", "none") }},
	{"smtp-user", "JISI_SMTP_USER", ofServer, "登录邮件服务器的用户名；不填则不登录", "name to sign in there; without one nobody does", func(c *config) flag.Value { return text(&c.mail.User, "") }},
	{"smtp-password-file", "JISI_SMTP_PASSWORD_FILE", ofServer, "存放邮件密码（授权码）的文件", "file with the password", func(c *config) flag.Value { return secretFile(&c.mail.Password) }},
	{"mail-from", "JISI_MAIL_FROM", ofServer, "发件人，如 吉思广益 <jisi@example.cn>", "whom e-mails are from, as in 吉思广益 <jisi@example.cn>", func(c *config) flag.Value { return sender(&c.mail.From) }},
	{"webhook-networks", "JISI_WEBHOOK_NETWORKS", ofServer, "通知地址可用的内网网段，逗号分隔；不填则只发往公网", "private networks that webhooks may be in, by commas; without them only public addresses are sent to", func(c *config) flag.Value { return networks(&c.hookNetworks) }},

	{"embeddings-url", "JISI_EMBEDDINGS_URL", ofServer, "语义检索所用向量服务的地址（OpenAI 的 /v1/embeddings 协议），如 http://127.0.0.1:11434/v1；不填则只按词语检索", "server of embeddings (OpenAI's /v1/embeddings) for searching by meaning, as in http://127.0.0.1:11434/v1; without one words alone are searched", func(c *config) flag.Value { return website(&c.embeddings.URL, "") }},
	{"embeddings-model", "JISI_EMBEDDINGS_MODEL", ofServer, "向量服务所用模型的名称", "the model, as that server calls it", func(c *config) flag.Value { return text(&c.embeddings.Model, "") }},
	{"embeddings-key-file", "JISI_EMBEDDINGS_KEY_FILE", ofServer, "存放向量服务密钥的文件；不填则不出示密钥", "file with that server's key; without one none is sent", func(c *config) flag.Value { return secretFile(&c.embeddings.Key) }},
	{"embeddings-dimensions", "JISI_EMBEDDINGS_DIMENSIONS", ofServer, "向量的长度；0 按模型，其他数会向服务提出", "length of vectors; 0 is the model's own, another is asked for", func(c *config) flag.Value { return whole(&c.embeddings.Dimensions, 0, 0, 1<<16) }},
	{"embeddings-query-prefix", "JISI_EMBEDDINGS_QUERY_PREFIX", ofServer, "写在检索词前的话，模型要求时才填，如 query: ", "written before what is searched for, where the model wants it", func(c *config) flag.Value { return text(&c.embeddings.QueryPrefix, "") }},
	{"embeddings-passage-prefix", "JISI_EMBEDDINGS_PASSAGE_PREFIX", ofServer, "写在记录正文前的话，模型要求时才填，如 passage: ", "written before a record's text, where the model wants it", func(c *config) flag.Value { return text(&c.embeddings.PassagePrefix, "") }},
	{"embeddings-budget", "JISI_EMBEDDINGS_BUDGET", ofServer, "一次检索最多等向量服务多久，如 300ms；超过即只按词语检索", "how long a search waits for that server; past it words alone are searched", func(c *config) flag.Value { return duration(&c.embeddings.Budget, 300*time.Millisecond) }},

	{"keep-queries", "JISI_KEEP_QUERIES", ofServer, "读者同意时，检索没找到什么的词和随后打开的记录留几天（不记是谁，去掉数字、人名地名），供 jisi queries；0 不留，也不问读者", "days for which the words of searches that find little, and what was opened after, are kept of readers who agree (not who they are; without digits and names), for jisi queries; with 0 nothing is kept and nobody is asked", func(c *config) flag.Value { return whole(&c.keepQueries, 0, 0, catalog.MostAskedDays) }},

	{"server", "JISI_SERVER", ofClient, "要查询的服务的地址", "the server to ask", func(c *config) flag.Value { return website(&c.server, "http://127.0.0.1:8080") }},
	{"token-file", "JISI_TOKEN_FILE", ofClient, "存放令牌的文件；不填则匿名", "file with the token to ask with; without one anonymously", func(c *config) flag.Value { return text(&c.tokenFile, "") }},
}

// errHelp says that help was asked for, and given.
var errHelp = errors.New("help was asked for")

// parse reads a command's settings from its arguments and the environment. The
// error joins all that is wrong.
func (a *app) parse(c command, args []string) (*config, []string, error) {
	cfg := &config{}
	set := flag.NewFlagSet(c.name, flag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.Usage = func() {}
	var problems []error
	given := map[string]bool{}
	for _, s := range settings {
		if !slices.Contains(c.takes, s.group) {
			continue
		}
		value := s.bind(cfg)
		set.Var(value, s.flag, s.en)
		if text, ok := a.getenv(s.env); ok && text != "" {
			given[s.flag] = true
			if err := value.Set(text); err != nil {
				problems = append(problems, fmt.Errorf("%s: %w", s.env, err))
			}
		}
	}
	if c.flags != nil {
		c.flags(set)
	}
	rest, flagProblems := parseAll(set, args)
	for _, err := range flagProblems {
		if errors.Is(err, flag.ErrHelp) {
			a.helpFor(c)
			return nil, nil, errHelp
		}
	}
	problems = append(problems, flagProblems...)
	set.Visit(func(f *flag.Flag) { given[f.Name] = true })
	cfg.given = given
	cfg.forThePublic(given)
	if err := errors.Join(checkDatabaseURL(cfg.databaseURL), checkDatabaseURL(cfg.readDatabaseURL), checkIdentity(cfg), checkMail(cfg), checkEmbeddings(cfg)); err != nil {
		problems = append(problems, err)
	}
	if slices.Contains(c.takes, ofServer) {
		if err := checkTracing(a.getenv); err != nil {
			problems = append(problems, err)
		}
	}
	if len(problems) > 0 {
		return nil, nil, usage(c, errors.Join(problems...))
	}
	return cfg, rest, nil
}

// forThePublic switches off what helps in trying queries, except what was given.
func (c *config) forThePublic(given map[string]bool) {
	if !c.production {
		return
	}
	for name, on := range map[string]*bool{"introspection": &c.introspection, "playground": &c.playground, "suggestions": &c.suggestions} {
		*on = *on && given[name]
	}
}

// parseAll parses flags and arguments in any order, as in "import a.jsonl
// -strict", and goes on behind a flag that is wrong. What follows "--" is no
// flag.
func parseAll(set *flag.FlagSet, args []string) (rest []string, problems []error) {
	for len(args) > 0 {
		err := set.Parse(args)
		parsed, left := args[:len(args)-set.NArg()], set.Args()
		switch {
		case errors.Is(err, flag.ErrHelp):
			return rest, append(problems, err)
		case err != nil:
			problems = append(problems, err)
			args = left
		case len(parsed) > 0 && parsed[len(parsed)-1] == "--":
			return append(rest, left...), problems
		case len(left) > 0:
			rest, args = append(rest, left[0]), left[1:]
		default:
			args = nil
		}
	}
	return rest, problems
}

func usage(c command, err error) error {
	return &exitError{exitUsage, &sentence{
		zh: "参数有误，说明见 jisi help " + c.name,
		en: strings.ReplaceAll(err.Error(), "\n", "; ") + " (see jisi help " + c.name + ")",
	}}
}

// defaultDataDir returns a folder below the user's own data, where systems have it.
func defaultDataDir() string {
	if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "jisi")
	}
	if runtime.GOOS == "darwin" || runtime.GOOS == "windows" {
		if dir, err := os.UserConfigDir(); err == nil {
			return filepath.Join(dir, "jisi")
		}
	}
	home, err := os.UserHomeDir()
	if err != nil {
		home = "."
	}
	return filepath.Join(home, ".local", "share", "jisi")
}
