package store

// MergeAdoptions is a migration's step, for the tests outside.
var MergeAdoptions = mergeAdoptions
