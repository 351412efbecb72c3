package identity

import (
	"fmt"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// claims are what a provider says of somebody.
type claims map[string]any

// at returns the texts at a claim, whose name may lead into objects by dots, as in
// realm_access.roles; a claim whose own name has dots goes first. One text and a
// list of them are the same.
func (c claims) at(path string) []string {
	var value any = map[string]any(c)
	if whole, ok := c[path]; ok {
		value = whole
	} else {
		for _, name := range strings.Split(path, ".") {
			object, _ := value.(map[string]any)
			value = object[name]
		}
	}
	switch value := value.(type) {
	case string:
		return []string{value}
	case []any:
		var texts []string
		for _, v := range value {
			if text, ok := v.(string); ok {
				texts = append(texts, text)
			}
		}
		return texts
	}
	return nil
}

func (c claims) first(paths ...string) string {
	for _, path := range paths {
		if texts := c.at(path); len(texts) > 0 && texts[0] != "" {
			return texts[0]
		}
	}
	return ""
}

// read returns the name, the role and the committee that claims come to: of
// several roles the highest, of none reader.
func (s Settings) read(c claims) (name string, role catalog.Role, committee string, err error) {
	subject := c.first("sub")
	if subject == "" {
		return "", "", "", catalog.Unauthenticated()
	}
	// People are called the same; revisions have to tell them apart.
	name = subject
	if shown := c.first("name", "preferred_username", "email"); shown != "" && shown != subject {
		name = fmt.Sprintf("%s (%s)", shown, subject)
	}
	if runes := []rune(name); len(runes) > catalog.MaxTitle {
		name = string(runes[:catalog.MaxTitle])
	}
	role = s.role(c.at(s.RoleClaim))
	if !role.OfCommittee() {
		return name, role, "", nil
	}
	switch committees := s.committees(c.at(s.CommitteeClaim)); len(committees) {
	case 1:
		return name, role, committees[0], nil
	case 0:
		return "", "", "", forbidden("登录平台没有给出您所属的委员会，请联系管理员", "the identity provider does not say for which committee you act; ask an administrator",
			fmt.Errorf("no claim %s for %s", s.CommitteeClaim, subject))
	default:
		return "", "", "", forbidden("登录平台给出了不止一个委员会，请联系管理员", "the identity provider names more than one committee for you; ask an administrator",
			fmt.Errorf("claim %s for %s names %d committees", s.CommitteeClaim, subject, len(committees)))
	}
}

func (s Settings) role(values []string) catalog.Role {
	highest := catalog.RoleReader
	for _, role := range catalog.Roles { // from the least to the most
		for _, value := range values {
			if s.roleOf(value) == role {
				highest = role
			}
		}
	}
	return highest
}

// roleOf returns the role of a claim's value: what the settings say, or, where they
// say nothing at all, the value itself.
func (s Settings) roleOf(value string) catalog.Role {
	if len(s.Roles) == 0 {
		return catalog.Role(strings.ToUpper(value))
	}
	return s.Roles[value]
}

// committees returns the committees of a claim's values, by the settings where
// they have a value, each once.
func (s Settings) committees(values []string) []string {
	var list []string
	seen := map[string]bool{}
	for _, value := range values {
		if mapped, ok := s.Committees[value]; ok {
			value = mapped
		}
		if value != "" && !seen[value] {
			seen[value] = true
			list = append(list, value)
		}
	}
	return list
}
