package server

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/jisiguangyi/jisi/server/gqlhttp"
	"github.com/jisiguangyi/jisi/server/mcp"
)

// assistants answers the Model Context Protocol. Each tool asks e in process, in
// the name of the request's caller, and is admitted and charged as any other
// query. A browser may ask from the site's own pages and from the origins that are
// allowed, so that no page elsewhere asks in the name of who is signed in here.
func assistants(o Options, e *gqlhttp.Endpoint) http.Handler {
	h := mcp.Handler(mcp.Options{
		Address: o.PublicURL, Version: o.Version, Body: int64(o.Limits.BodyBytes),
		Ask: func(ctx context.Context, document string, variables map[string]any) (json.RawMessage, error) {
			if err := admit(ctx); err != nil {
				return nil, err
			}
			data, problems := querier{e}.Query(ctx, document, "", variables)
			if len(problems) > 0 {
				return nil, errors.New(problems[0].Message)
			}
			return data, nil
		},
	})
	if slices.Contains(o.Origins, "*") {
		return h
	}
	crossed := http.NewCrossOriginProtection()
	for _, origin := range o.Origins {
		if err := crossed.AddTrustedOrigin(origin); err != nil {
			o.Log.Warn("the origin is none that may ask as an assistant", "origin", origin, "err", err)
		}
	}
	return crossed.Handler(h)
}

// aboutForAssistants is /llms.txt: what the site is and where a program finds what
// it needs, in the form of llmstxt.org.
func aboutForAssistants(address string) string {
	at := func(path string) string { return strings.TrimSuffix(address, "/") + path }
	return `# 吉思广益：政协协商典型案例知识库

> 吉林省各级政协的协商典型案例、提案、协商品牌和特色做法。有出处的记录，引文逐字可核；出处没有写的留空，不作推测。使用时请照录引文、注明出处；没有查到的请直说没有。

## 供程序使用

- [MCP](` + at("/mcp") + `)：只读，streamable HTTP；工具 search_cases、get_record、learn、compare_cases、cite、list_topics
- [GraphQL](` + at("/graphql") + `)：全部数据；[模式](` + at("/schema.graphql") + `)
- [开发者说明](` + at("/developers") + `)
- [研究数据发布](` + at("/releases") + `)

## 供人阅读

- [首页](` + at("/") + `)
- [全部案例](` + at("/search?kind=CASE") + `)
- [找同类经验](` + at("/learn") + `)
- [数据与研究](` + at("/research") + `)
`
}
