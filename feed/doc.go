// Package feed tells subscribers of cases as they come or change. One Hub a
// process follows the store's feed of changes, so that every server tells its
// own subscribers of what any server wrote, and hands each case to all who
// watch for it.
//
// A batch of changes costs one statement for the cases and one for each
// different filter, however many subscribers there are. The package knows
// nothing of SQL, GraphQL or HTTP: cmd hands it the store, and graph asks it for
// what its subscriptions tell.
package feed
