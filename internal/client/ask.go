package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
)

// Client asks one server. It is safe for concurrent use.
type Client struct {
	URL   string // the server's, without /graphql
	Token string // sent as a bearer's; empty for an anonymous reader
}

// Bounds on one question. An answer of the server's own limits is far smaller.
const (
	askTimeout = 2 * time.Minute
	maxAnswer  = 256 << 20 // bytes
	maxTries   = 4
	maxWait    = time.Minute
)

// request is what a server is sent.
type request struct {
	Query         string         `json:"query"`
	OperationName string         `json:"operationName,omitempty"`
	Variables     map[string]any `json:"variables,omitempty"`
}

// AnswerError is what a server said was wrong, all of it.
type AnswerError struct {
	Status int // of HTTP
	Errors []AnswerProblem
}

// AnswerProblem is one error of an answer.
type AnswerProblem struct {
	Message    string `json:"message"`
	Path       []any  `json:"path"`
	Extensions struct {
		Code    string `json:"code"`
		Message struct {
			Zh string `json:"zh"`
			En string `json:"en"`
		} `json:"message"`
	} `json:"extensions"`
}

// Error returns the English sentences with their codes.
func (e *AnswerError) Error() string { _, en := e.InWords(); return en }

// InWords returns the sentences in Chinese and in English, each with its code.
func (e *AnswerError) InWords() (zh, en string) {
	var chinese, english []string
	for _, p := range e.Errors {
		c, s := p.Extensions.Message.Zh, p.Extensions.Message.En
		if s == "" {
			s = p.Message
		}
		if c == "" {
			c = s
		}
		code := p.Extensions.Code
		if len(p.Path) > 0 {
			code += " " + strings.Trim(fmt.Sprint(p.Path), "[]")
		}
		chinese, english = append(chinese, code+"："+c), append(english, code+": "+s)
	}
	return strings.Join(chinese, "；"), strings.Join(english, "; ")
}

// ask sends one request and returns the data of its answer, with an *AnswerError
// where the server said that something is wrong: there may be data beside it.
// A server that says when to come again is asked again, up to maxTries times.
func (c *Client) ask(ctx context.Context, q request) (data map[string]any, err error) {
	for try := 1; ; try++ {
		var wait time.Duration
		data, wait, err = c.once(ctx, q)
		if wait <= 0 || wait > maxWait || try == maxTries {
			return data, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(wait):
		}
	}
}

// once sends one request. Where the server is to be asked again, wait says when.
func (c *Client) once(ctx context.Context, q request) (data map[string]any, wait time.Duration, err error) {
	body, err := json.Marshal(q)
	if err != nil {
		return nil, 0, err
	}
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.URL+"/graphql", bytes.NewReader(body))
	if err != nil {
		return nil, 0, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/graphql-response+json, application/json")
	if c.Token != "" {
		r.Header.Set("Authorization", "Bearer "+c.Token)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, 0, unreachable(c.URL, err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return nil, 0, unreachable(c.URL, err)
	}
	if data, err = readAnswer(text, response); err != nil {
		wait = comeAgain(response)
	}
	return data, wait, err
}

func unreachable(address string, err error) error {
	var inner *url.Error
	if errors.As(err, &inner) {
		err = inner.Err
	}
	return &catalog.Error{
		Kind: catalog.KindUnavailable, Zh: "连不上服务 " + address + "，请确认 jisi serve 正在运行，或用 -server 指定地址",
		En: "the server at " + address + " cannot be reached; is jisi serve running there? -server names another", Err: err,
	}
}

// comeAgain reads when a server that is busy or not ready wants to be asked
// again; 0 where it does not.
func comeAgain(r *http.Response) time.Duration {
	if r.StatusCode != http.StatusTooManyRequests && r.StatusCode != http.StatusServiceUnavailable {
		return 0
	}
	seconds, err := strconv.Atoi(r.Header.Get("Retry-After"))
	if err != nil {
		return 0
	}
	return time.Duration(max(seconds, 1)) * time.Second
}

func readAnswer(text []byte, r *http.Response) (map[string]any, error) {
	var answer struct {
		Data   map[string]any
		Errors []AnswerProblem
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&answer); err != nil || answer.Data == nil && answer.Errors == nil {
		return nil, &catalog.Error{
			Kind: catalog.KindInvalid, Zh: fmt.Sprintf("对方返回的不是 GraphQL 结果（HTTP %d），请检查 -server", r.StatusCode),
			En: fmt.Sprintf("what answered is no GraphQL server (HTTP %d); check -server", r.StatusCode),
		}
	}
	if len(answer.Errors) > 0 {
		return answer.Data, &AnswerError{r.StatusCode, answer.Errors}
	}
	return answer.Data, nil
}

// Ask sends the document and returns its answer; see AnswerError.
func (c *Client) Ask(ctx context.Context, d *Document, variables map[string]any) (*Answer, error) {
	data, err := c.ask(ctx, request{d.text, d.operation.Name, variables})
	if data == nil {
		return nil, err
	}
	return &Answer{d, data}, err
}
