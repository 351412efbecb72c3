package main

import (
	"context"
	"fmt"

	"github.com/jisiguangyi/jisi/schema"
)

func schemaCommand() command {
	return command{
		name: "schema",
		zh:   "输出接口定义（SDL）",
		en:   "print the schema definition",
		help: "  jisi schema > jisi.graphql\n",
		run: func(a *app, _ context.Context, _ *config, _ []string) error {
			_, err := fmt.Fprint(a.stdout, schema.SDL())
			return err
		},
	}
}
