package mcp

import (
	"context"
	"fmt"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// prompts are ways of using the tools that people choose by name.
var prompts = []struct{ name, title, description, argument, asks, text string }{
	{
		"find_peers", "找同类经验", "由本地的难题找别处的做法", "problem", "本地的难题，用平常的话说",
		"本地的难题是：%s\n\n请用 learn 找处理过同类问题的案例，再用 get_record 细看最相近的两三个。逐个说明：谁做的、怎么协商的、结果怎样，" +
			"每句话后面注明记录的网址，并照录支持这句话的引文。案例没有写的就说没有写。没有查到就直说没有，不要推测。",
	},
	{
		"write_background", "写案例背景（只引用）", "为一个议题写案例背景，只用引文", "topic", "案例的议题",
		"请为议题“%s”起草案例背景。先用 search_cases 检索，只用返回的 quotes 里的原文，逐字照录、加引号，并在每条引文后注明出处、篇章、起止位置和网址；" +
			"引文之间只写必要的连接词，不加任何引文里没有的事实、数字、日期和评价。最后用 cite 列出所引记录的参考文献。没有查到就直说没有。",
	},
}

func addPrompts(s *sdk.Server) {
	for _, p := range prompts {
		s.AddPrompt(&sdk.Prompt{
			Name: p.name, Title: p.title, Description: p.description,
			Arguments: []*sdk.PromptArgument{{Name: p.argument, Description: p.asks, Required: true}},
		}, func(_ context.Context, r *sdk.GetPromptRequest) (*sdk.GetPromptResult, error) {
			return &sdk.GetPromptResult{Description: p.description, Messages: []*sdk.PromptMessage{
				{Role: "user", Content: &sdk.TextContent{Text: fmt.Sprintf(p.text, r.Params.Arguments[p.argument])}},
			}}, nil
		})
	}
}
