package web

import (
	"errors"
	"net/http"
	"slices"

	"github.com/jisiguangyi/jisi/catalog"
)

// validationFailed is GraphQL's own code for a query that does not fit the
// schema. The documents do, so that it is about a variable: a value from the
// address.
const validationFailed catalog.ErrorKind = "GRAPHQL_VALIDATION_FAILED"

// badAddress is what is wrong with an address, in a sentence for its reader.
type badAddress string

func (e badAddress) Error() string { return string(e) }

// failure is what an error page says.
type failure struct {
	Status int
	Title  string
	Text   string
	Path   string // that was asked for
}

// fail answers with the page that fits the error. What is our own fault goes to
// the log and is not shown.
func (s *site) fail(w http.ResponseWriter, r *http.Request, err error) {
	f := explain(err)
	f.Path = r.URL.Path
	if f.Status >= http.StatusInternalServerError && r.Context().Err() == nil { // what comes of a reader who has left is no failure
		s.Log.ErrorContext(r.Context(), "a page failed", "path", r.URL.Path, "error", err)
	}
	if f.Status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "5")
	}
	v := s.newView(page{name: "error"}, r)
	v.Query, v.Extra = "", f
	s.write(w, r, f.Status, "error", v)
}

func (s *site) notFound(w http.ResponseWriter, r *http.Request) { s.fail(w, r, errNoPage) }

// explain finds the status and the words for an error.
func explain(err error) failure {
	var bad badAddress
	var query *queryError
	var refused refusal
	switch {
	case errors.As(err, &refused):
		return failure{Status: refused.status, Title: refused.title, Text: refused.text}
	case errors.Is(err, errNoPage):
		return failure{Status: http.StatusNotFound, Title: "没有找到这一页", Text: "地址可能写错了，或者这条记录已改名、撤回。"}
	case errors.As(err, &bad):
		return failure{Status: http.StatusBadRequest, Title: "这个地址读不懂", Text: string(bad)}
	case errors.As(err, &query):
		return explainQuery(query)
	default:
		return broken()
	}
}

func explainQuery(e *queryError) failure {
	has := func(kinds ...catalog.ErrorKind) string {
		for _, problem := range e.errors {
			if slices.Contains(kinds, catalog.ErrorKind(problem.Code)) {
				return problem.Message
			}
		}
		return ""
	}
	if has(catalog.KindInternal) != "" {
		return broken()
	}
	if has(catalog.KindUnavailable) != "" {
		return failure{Status: http.StatusServiceUnavailable, Title: "暂时查不到", Text: "数据库或检索索引暂时不可用，资料没有丢失。请稍等片刻，再刷新本页。"}
	}
	if message := has(catalog.KindNotFound); message != "" {
		return failure{Status: http.StatusNotFound, Title: "没有找到这一页", Text: message + "。"}
	}
	if message := has(catalog.KindForbidden, catalog.KindUnauthenticated); message != "" {
		return failure{Status: http.StatusForbidden, Title: "这一页不对外开放", Text: message + "。"}
	}
	if message := has(catalog.KindInvalid, catalog.KindLimit); message != "" {
		return failure{Status: http.StatusBadRequest, Title: "这个查询不能执行", Text: message + "。"}
	}
	if has(validationFailed) != "" {
		return failure{Status: http.StatusBadRequest, Title: "这个查询不能执行", Text: "地址里有一个条件的值不认识，可能写错了。"}
	}
	return broken()
}

// otherOrigin is said of a form that seems to come from another site.
var otherOrigin = refusal{
	status: http.StatusForbidden, title: "这个请求没有处理",
	text: "浏览器说它是从另一个网址发来的，为防他人冒用您的登录，没有执行。如果您就是在本站操作的，请把这句话告诉管理员：" +
		"反向代理没有把访问的网址传给 jisi，请在代理中传递 Host（nginx：proxy_set_header Host $host;），并以 -public-url 写明本站的网址。",
}

func broken() failure {
	return failure{Status: http.StatusInternalServerError, Title: "服务器出错了", Text: "问题已记入日志。请稍后再试；如果一直这样，请把本页地址告诉管理员。"}
}
