package pgtest

import (
	"bytes"
	"os"
	"strconv"
	"sync"
	"syscall"
)

// memory is where Linux keeps files in memory.
const memory = "/dev/shm"

// room is what must be free there, and in memory as a whole, in bytes: the files of
// two test binaries at a time, and as much again for what else runs.
const (
	roomOfFiles  = 4 << 30
	roomInMemory = 8 << 30
)

// TempDir returns the folder for what tests throw away: TMPDIR if it is set, else
// one in memory if there is room, else [os.TempDir]. A test's database is made of
// more than a thousand files, and on a disk's file system making and removing them
// took a third of the processor's time of a package such as graph (42 of 126 s, and
// 2 s in memory).
//
// It is safe for concurrent use and returns the same all the time.
var TempDir = sync.OnceValue(func() string {
	if os.Getenv("TMPDIR") != "" || !fits(memory) {
		return os.TempDir()
	}
	return memory
})

// fits reports whether dir takes files that can be run, and there is room for them.
func fits(dir string) bool {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(dir, &fs); err != nil {
		return false
	}
	const readOnly, noExec = 1, 8                                                    // statvfs(3)
	if fs.Flags&(readOnly|noExec) != 0 || fs.Bavail*uint64(fs.Bsize) < roomOfFiles { //nolint:gosec // a block's size is not negative
		return false
	}
	return available() >= roomInMemory
}

// available returns the bytes of memory that the kernel says new work may use, or 0
// where it does not say.
func available() uint64 {
	info, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0
	}
	for line := range bytes.Lines(info) {
		fields := bytes.Fields(line)
		if len(fields) == 3 && string(fields[0]) == "MemAvailable:" {
			kib, _ := strconv.ParseUint(string(fields[1]), 10, 64)
			return kib << 10
		}
	}
	return 0
}
