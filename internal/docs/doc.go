// Package docs holds no code but tests of what is written for readers: that documents'
// links lead somewhere, that the files and make targets they name exist, and that the map
// stays short; that comments begin with their name and name what exists; and that retired
// words stay retired.
package docs
