package main

import (
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"math"
	"net"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/store"
)

// value is a setting of any type: its text, and how it is read.
type value struct {
	get  func() string
	set  func(string) error
	bool bool
}

func (v *value) String() string {
	if v == nil || v.get == nil {
		return ""
	}
	return v.get()
}

// Set reads a text.
func (v *value) Set(s string) error { return v.set(s) }

// IsBoolFlag lets -seed stand for -seed=true.
func (v *value) IsBoolFlag() bool { return v.bool }

func text(p *string, otherwise string) flag.Value {
	*p = otherwise
	return &value{get: func() string { return *p }, set: func(s string) error {
		if s == "" {
			return errors.New("is empty")
		}
		*p = s
		return nil
	}}
}

// whole returns a flag for a whole number from least to most.
func whole(p *int, otherwise, least, most int) flag.Value {
	*p = otherwise
	return &value{get: func() string { return strconv.Itoa(*p) }, set: func(s string) error {
		n, err := strconv.Atoi(s)
		if err != nil {
			return fmt.Errorf("%q is not a whole number", s)
		}
		if n < least {
			return fmt.Errorf("%d is less than %d", n, least)
		}
		if n > most {
			return fmt.Errorf("%d is more than %d", n, most)
		}
		*p = n
		return nil
	}}
}

// limit returns a flag for a whole number above 0, or -1 for none.
func limit(p *int, otherwise int) flag.Value {
	v := whole(p, otherwise, -1, math.MaxInt32).(*value)
	set := v.set
	v.set = func(s string) error {
		if s == "0" {
			return errors.New("0 would let nothing through; -1 is no limit")
		}
		return set(s)
	}
	return v
}

// perSecond returns a flag for a rate above 0, or -1 for none.
func perSecond(p *float64, otherwise float64) flag.Value {
	*p = otherwise
	return &value{get: func() string { return strconv.FormatFloat(*p, 'g', -1, 64) }, set: func(s string) error {
		n, err := strconv.ParseFloat(s, 64)
		if err != nil || n != -1 && !(n > 0 && n <= 1e9) {
			return fmt.Errorf("%q is not a rate above 0 such as 50 or 0.5, or -1 for none", s)
		}
		*p = n
		return nil
	}}
}

// timeZone returns a flag for a time zone of the IANA's, China's unless it is set.
func timeZone(p **time.Location) flag.Value {
	*p = catalog.Changchun
	return &value{get: func() string { return (*p).String() }, set: func(s string) error {
		zone, err := time.LoadLocation(s)
		if err != nil || s == "" || s == "Local" {
			return fmt.Errorf("%q is not a time zone such as Asia/Shanghai", s)
		}
		*p = zone
		return nil
	}}
}

// folder returns a flag for a folder that exists.
func folder(p *string) flag.Value {
	return &value{get: func() string { return *p }, set: func(s string) error {
		if info, err := os.Stat(s); err != nil || !info.IsDir() {
			return fmt.Errorf("%q is not a folder", s)
		}
		*p = s
		return nil
	}}
}

func yes(p *bool, otherwise bool) flag.Value {
	*p = otherwise
	return &value{bool: true, get: func() string { return strconv.FormatBool(*p) }, set: func(s string) error {
		b, err := strconv.ParseBool(s)
		if err != nil {
			return fmt.Errorf("%q is neither true nor false", s)
		}
		*p = b
		return nil
	}}
}

func duration(p *time.Duration, otherwise time.Duration) flag.Value {
	*p = otherwise
	return &value{get: func() string { return p.String() }, set: func(s string) error {
		d, err := time.ParseDuration(s)
		if err != nil || d <= 0 {
			return fmt.Errorf("%q is not a time above 0 such as 10s or 1m30s", s)
		}
		*p = d
		return nil
	}}
}

