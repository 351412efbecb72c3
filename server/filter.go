package server

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// maxFilterValues bounds what one parameter may list.
const maxFilterValues = 200

// filterField is a field of catalog.CaseFilter as a parameter of an address.
type filterField func(f *catalog.CaseFilter, values []string) error

// caseFilterFields are all fields, named as in the API's CaseFilter.
var caseFilterFields = map[string]filterField{
	"status":        enums(func(f *catalog.CaseFilter) *[]catalog.Status { return &f.Status }, catalog.Status.Valid),
	"origins":       enums(func(f *catalog.CaseFilter) *[]catalog.Origin { return &f.Origins }, catalog.Origin.Valid),
	"regions":       enums(func(f *catalog.CaseFilter) *[]string { return &f.Regions }, isAnything),
	"levels":        enums(func(f *catalog.CaseFilter) *[]catalog.Level { return &f.Levels }, catalog.Level.Valid),
	"committees":    enums(func(f *catalog.CaseFilter) *[]string { return &f.Committees }, isAnything),
	"brands":        enums(func(f *catalog.CaseFilter) *[]string { return &f.Brands }, isAnything),
	"topics":        enums(func(f *catalog.CaseFilter) *[]string { return &f.Topics }, isAnything),
	"documents":     enums(func(f *catalog.CaseFilter) *[]catalog.StepCode { return &f.Documents }, catalog.StepCode.Valid),
	"missing":       enums(func(f *catalog.CaseFilter) *[]catalog.StepCode { return &f.Missing }, catalog.StepCode.Valid),
	"outcomeStatus": enums(func(f *catalog.CaseFilter) *[]catalog.OutcomeStatus { return &f.OutcomeStatus }, catalog.OutcomeStatus.Valid),
	"years": func(f *catalog.CaseFilter, values []string) error {
		for _, v := range values {
			year, err := number32(v)
			if err != nil {
				return err
			}
			f.Years = append(f.Years, year)
		}
		return nil
	},
	"yearFrom": oneNumber(func(f *catalog.CaseFilter) **int { return &f.YearFrom }),
	"yearTo":   oneNumber(func(f *catalog.CaseFilter) **int { return &f.YearTo }),
	"adopted": func(f *catalog.CaseFilter, values []string) error {
		adopted, err := strconv.ParseBool(values[0])
		if err != nil || len(values) > 1 {
			return fmt.Errorf("%q is neither true nor false", catalog.Clipped(values[0]))
		}
		f.Adopted = &adopted
		return nil
	},
}

func isAnything(string) bool { return true }

func enums[T ~string](field func(*catalog.CaseFilter) *[]T, valid func(T) bool) filterField {
	return func(f *catalog.CaseFilter, values []string) error {
		for _, v := range values {
			if !valid(T(v)) {
				return fmt.Errorf("%q is not one of its values", catalog.Clipped(v))
			}
			*field(f) = append(*field(f), T(v))
		}
		return nil
	}
}

func oneNumber(field func(*catalog.CaseFilter) **int) filterField {
	return func(f *catalog.CaseFilter, values []string) error {
		n, err := number32(values[0])
		if err != nil || len(values) > 1 {
			return fmt.Errorf("%q is not a whole number", catalog.Clipped(strings.Join(values, ",")))
		}
		*field(f) = &n
		return nil
	}
}

// number32 reads an Int of GraphQL's.
func number32(s string) (int, error) {
	n, err := strconv.ParseInt(s, 10, 32)
	if err != nil {
		return 0, fmt.Errorf("%q is not a whole number", catalog.Clipped(s))
	}
	return int(n), nil
}

// readCaseFilter reads a filter of cases from the parameters of an address. A
// list's values are separated by commas, or each in a parameter of its own; a
// parameter with no value is left out. One that is no field is INVALID, so that
// a slip of the pen does not give everything.
func readCaseFilter(query url.Values) (f catalog.CaseFilter, err error) {
	for _, name := range slices.Sorted(maps.Keys(query)) {
		field, ok := caseFilterFields[name]
		if !ok {
			names := strings.Join(slices.Sorted(maps.Keys(caseFilterFields)), ", ")
			return f, catalog.Invalid(catalog.Clipped(name), "没有这个筛选条件，可用："+names, "there is no such filter; there are "+names)
		}
		var values []string
		for _, text := range query[name] {
			for _, v := range strings.Split(text, ",") {
				if v = strings.TrimSpace(v); v != "" {
					values = append(values, v)
				}
			}
		}
		if len(values) > maxFilterValues {
			return f, catalog.Invalid(name, fmt.Sprintf("最多 %d 个值", maxFilterValues), fmt.Sprintf("at most %d values", maxFilterValues))
		}
		if len(values) == 0 {
			continue
		}
		if err := field(&f, values); err != nil {
			return f, catalog.Invalid(name, "不是可用的值："+err.Error(), err.Error())
		}
	}
	return f, nil
}
