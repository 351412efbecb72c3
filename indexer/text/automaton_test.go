package text

import "testing"

func TestSyllablesAreReadHoweverTheyWereTyped(t *testing.T) {
	for in, want := range map[string]string{
		"zhanlüe": "zhanlve", "zhanlue": "zhanlve", "zhanlve": "zhanlve", "lüyuan": "lvyuan", "nüe": "nve", "nue": "nve",
		"luer": "luer", "nuer": "nuer", "lu": "lu", "lun": "lun", "战略lue": "战略lve", "": "",
	} {
		if got := string(TypedSyllables([]rune(in))); got != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
	}
}