func level(p *slog.Level, otherwise slog.Level) flag.Value {
	*p = otherwise
	return &value{get: func() string { return strings.ToLower(p.String()) }, set: func(s string) error {
		if !slices.Contains([]string{"debug", "info", "warn", "error"}, s) {
			return fmt.Errorf("%q is none of debug, info, warn, error", s)
		}
		return p.UnmarshalText([]byte(s))
	}}
}

func oneOf(p *string, first string, others ...string) flag.Value {
	*p = first
	return &value{get: func() string { return *p }, set: func(s string) error {
		if s != first && !slices.Contains(others, s) {
			return fmt.Errorf("%q is none of %s", s, strings.Join(append([]string{first}, others...), ", "))
		}
		*p = s
		return nil
	}}
}

func address(p *string, otherwise string) flag.Value {
	*p = otherwise
	return &value{get: func() string { return *p }, set: func(s string) error {
		_, port, err := net.SplitHostPort(s)
		if err != nil {
			return fmt.Errorf("%q is not an address such as 127.0.0.1:8080 or :8080", s)
		}
		if n, err := strconv.ParseUint(port, 10, 16); err != nil {
			return fmt.Errorf("%q is not a port (%d)", port, n)
		}
		*p = s
		return nil
	}}
}

// website returns a flag for an address of a browser, to which paths are added.
func website(p *string, otherwise string) flag.Value {
	*p = otherwise
	return &value{get: func() string { return *p }, set: func(s string) error {
		u, err := url.Parse(s)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
			return fmt.Errorf("%q is not an address such as https://example.cn", s)
		}
		*p = strings.TrimRight(s, "/")
		return nil
	}}
}

// networks returns a flag for a list of addresses or networks by commas.
func networks(p *[]netip.Prefix) flag.Value {
	get := func() string {
		texts := make([]string, len(*p))
		for i, network := range *p {
			texts[i] = network.String()
		}
		return strings.Join(texts, ",")
	}
	return &value{get: get, set: func(s string) error {
		var list []netip.Prefix
		for _, text := range strings.Split(s, ",") {
			if text = strings.TrimSpace(text); text == "" {
				continue
			}
			network, err := netip.ParsePrefix(text)
			if address, single := netip.ParseAddr(text); single == nil {
				network, err = address.Prefix(address.BitLen())
			}
			if err != nil {
				return fmt.Errorf("%q is not an address or a network such as 10.0.0.0/8", text)
			}
			list = append(list, network)
		}
		*p = list
		return nil
	}}
}

// secret is a text that is shown nowhere: not as a default, nor in an error.
type secret struct{ p *string }

func (secret) String() string { return "" }

// Set takes any text: the flag package would quote it in an error.
func (v secret) Set(s string) error {
	*v.p = s
	return nil
}

// checkDatabaseURL returns what is wrong with an address of a database, without
// quoting it.
func checkDatabaseURL(s string) error {
	scheme, _, ok := strings.Cut(s, "://")
	if ok && scheme != "postgres" && scheme != "postgresql" || !ok && s != "" && !strings.Contains(s, "=") {
		return errors.New("database-url is not an address such as postgres://user@host/database")
	}
	if s == "" {
		return nil
	}
	if err := store.CheckURL(s); err != nil {
		return fmt.Errorf("database-url: %w", err)
	}
	return nil
}

// originList is a list of web origins by commas.
type originList struct{ p *[]string }

func (o originList) String() string {
	if o.p == nil {
		return ""
	}
	return strings.Join(*o.p, ",")
}

// Set reads the list.
func (o originList) Set(s string) error {
	var list []string
	for _, origin := range strings.Split(s, ",") {
		origin = strings.TrimSpace(origin)
		if origin == "" {
			continue
		}
		if u, err := url.Parse(origin); origin != "*" && (err != nil || u.Scheme == "" || u.Host == "" || u.Path != "") {
			return fmt.Errorf("%q is not an origin such as https://example.cn", origin)
		}
		list = append(list, origin)
	}
	*o.p = list
	return nil
}
