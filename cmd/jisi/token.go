package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
)

//nolint:gosec // how to make one, none itself
const tokenHelp = `  jisi token create -role editor -committee changchun -name 长春编辑   有效 90 天 · good for 90 days
  jisi token create -role admin -name 管理员 -expires 7d
  jisi token list
  jisi token revoke 长春编辑               按名称或编号 · by name or id

create 把令牌写到标准输出，只显示这一次；数据库只存其散列值，丢失后只能另建。
-committee 写政协委员会的 slug 或名称，编辑和审核必填。令牌撤销后几秒内失效。
create writes the token to standard output, this once: the database keeps its hash
only, and whoever loses it needs another. -committee is a committee's slug or name,
and needed for editors and reviewers. A revoked token ends within seconds.

角色 · roles: reader 读者, editor 编辑（只写本会）, reviewer 审核（本会及下级）, admin 管理员
`

// tokenFlags are those of token create.
type tokenFlags struct {
	role, committee, name string
	expires               days
}

func tokenCommand() command {
	own := &tokenFlags{}
	return command{
		name:  "token",
		args:  "create|list|revoke",
		zh:    "发放、列出、撤销访问令牌",
		en:    "give out, list and revoke access tokens",
		help:  tokenHelp,
		takes: []group{ofDatabase},
		flags: func(set *flag.FlagSet) {
			own.expires = days(catalog.DefaultTokenLife)
			set.StringVar(&own.role, "role", "", "角色 reader、editor、reviewer、admin\nreader, editor, reviewer or admin")
			set.StringVar(&own.committee, "committee", "", "政协委员会的 slug 或名称\na committee's slug or name")
			set.StringVar(&own.name, "name", "", "名称，记入修改历史\nits name, as revisions will give it")
			set.Var(&own.expires, "expires", "有效期，如 90d、12h\nhow long it is good for, as in 90d or 12h")
		},
		run: func(a *app, ctx context.Context, c *config, args []string) error {
			var act func(context.Context, *database) error
			switch {
			case len(args) == 1 && args[0] == "create":
				act = func(ctx context.Context, d *database) error { return a.createToken(ctx, d, own) }
			case len(args) == 1 && args[0] == "list":
				act = a.listTokens
			case len(args) == 2 && args[0] == "revoke":
				act = func(ctx context.Context, d *database) error { return a.revokeToken(ctx, d, args[1]) }
			default:
				return usage(tokenCommand(), errors.New("say create, list, or revoke and a token's name or id"))
			}
			return a.withDatabase(ctx, c, func(d *database) error {
				if err := seedWhereNew(ctx, c, d, newLog(a.stderr, quietly(c))); err != nil { // or there would be no committee to name
					return err
				}
				return act(ctx, d)
			})
		},
	}
}

func (a *app) createToken(ctx context.Context, d *database, own *tokenFlags) error {
	text, made, err := d.store.CreateToken(ctx, &catalog.AccessTokenInput{
		Name: own.name, Role: catalog.Role(strings.ToUpper(own.role)), Committee: own.committee, Life: time.Duration(own.expires),
	})
	if err != nil {
		return firstOf(err)
	}
	of := ""
	if made.Committee != "" {
		of = "（" + made.Committee + "）"
	}
	fmt.Fprintf(a.stderr, "已建立令牌 %s：%s%s %s，有效至 %s，下面只显示这一次 · made, good until %s; it is shown this once\n",
		made.ID, made.Role.Label(), of, made.Name, moment(made.ExpiresAt), moment(made.ExpiresAt))
	fmt.Fprintln(a.stdout, text)
	return nil
}

// firstOf returns the first of several problems: a command line is mended one
// word at a time.
func firstOf(err error) error {
	var problems catalog.Problems
	if errors.As(err, &problems) && len(problems) > 0 {
		return problems[0]
	}
	return err
}

func (a *app) listTokens(ctx context.Context, d *database) error {
	tokens, err := d.store.Tokens(ctx)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tROLE\tSTATE\tEXPIRES\tLAST USED\tNAME\tCOMMITTEE")
	for _, t := range tokens {
		used := "-"
		if t.LastUsedAt != nil {
			used = t.LastUsedAt.In(catalog.Zone()).Format("2006-01-02 15:00")
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", t.ID, strings.ToLower(string(t.Role)), stateOf(t), moment(t.ExpiresAt), used, t.Name, t.Committee)
	}
	return w.Flush()
}

// stateOf returns a word for whether a token is valid.
func stateOf(t *catalog.AccessToken) string {
	switch {
	case t.Live(time.Now()):
		return "good"
	case t.RevokedAt != nil:
		return "revoked"
	}
	return "expired"
}

func (a *app) revokeToken(ctx context.Context, d *database, called string) error {
	t, err := d.store.RevokeToken(ctx, called)
	if err == nil {
		fmt.Fprintf(a.stdout, "已撤销令牌 %s %s · revoked\n", t.ID, t.Name)
	}
	return err
}

// moment returns a time as the site's pages tell it, not in the zone of the machine: the
// one and the other are compared.
func moment(t time.Time) string { return t.In(catalog.Zone()).Format("2006-01-02 15:04") }

// days is a time that may be given in days, as in 90d.
type days time.Duration

// String returns whole days as such.
func (d *days) String() string {
	if t := time.Duration(*d); t%(24*time.Hour) != 0 {
		return t.String()
	}
	return strconv.Itoa(int(time.Duration(*d)/(24*time.Hour))) + "d"
}

// Set reads 90d, 12h or 30m.
func (d *days) Set(s string) error {
	if number, whole := strings.CutSuffix(s, "d"); whole {
		if n, err := strconv.Atoi(number); err == nil && n > 0 && n <= 10_000 {
			*d = days(time.Duration(n) * 24 * time.Hour)
			return nil
		}
	} else if t, err := time.ParseDuration(s); err == nil && t > 0 {
		*d = days(t)
		return nil
	}
	return fmt.Errorf("%q is not a time such as 90d or 12h", s)
}
