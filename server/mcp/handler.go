package mcp

import (
	"context"
	"encoding/json"
	"net/http"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// Asker runs a query of the API in the name of the context's caller and returns
// its data. An error is a sentence for that caller. It must be safe for concurrent
// use.
type Asker func(ctx context.Context, document string, variables map[string]any) (json.RawMessage, error)

// Options are what the endpoint needs. Ask must be set.
type Options struct {
	Ask     Asker
	Address string // where the public finds the server, "" where that is not known: addresses are paths then
	Version string // of the program
	Body    int64  // bytes that a request may have; 0 is the SDK's default
}

// instructions are what a client shows its model of the whole server.
const instructions = `吉思广益：吉林省政协协商典型案例知识库，只读。回答时只用工具给出的文字，每句话注明出自哪条记录、哪条引文；` +
	`quotes 是材料的逐字原文，text 是本库的整理。没有查到就直说没有，不要推测。origin 为 SYNTHETIC 的是编造的测试数据，不得当作事实。`

// Handler serves the protocol over streamable HTTP, without sessions: each request
// stands for itself, so that any of several servers can answer it. It is safe for
// concurrent use.
func Handler(o Options) http.Handler {
	s := sdk.NewServer(&sdk.Implementation{Name: "jisi", Title: "吉思广益", Version: o.Version}, &sdk.ServerOptions{Instructions: instructions})
	t := tools{o}
	t.addTo(s)
	addPrompts(s)
	return sdk.NewStreamableHTTPHandler(func(*http.Request) *sdk.Server { return s }, &sdk.StreamableHTTPOptions{
		Stateless: true, JSONResponse: true, MaxRequestBodyBytes: o.Body,
		// A proxy on this machine passes its own Host on; who may ask from a browser is
		// the server's to say.
		DisableLocalhostProtection: true,
	})
}
