package exchange

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAPrintedFileSaysWhichFontsItTook(t *testing.T) {
	pdf := []byte("1 0 obj<</Type/Font/BaseFont/ABCDEF+NotoSerifCJKsc-Regular>> 2 0 obj<</BaseFont /FangSong_GB2312>> 3 0 obj<</BaseFont/GHIJKL+#E9#BB#91#E4#BD#93>> 4 0 obj<</BaseFont/XYZABC+NotoSerifCJKsc-Regular>>")
	fonts := fontsOf(pdf)
	if diff := cmp.Diff([]string{"NotoSerifCJKsc-Regular", "FangSong_GB2312", "黑体"}, fonts); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got, want := fontNote(fonts), "字体：本机没有公文标准的全部字体，以 NotoSerifCJKsc-Regular 代替。"; got != want {
		t.Errorf("it says %q, want %q", got, want)
	}
	if got := fontNote(fonts[1:]); got != "" {
		t.Errorf("of the standard's own fonts it says %q", got)
	}
}
