// Package deps holds no code but a test: that the rooms of the project import
// each other only along the arrows of ARCHITECTURE.md, and that a library stays
// in the room that it was let into. Each rule has its reason, which is printed
// where it is broken; who has a better reason changes the rule in the same
// commit.
package deps
