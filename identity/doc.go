// Package identity authenticates callers: by a token that jisi issued, by the
// session of a browser, or by what an OpenID provider has signed. It knows
// nothing of HTTP requests and cookies, which are the server's, nor of where
// tokens and sessions are kept. What a caller may do is catalog.May's.
package identity
