package pgtest

// strategy is how CREATE DATABASE copies a template. BenchmarkNew with the two
// of them in turn, on two cores that others used too: 62 and 214 ms with
// WAL_LOG, 115 and 263 ms with FILE_COPY, which waits for two checkpoints.
const strategy = "WAL_LOG"
