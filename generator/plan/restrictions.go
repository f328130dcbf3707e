package plan

import (
	"slices"
	"strings"

	"github.com/callgen/callgen/generator/goir"
	"github.com/callgen/callgen/spec/edm"
)

// Terms of the Capabilities vocabulary that restrict and describe requests.
const (
	readRestrictions      = "ReadRestrictions"
	insertRestrictions    = "InsertRestrictions"
	updateRestrictions    = "UpdateRestrictions"
	deleteRestrictions    = "DeleteRestrictions"
	operationRestrictions = "OperationRestrictions"
)

// restriction is what a description says about one request.
type restriction struct {
	texts  []string
	grants []grant
}

// grant holds the permissions of one scheme, such as Application.
type grant struct {
	scheme string
	scopes []string
}

// restriction returns what the uses of a type say about a request: all their texts, and the
// permissions of the first use that has any.
func (k *reached) restriction(term string) restriction {
	return k.said(func(u use) restriction { return restrictionOf(u.annotations, term) })
}

// readingByKey returns the restriction for reading one entity, which may have a record of
// its own.
func (k *reached) readingByKey() restriction {
	return k.said(func(u use) restriction {
		if a := u.annotations.Get(capabilities + readRestrictions); a != nil && u.collection {
			if byKey := a.Value.Property("ReadByKeyRestrictions"); byKey != nil {
				return readRestriction(byKey)
			}
		}
		return restrictionOf(u.annotations, readRestrictions)
	})
}

func (k *reached) said(of func(use) restriction) restriction {
	var all restriction
	for _, u := range k.uses {
		r := of(u)
		for _, text := range r.texts {
			if !slices.Contains(all.texts, text) {
				all.texts = append(all.texts, text)
			}
		}
		if len(all.grants) == 0 {
			all.grants = r.grants
		}
	}
	return all
}

func restrictionOf(list edm.Annotations, term string) restriction {
	a := list.Get(capabilities + term)
	if a == nil {
		return restriction{}
	}
	return readRestriction(a.Value)
}

// readRestriction parses a record.
func readRestriction(record *edm.Expression) restriction {
	var r restriction
	for _, property := range []string{"Description", "LongDescription"} {
		if v := record.Property(property); v != nil {
			if text := sentence(v.Value); text != "" {
				r.texts = append(r.texts, text)
			}
		}
	}
	if permissions := record.Property("Permissions"); permissions != nil {
		for _, p := range permissions.Items {
			r.grants = append(r.grants, readGrant(p))
		}
	}
	return r
}

func readGrant(p *edm.Expression) grant {
	var g grant
	if scheme := p.Property("SchemeName"); scheme != nil {
		g.scheme = sentence(scheme.Value)
	}
	if scopes := p.Property("Scopes"); scopes != nil {
		for _, s := range scopes.Items {
			if scope := s.Property("Scope"); scope != nil && scope.Value != "" {
				g.scopes = append(g.scopes, sentence(scope.Value))
			}
		}
	}
	return g
}

// addTo adds the restriction to a comment.
func (r restriction) addTo(d *goir.Doc) {
	for _, text := range r.texts {
		d.Add(text)
	}
	d.Points = r.permissions()
}

// permissions lists the permissions by scheme, any one of which is enough.
func (r restriction) permissions() goir.Points {
	points := goir.Points{Title: "Permissions, of which one is needed:"}
	seen := make(map[string]bool)
	for _, g := range r.grants {
		if len(g.scopes) == 0 {
			continue
		}
		seen[g.scheme] = true
		points.Items = append(points.Items, schemeTitle(g.scheme)+strings.Join(g.scopes, ", "))
	}
	if seen[application] && !seen[delegatedWork] && !seen[delegatedPersonal] {
		points.Items = append(points.Items, "delegated: not supported")
	}
	if !seen[application] && (seen[delegatedWork] || seen[delegatedPersonal]) {
		points.Items = append(points.Items, "application: not supported")
	}
	return points
}

// The schemes of Microsoft Graph's permissions. A request does not support the schemes that
// it does not list.
const (
	application       = "Application"
	delegatedWork     = "DelegatedWork"
	delegatedPersonal = "DelegatedPersonal"
)

// schemeTitle returns the title of a scheme in the list.
func schemeTitle(scheme string) string {
	switch scheme {
	case "":
		return ""
	case application:
		return "application: "
	case delegatedWork:
		return "delegated (work or school account): "
	case delegatedPersonal:
		return "delegated (personal account): "
	}
	return scheme + ": "
}
