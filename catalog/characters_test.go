package catalog_test

import (
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
)

func TestCharactersAreCountedByTheRules(t *testing.T) {
	for text, want := range map[string]catalog.Characters{
		"":                 {},
		"政协协商":             {All: 4, Bare: 4},
		"政协，协商。":           {All: 6, Bare: 4},
		"“有事来商量”":          {All: 7, Bare: 5},
		"开展——协商……":         {All: 8, Bare: 4},
		"2024年办结120件":      {All: 6, Bare: 6},
		"满意率98.5%。":        {All: 5, Bare: 4},
		"AI 赋能 GB/T 9704":  {All: 5, Bare: 5},
		"　　段首空格\n第二段":      {All: 7, Bare: 7},
		"１，０００人":           {All: 6, Bare: 5},
		"一、背景（2024—2025年）": {All: 10, Bare: 6},
		"㎡和℃":              {All: 3, Bare: 1},
		"𠮷":                {All: 1, Bare: 1},
		"- - -":            {All: 3},
	} {
		if got := catalog.CountCharacters(text); got != want {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
	}
}
