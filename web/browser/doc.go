// Package browser drives the pages in a real browser: its tests do what readers
// do, at a desk's width and at a telephone's, and screens takes the pictures of
// docs/screens. It knows addresses and what is seen; nothing of the server
// imports it.
package browser
