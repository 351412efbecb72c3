// Package oai answers OAI-PMH 2.0 (the Open Archives Initiative's Protocol for
// Metadata Harvesting) in unqualified Dublin Core, so that libraries can take
// the records in. It keeps nothing between requests: a resumption token says all
// that is needed to go on. What was withdrawn stays as deleted, for good. Made-up
// records are in the set synthetic alone, and marked.
package oai
