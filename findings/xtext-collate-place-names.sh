#!/usr/bin/env bash
# golang.org/x/text/collate: Chinese order puts 乾安 under gan and 重庆 under zhong.
#
# collate.New(language.Chinese) of x/text v0.33.0 orders by the pinyin of an old CLDR, in which a character
# has one reading: gan for 乾, zhong for 重. ICU (here Node's) has qian and chong, and both have zhang for the
# 长 of 长春. Two parts of one site, one in Go and one in a browser or in PostgreSQL with ICU, sort the same
# names of places differently, and neither sorts all as they are read.
#
# Run: findings/xtext-collate-place-names.sh   (Go 1.25 or newer, Node 20 or newer; a temporary folder)
# It prints what it saw and exits with 1 where that is no longer so.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
cat >main.go <<'GO'
package main

import (
	"fmt"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

func main() {
	names := []string{"北京", "重庆", "长春", "朝阳", "桦甸", "珲春", "乾安", "德惠", "吉林", "辽源"}
	collate.New(language.Chinese).SortStrings(names)
	fmt.Println("x/text:", names)
}
GO
go mod init see >/dev/null 2>&1; go get golang.org/x/text@v0.33.0 >/dev/null 2>&1
{ go run .; node -p '"ICU: [" + ["北京","重庆","长春","朝阳","桦甸","珲春","乾安","德惠","吉林","辽源"].sort(new Intl.Collator("zh").compare).join(" ") + "]"'; } >saw
cat >expected <<'TEXT'
x/text: [北京 朝阳 德惠 乾安 桦甸 珲春 吉林 辽源 长春 重庆]
ICU: [北京 朝阳 重庆 德惠 桦甸 珲春 吉林 辽源 乾安 长春]
TEXT
echo "golang.org/x/text v0.33.0, $(go version | cut -d' ' -f3), node $(node --version) (ICU $(node -p process.versions.icu)):"; cat saw
diff expected saw >&2 || { echo "the behaviour has changed since this was written" >&2; exit 1; }
