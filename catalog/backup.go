package catalog

// Frozen is a database at one moment, as a backup of it has to know it.
type Frozen struct {
	Snapshot  string         // by which pg_dump sees the same moment
	Schema    int64          // the last migration
	Server    int            // PostgreSQL's major version
	Namespace string         // PostgreSQL's schema that the tables are in
	Rows      map[string]int // by table, of those that a backup takes the rows of
	Others    []string       // tables, views and sequences in the schema that are not ours
}

// Ground is the place in a database into which a backup is restored.
type Ground struct {
	Server    int    // PostgreSQL's major version
	Namespace string // PostgreSQL's schema that the tables go into
	Unused    bool   // nothing would be lost: there are no tables, no record and no token
	Clear     string // the SQL that takes away what a jisi has made there, and nothing else
	Keep      string // the SQL that restores to others what they were granted on it; "" for nothing
	Kept      int    // how many grants, comments and options these are
}
