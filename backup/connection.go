package backup

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// libpq are the parameters of an address that PostgreSQL's programs know
// themselves. They refuse all others, which the driver takes for settings of the
// session, as search_path, or for its own.
var libpq = strings.Fields(`host hostaddr port dbname user password passfile require_auth channel_binding connect_timeout client_encoding
	options application_name fallback_application_name keepalives keepalives_idle keepalives_interval keepalives_count tcp_user_timeout
	gssencmode sslmode requiressl sslcompression sslcert sslkey sslpassword sslcertmode sslrootcert sslcrl sslcrldir sslsni requirepeer
	ssl_min_protocol_version ssl_max_protocol_version krbsrvname gsslib gssdelegation service target_session_attrs load_balance_hosts`)

// driver are those that mean something to the driver alone.
var driver = strings.Fields(`pool_max_conns pool_min_conns pool_min_idle_conns pool_max_conn_lifetime pool_max_conn_lifetime_jitter
	pool_max_conn_idle_time pool_health_check_period default_query_exec_mode statement_cache_capacity description_cache_capacity
	min_protocol_version max_protocol_version`)

// connection turns an address of a database as the driver takes it into one that
// PostgreSQL's programs take, and variables for what must not or cannot stand in
// it: the password, as everybody on the machine may read another's arguments, and
// settings of the session.
func connection(address string) (database string, environment []string) {
	if strings.Contains(address, "://") {
		return ofURL(address)
	}
	return ofPairs(address)
}

func ofURL(address string) (string, []string) {
	scheme, rest, _ := strings.Cut(address, "://")
	authority := rest[:len(rest)-len(strings.TrimLeftFunc(rest, func(r rune) bool { return !strings.ContainsRune("/?", r) }))]
	hosts := authority[strings.LastIndexByte(authority, '@')+1:]
	// Several hosts with their ports are no host to net/url.
	u, err := url.Parse(scheme + "://" + strings.TrimSuffix(authority, hosts) + "hosts" + rest[len(authority):])
	if err != nil {
		return address, nil
	}
	u.Host = hosts
	u.RawQuery = strings.ReplaceAll(u.RawQuery, "+", "%2B") // which is no blank here
	query := u.Query()
	password, given := u.User.Password()
	var options []string
	for name := range query {
		value := query.Get(name)
		switch {
		case name == "password":
			password, given = value, true
		case name == "options":
			options = append(options, value)
		case name == "user" || name == "dbname" || name == "database" || slices.Contains(libpq, name):
			if name == "database" { // the driver's word for dbname
				query.Set("dbname", value)
				break
			}
			continue
		case !slices.Contains(driver, name):
			options = append(options, option(name, value))
		}
		query.Del(name)
	}
	if given && u.User != nil {
		u.User = url.User(u.User.Username())
	}
	u.RawQuery = strings.ReplaceAll(query.Encode(), "+", "%20")
	return u.String(), variables(password, given, options)
}

// pairPattern is a parameter of a connection string of the form key=value.
var pairPattern = regexp.MustCompile(`([A-Za-z_.]+)\s*=\s*('(?:[^'\\]|\\.)*'|(?:[^'\s\\]|\\.)(?:[^\s\\]|\\.)*|)`)

var escaped = regexp.MustCompile(`\\(.)`)

func ofPairs(address string) (string, []string) {
	var kept, options []string
	password, given := "", false
	for _, found := range pairPattern.FindAllStringSubmatch(address, -1) {
		name, written := strings.ToLower(found[1]), found[2]
		value := strings.TrimPrefix(written, "'")
		if value != written {
			value = value[:len(value)-1]
		}
		value = escaped.ReplaceAllString(value, "$1")
		switch {
		case name == "password":
			password, given = value, true
		case name == "options":
			options = append(options, value)
		case name == "database":
			kept = append(kept, "dbname="+written)
		case slices.Contains(libpq, name):
			kept = append(kept, found[1]+"="+written)
		case !slices.Contains(driver, name):
			options = append(options, option(name, value))
		}
	}
	return strings.Join(kept, " "), variables(password, given, options)
}

// option writes a setting as the server's command line has it.
func option(name, value string) string {
	return "-c " + name + "=" + strings.NewReplacer(`\`, `\\`, ` `, `\ `).Replace(value)
}

func variables(password string, given bool, options []string) (environment []string) {
	if given {
		environment = append(environment, "PGPASSWORD="+password)
	}
	if len(options) > 0 {
		slices.Sort(options)
		environment = append(environment, "PGOPTIONS="+strings.Join(options, " "))
	}
	return environment
}
