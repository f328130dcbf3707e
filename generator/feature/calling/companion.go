package calling

import (
	"bytes"
	"embed"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"slices"
	"strings"

	"github.com/callgen/callgen/generator/goir"
	"github.com/callgen/callgen/generator/names"
)

//go:embed companion/identity.go companion/link.go companion/validate.go companion/meeting.go
var companionFiles embed.FS

// modelName is the name by which the companion imports the generated package.
const modelName = "communications"

// companion is a file of the package companion, and its needs.
type companion struct {
	name  string
	uses  []string // other files of the companion
	needs []need
}

// need is a type and its properties in use.
type need struct {
	name        string
	polymorphic bool // values are held in an interface
	properties  string
}

// companions returns the files in order of dependency: a file may use the ones before it.
func companions() []companion {
	return []companion{
		{"identity", nil, []need{
			{"identitySet", true, "application applicationInstance device encrypted guest phone user"},
			{"identity", true, "displayName id tenantId"}, {"participantInfo", false, "identity"},
		}},
		{"link", []string{"identity"}, []need{
			{"call", false, "chatInfo meetingInfo tenantId"}, {"meetingInfo", true, ""},
			{"organizerMeetingInfo", false, "organizer"}, {"joinMeetingIdMeetingInfo", false, "joinMeetingId passcode"},
			{"chatInfo", false, "threadId messageId replyChainMessageId"}, {"identitySet", true, "user"}, {"identity", true, "id tenantId"},
		}},
		{"validate", []string{"identity"}, []need{
			{"call", false, "activeModalities answeredBy callOptions callRoutes callbackUri chatInfo id incomingContext mediaConfig mediaState " +
				"meetingCapability meetingInfo resultInfo source state targets tenantId transcription"},
			{"mediaConfig", true, ""}, {"appHostedMediaConfig", false, "blob"}, {"serviceHostedMediaConfig", false, ""}, {"callOptions", true, ""},
			{"meetingInfo", true, ""}, {"organizerMeetingInfo", false, "organizer"}, {"joinMeetingIdMeetingInfo", false, "joinMeetingId passcode"},
			{"tokenMeetingInfo", false, "token"}, {"chatInfo", false, "threadId messageId replyChainMessageId"},
			{"participantInfo", false, "identity"}, {"invitationParticipantInfo", false, "identity"},
			{"identitySet", true, "applicationInstance phone user"},
		}},
		{"meeting", []string{"identity", "link"}, []need{
			{"onlineMeeting", false, "id chatInfo joinMeetingIdSettings joinWebUrl participants"}, {"joinMeetingIdSettings", false, "isPasscodeRequired joinMeetingId passcode"},
			{"meetingParticipants", false, "organizer"}, {"meetingParticipantInfo", false, "identity"}, {"identity", true, "displayName id tenantId"},
		}},
	}
}

// sources returns the files of the companion whose needs are met.
func (p *planner) sources() []*goir.Source {
	var list []*goir.Source
	has := make(map[string]bool)
	for _, c := range companions() {
		missing := slices.ContainsFunc(c.uses, func(name string) bool { return !has[name] })
		if has[c.name] = !missing && p.hasAll(c.needs); has[c.name] {
			list = append(list, c.source())
		}
	}
	return list
}

// hasAll reports whether every need is selected, with the Go name that the companion uses.
func (p *planner) hasAll(needs []need) bool {
	return !slices.ContainsFunc(needs, func(n need) bool {
		t := p.Structured(namespace + n.name)
		if t == nil || p.Names().Type(t) != names.Pascal(n.name) || p.Names().Polymorphic(t) != n.polymorphic {
			return true
		}
		return slices.ContainsFunc(strings.Fields(n.properties), func(name string) bool {
			property := declared(t, name)
			return property == nil || p.Names().Field(property) != names.Pascal(name)
		})
	})
}

// parsed returns the text of a file and its syntax.
func (c companion) parsed() ([]byte, *ast.File, *token.FileSet) {
	data, _ := companionFiles.ReadFile("companion/" + c.name + ".go") // it is embedded
	fset := token.NewFileSet()
	file, _ := parser.ParseFile(fset, c.name, data, parser.ParseComments|parser.SkipObjectResolution) // it compiles
	return data, file, fset
}

// source returns a file without its package clause, and without the qualifier of the model.
func (c companion) source() *goir.Source {
	data, file, fset := c.parsed()
	text := string(data[fset.Position(file.Name.End()).Offset:])
	for _, spec := range file.Imports {
		if strings.HasSuffix(spec.Path.Value, "/"+modelName+`"`) {
			text = strings.Replace(text, "import "+spec.Path.Value+"\n", "", 1) // the only one
			text = strings.Replace(text, "\t"+spec.Path.Value+"\n", "", 1)      // one of several
		}
	}
	const clause = "package p"
	formatted, _ := format.Source([]byte(clause + plainText(text))) // it compiles
	return &goir.Source{Name: "calling_" + c.name, Text: strings.TrimPrefix(string(formatted), clause), API: c.api(file, fset)}
}

func plainText(text string) string { return strings.ReplaceAll(text, modelName+".", "") }

// api returns the exported symbols of a file.
func (c companion) api(file *ast.File, fset *token.FileSet) []goir.Symbol {
	var list []goir.Symbol
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Recv != nil || !f.Name.IsExported() {
			continue
		}
		var typ bytes.Buffer
		_ = format.Node(&typ, fset, unnamed(f.Type)) // writes to memory, cannot fail
		list = append(list, goir.Symbol{Name: f.Name.Name, Kind: "function", Type: plainText(typ.String()), Element: namespace + c.needs[0].name})
	}
	return list
}

// unnamed returns a function type without parameter names.
func unnamed(t *ast.FuncType) *ast.FuncType {
	types := func(list *ast.FieldList) *ast.FieldList {
		if list == nil {
			return nil
		}
		all := new(ast.FieldList)
		for _, f := range list.List {
			for range max(len(f.Names), 1) {
				all.List = append(all.List, &ast.Field{Type: f.Type})
			}
		}
		return all
	}
	return &ast.FuncType{Params: types(t.Params), Results: types(t.Results)}
}

// companionNames returns the package-level names that the companion declares.
func companionNames() []string {
	var list []string
	for _, c := range companions() {
		_, file, _ := c.parsed()
		for _, d := range file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil {
					list = append(list, d.Name.Name)
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					switch spec := spec.(type) {
					case *ast.TypeSpec:
						list = append(list, spec.Name.Name)
					case *ast.ValueSpec:
						for _, name := range spec.Names {
							list = append(list, name.Name)
						}
					}
				}
			}
		}
	}
	return list
}
