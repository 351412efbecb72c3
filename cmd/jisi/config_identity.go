package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/identity"
)

// wordList returns a flag for a list by commas or spaces.
func wordList(p *[]string, otherwise ...string) flag.Value {
	*p = otherwise
	return &value{get: func() string { return strings.Join(*p, ",") }, set: func(s string) error {
		*p = strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
		return nil
	}}
}

// pairs returns a flag for a list of value=meaning by commas. A value may have spaces in it.
func pairs[T ~string](p *map[string]T, read func(string) (T, error)) flag.Value {
	*p = map[string]T{}
	return &value{get: func() string {
		var list []string
		for k, v := range *p {
			list = append(list, k+"="+strings.ToLower(string(v)))
		}
		slices.Sort(list)
		return strings.Join(list, ",")
	}, set: func(s string) error {
		read0 := map[string]T{}
		for _, pair := range strings.Split(s, ",") {
			at := strings.LastIndex(pair, "=")
			if at < 1 || at == len(pair)-1 {
				return fmt.Errorf("%q is not of the form value=meaning", pair)
			}
			meaning, err := read(strings.TrimSpace(pair[at+1:]))
			if err != nil {
				return err
			}
			read0[strings.TrimSpace(pair[:at])] = meaning
		}
		*p = read0
		return nil
	}}
}

// issuer returns a flag for a website, unchanged to the letter: a provider whose
// name ends in a slash is another than the one whose name does not.
func issuer(p *string) flag.Value {
	address := ""
	site := website(&address, "").(*value)
	return &value{get: func() string { return *p }, set: func(s string) error {
		if err := site.set(s); err != nil {
			return err
		}
		*p = s
		return nil
	}}
}

func readRole(s string) (catalog.Role, error) {
	role := catalog.Role(strings.ToUpper(s))
	if !role.Valid() {
		return "", fmt.Errorf("%q is none of reader, editor, reviewer, admin", s)
	}
	return role, nil
}

func readSlug(s string) (string, error) {
	if !catalog.ValidSlug(s) {
		return "", fmt.Errorf("%q is not a slug", s)
	}
	return s, nil
}

// secretFile reads a secret from a file: unlike a flag it is in no list of
// processes, and unlike a variable in no child's environment.
func secretFile(p *string) flag.Value {
	name := ""
	return &value{get: func() string { return name }, set: func(s string) error {
		name = s
		text, err := os.ReadFile(s)
		if err != nil {
			return errors.New("the file cannot be read")
		}
		if *p = strings.TrimSpace(string(text)); *p == "" {
			return errors.New("the file is empty")
		}
		return nil
	}}
}

// checkIdentity returns what an identity provider lacks.
func checkIdentity(c *config) error {
	if c.oidc.Issuer == "" {
		return nil
	}
	var missing []string
	if c.oidc.ClientID == "" {
		missing = append(missing, "-oidc-client-id")
	}
	if c.publicURL == "" {
		missing = append(missing, "-public-url, to which browsers come back")
	}
	if len(missing) > 0 {
		return errors.New("-oidc-issuer needs " + strings.Join(missing, " and "))
	}
	return nil
}

// identitySettings returns the settings of the provider, with the address that
// browsers come back to, which has to be registered there.
func identitySettings(c *config) identity.Settings {
	s := c.oidc
	s.Callback = c.publicURL + "/sign-in/oidc/callback"
	return s
}
