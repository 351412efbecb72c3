package catalog

import "strings"

// Contact is whom to call at a committee (联系人). Signed-in readers see it, and no
// export, release, harvest or index has it.
type Contact struct {
	CommitteeID ID `json:"-"`
	Name        *string
	Phone       *string
	Email       *string
}

// Trimmed returns the contact without spaces around, nil where nothing is left of it.
func (c Contact) Trimmed() *Contact {
	for _, p := range []**string{&c.Name, &c.Phone, &c.Email} {
		if *p == nil {
			continue
		}
		if s := strings.TrimSpace(**p); s != "" {
			*p = &s
		} else {
			*p = nil
		}
	}
	if c.Name == nil && c.Phone == nil && c.Email == nil {
		return nil
	}
	return &c
}

// maxPhone bounds a phone number, in characters: an extension and a second number
// have room.
const maxPhone = 60

// Validate checks the contact on its own.
func (c *Contact) Validate() error {
	var check checker
	if c.Name != nil {
		check.line("name", *c.Name, MaxTitle)
	}
	if c.Phone != nil {
		check.line("phone", *c.Phone, maxPhone)
		if strings.Trim(*c.Phone, "0123456789+-()（） ,，、;；/转") != "" || !strings.ContainsAny(*c.Phone, "0123456789") {
			check.invalid("phone", "电话请写数字，例如 0431-88888888", "a phone number has digits, as in 0431-88888888")
		}
	}
	if c.Email != nil {
		check.email("email", *c.Email)
	}
	return check.problems.Or()
}

// MayContact returns nil where the viewer may write the committee's contact.
func MayContact(v *Viewer, committee ID) error {
	return May(v, ActionContact, committee, StatusPublished)
}
