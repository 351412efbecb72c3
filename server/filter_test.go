package server

import (
	"errors"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
)

func TestAFilterIsReadFromAnAddress(t *testing.T) {
	from, to, adopted := 2019, 2024, true
	query, err := url.ParseQuery("status=PUBLISHED,DRAFT&origins=DOCUMENTED&regions=220100,%20220200&levels=COUNTY&committees=abc&brands=yi-zheng&brands=cha-hua-hui,&topics=jiaoyu" +
		"&years=2021&years=2022,2023&yearFrom=2019&yearTo=2024&documents=ASK_FITNESS&missing=OUTCOME_EFFECT&outcomeStatus=ADOPTED&adopted=true")
	if err != nil {
		t.Fatal(err)
	}
	got, err := readCaseFilter(query)
	want := catalog.CaseFilter{
		Status: []catalog.Status{"PUBLISHED", "DRAFT"}, Origins: []catalog.Origin{"DOCUMENTED"}, Regions: []string{"220100", "220200"},
		Levels: []catalog.Level{"COUNTY"}, Committees: []string{"abc"}, Brands: []string{"yi-zheng", "cha-hua-hui"}, Topics: []string{"jiaoyu"},
		Years: []int{2021, 2022, 2023}, YearFrom: &from, YearTo: &to, Documents: []catalog.StepCode{"ASK_FITNESS"}, Missing: []catalog.StepCode{"OUTCOME_EFFECT"},
		OutcomeStatus: []catalog.OutcomeStatus{"ADOPTED"}, Adopted: &adopted,
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	// A field that is added to the filter has to be read as well.
	if fields := reflect.TypeFor[catalog.CaseFilter]().NumField(); fields != len(caseFilterFields) {
		t.Errorf("the filter has %d fields, of which %d are read", fields, len(caseFilterFields))
	}
	if got, err := readCaseFilter(url.Values{"years": {""}, "adopted": {" , "}}); err != nil || !reflect.DeepEqual(got, catalog.CaseFilter{}) {
		t.Errorf("parameters without values: %+v, %v", got, err)
	}
}

func TestAFilterThatCannotBeReadIsRefused(t *testing.T) {
	for text, path := range map[string]string{
		"region=220100": "region", "status=SECRET": "status", "years=now": "years", "yearFrom=1,2": "yearFrom", "adopted=perhaps": "adopted",
		"yearTo=99999999999": "yearTo", "regions=" + strings.Repeat("1,", maxFilterValues+1): "regions", "levels=COUNTY%00": "levels",
	} {
		query, err := url.ParseQuery(text)
		if err != nil {
			t.Fatal(err)
		}
		_, err = readCaseFilter(query)
		var e *catalog.Error
		if !errors.As(err, &e) || e.Kind != catalog.KindInvalid || e.Path != path || e.Zh == "" {
			t.Errorf("%.40s: %v", text, err)
		}
	}
}
