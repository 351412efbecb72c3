package main

import (
	"context"
	"errors"
	"flag"
	"io"

	"github.com/jisiguangyi/jisi/exchange/synthetic"
)

func generateCommand() command {
	var cases int
	var seed uint64
	var output string
	return command{
		name: "generate",
		zh:   "生成合成案例（JSON Lines），供试验和压力测试",
		en:   "make up cases, as JSON Lines, for trying and measuring",
		help: `  jisi generate -cases 1000 -seed 1 | jisi import -
  jisi generate -cases 100000 -o cases.jsonl

同样的种子生成同样的记录。每条都标明 SYNTHETIC，可用 jisi remove -synthetic 全部删除。
The same seed makes the same records. Each says that it is SYNTHETIC, and all go
with jisi remove -synthetic.
`,
		flags: func(set *flag.FlagSet) {
			set.IntVar(&cases, "cases", 100, "案例数\nhow many cases")
			set.Uint64Var(&seed, "seed", 1, "随机种子\nseed of the random numbers")
			set.StringVar(&output, "o", "", "写入此文件，不填则写到标准输出\nwrite to this file; without it to standard output")
		},
		run: func(a *app, ctx context.Context, _ *config, args []string) error {
			if len(args) > 0 || cases < 1 {
				return usage(generateCommand(), errors.New("-cases is 1 or more, and there are no arguments"))
			}
			o := synthetic.Options{Cases: cases, Seed: seed}
			if output == "" {
				return synthetic.Write(ctx, a.stdout, o)
			}
			return writeFile(output, func(w io.Writer) error { return synthetic.Write(ctx, w, o) })
		},
	}
}
