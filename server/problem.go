package server

import (
	"errors"
	"net/http"

	"github.com/jisiguangyi/jisi/catalog"
)

// statusOf returns the HTTP status of an error by its kind, for answers that are no
// GraphQL.
func statusOf(kind catalog.ErrorKind) int {
	switch kind {
	case catalog.KindInvalid:
		return http.StatusBadRequest
	case catalog.KindNotFound:
		return http.StatusNotFound
	case catalog.KindConflict:
		return http.StatusConflict
	case catalog.KindForbidden:
		return http.StatusForbidden
	case catalog.KindUnauthenticated:
		return http.StatusUnauthorized
	case catalog.KindLimit:
		return http.StatusRequestEntityTooLarge
	case catalog.KindUnavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// known returns the error that may be shown of err.
func known(err error) *catalog.Error {
	var problems catalog.Problems
	if errors.As(err, &problems) && len(problems) > 0 {
		return problems[0]
	}
	var e *catalog.Error
	if errors.As(err, &e) {
		return e
	}
	return &catalog.Error{Kind: catalog.KindInternal, Zh: "服务器出错了，我们已记录此问题", En: "something went wrong on the server; it has been logged", Err: err}
}

// refuse answers with an error in the shape of a GraphQL one, whatever was asked
// for, so that a client has one shape to read. Who is not known is told how to
// be.
func (a *authenticator) refuse(w http.ResponseWriter, r *http.Request, err error) {
	e := known(err)
	if e.Kind == catalog.KindUnauthenticated {
		challenge := `Bearer realm="jisi"`
		if r.Header.Get("Authorization") != "" {
			challenge += `, error="invalid_token"`
		}
		w.Header().Set("WWW-Authenticate", challenge)
	}
	a.endpoint.Refuse(w, r, statusOf(e.Kind), e)
}
