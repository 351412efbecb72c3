package localpg

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
)

const megabyte = 1 << 20

// settings returns the server's settings for a machine with memory bytes of memory (0: not
// known). They are given on the command line, so that they follow the version of
// jisi and not the file that initdb once wrote.
func settings(memory int64) map[string]string {
	shared, cache := int64(128*megabyte), int64(1024*megabyte)
	if memory > 0 {
		shared = max(32*megabyte, min(256*megabyte, memory/8))
		cache = memory / 2
	}
	return map[string]string{
		"fsync":                "on",
		"full_page_writes":     "on",
		"synchronous_commit":   "on",
		"max_wal_size":         "2GB",
		"checkpoint_timeout":   "15min",
		"max_connections":      "60",
		"shared_buffers":       megabytes(shared),
		"effective_cache_size": megabytes(cache),
		"work_mem":             "16MB",
		"maintenance_work_mem": megabytes(max(32*megabyte, shared/2)),
		"random_page_cost":     "1.1", // no disk to move an arm over
		"jit":                  "off", // our statements are short, and compiling one takes longer
		"timezone":             "UTC",
		"log_timezone":         "UTC",
		"log_destination":      "stderr",
		"logging_collector":    "off",
		"log_checkpoints":      "off",
		"log_line_prefix":      "%m [%p] ",
	}
}

func megabytes(n int64) string { return fmt.Sprintf("%dMB", n/megabyte) }

// memory returns the bytes of memory that this process may use, the machine's or
// its container's, or 0 where the system does not tell (it does on Linux only).
func memory() int64 {
	total := int64(0)
	if info, err := os.ReadFile("/proc/meminfo"); err == nil {
		total = memTotal(info)
	}
	limit, err := os.ReadFile("/sys/fs/cgroup/memory.max")
	if err != nil {
		return total
	}
	n, err := strconv.ParseInt(strings.TrimSpace(string(limit)), 10, 64)
	if err != nil || n <= 0 || total > 0 && n > total { // "max" is no limit
		return total
	}
	return n
}

// memTotal reads the machine's bytes of memory from the text of /proc/meminfo,
// which has them as "MemTotal: 16384 kB".
func memTotal(info []byte) int64 {
	lines := bufio.NewScanner(bytes.NewReader(info))
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) == 3 && fields[0] == "MemTotal:" {
			n, err := strconv.ParseInt(fields[1], 10, 64)
			if err != nil {
				return 0
			}
			return n * 1024
		}
	}
	return 0
}
