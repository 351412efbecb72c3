// Package web serves the pages that committee staff read: in Chinese, working
// without JavaScript, printable, with no script or style inside the page and no
// request to anywhere else.
//
// A page is one GraphQL document (pages/NAME.graphql) and one template
// (pages/NAME.html). The document is run in process by a Querier, through the
// same schema, limits and permissions as every client's; what the page needs
// besides its answer is worked out in the page's Go file. The package knows HTTP
// and HTML; it does not know the store, the index or how GraphQL is run.
package web
