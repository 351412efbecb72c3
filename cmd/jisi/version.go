package main

import (
	"context"
	"fmt"
	"runtime"
)

func versionCommand() command {
	return command{
		name: "version",
		zh:   "输出版本",
		en:   "print the version",
		run: func(a *app, _ context.Context, _ *config, _ []string) error {
			_, err := fmt.Fprintf(a.stdout, "jisi %s %s %s/%s\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return err
		},
	}
}
