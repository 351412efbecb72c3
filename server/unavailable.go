package server

import (
	"fmt"
	"net/http"

	"github.com/99designs/gqlgen/graphql"

	"github.com/jisiguangyi/jisi/catalog"
)

// comeAgain is after how many seconds a client may ask again that met a database
// or an index that is not there: both come back by themselves.
const comeAgain = "1"

// answered gives the status of an operation that has run: 200, whatever its fields
// say, but for one that something we need was missing for. That is told to the
// proxies and caches on the way as well, which know no GraphQL.
func answered(response *graphql.Response) int {
	for _, err := range response.Errors {
		if fmt.Sprint(err.Extensions["code"]) == string(catalog.KindUnavailable) {
			return http.StatusServiceUnavailable
		}
	}
	return http.StatusOK
}
