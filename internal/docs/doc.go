// Package docs holds no code but tests of the documents: that their links lead
// somewhere, that the files and make targets they name exist, and that the map
// stays short.
package docs
