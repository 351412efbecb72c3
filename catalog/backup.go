package catalog

// Frozen is a database at one moment, as a backup of it has to know it.
type Frozen struct {
	Snapshot string         // by which pg_dump sees the same moment
	Schema   int64          // the last migration
	Server   int            // PostgreSQL's major version
	Rows     map[string]int // by table, of those that a backup takes the rows of
}
