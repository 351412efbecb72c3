package store

// Connections tells of the connections to the database: how many are open, how
// many of them in use, how many there may be, and how often a statement has had
// to wait for one since the store was opened.
func (s *Store) Connections() (open, busy, most int, waits int64) {
	stat := s.pool.Stat()
	return int(stat.TotalConns()), int(stat.AcquiredConns()), int(stat.MaxConns()), stat.EmptyAcquireCount()
}
