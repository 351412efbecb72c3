// Package follow is how a process follows the database's changes: a Notifier hears
// of them on one connection and wakes all who follow, and Loop is how each of them
// goes on, whatever fails. It knows neither what a change is nor how it is read:
// cmd hands the Notifier the store's listener, and indexer and feed read the feed
// from where they are.
package follow
