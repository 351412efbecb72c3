package docset

import "golang.org/x/sys/unix"

// mapIn has pages of a mapped file entered into the process's page table. data begins
// with a page. Kernels before 5.14 know no such thing.
func mapIn(data []byte) error { return unix.Madvise(data, unix.MADV_POPULATE_READ) }
