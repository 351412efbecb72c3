package catalog

import (
	"fmt"
	"io"
	"strconv"
)

// MarshalGQL writes the day as a GraphQL Date.
func (d Day) MarshalGQL(w io.Writer) { _, _ = io.WriteString(w, strconv.Quote(string(d))) }

// UnmarshalGQL reads a GraphQL Date; whether it is a day of the calendar is for
// Validate to say.
func (d *Day) UnmarshalGQL(v any) error {
	text, ok := v.(string)
	if !ok {
		return fmt.Errorf("a Date is a string, not %T", v)
	}
	*d = Day(text)
	return nil
}
