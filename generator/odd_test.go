package generator_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generator"
	"github.com/callgen/callgen/generator/output"
	"github.com/callgen/callgen/generator/read"
	"github.com/callgen/callgen/spec/diag"
)

// odd is a description with something that others publish, and that CSDL does not have or
// that few services use.
type odd struct {
	name, text string
	note       string // that is made, "" for none
	refused    string // what is said if nothing can be made of it
	has        string // that the package has
	compile    bool   // a shape that no other test has
}

// schema wraps what is in a schema.
func schema(content string) string {
	return `<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>` +
		`<Schema Namespace="ns" Alias="self" xmlns="http://docs.oasis-open.org/odata/ns/edm">` + content + `</Schema></edmx:DataServices></edmx:Edmx>`
}

// thing is an entity type and its set, for what is about something else.
const thing = `<EntityType Name="Thing"><Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="Edm.Guid" Nullable="false"/></EntityType>`

func served(content string) string {
	return schema(thing + `<EntityContainer Name="C"><EntitySet Name="Things" EntityType="ns.Thing"/>` + content + `</EntityContainer>`)
}

// members are properties and so on of one entity type with a set.
func members(content string) string {
	return schema(`<EntityType Name="Thing"><Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="Edm.Guid" Nullable="false"/>` + content + `</EntityType>` +
		`<EntityContainer Name="C"><EntitySet Name="Things" EntityType="ns.Thing"/></EntityContainer>`)
}

func wideText(text string) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune("\ufeff" + text)) {
		b.WriteByte(byte(u))
		b.WriteByte(byte(u >> 8))
	}
	return b.String()
}

func oddDescriptions() []odd {
	return []odd{
		// around the schemas
		{name: "UTF-16 that says UTF-8", text: wideText(`<?xml version="1.0" encoding="utf-8"?>` + served(""))},
		{name: "UTF-8 that says UTF-16", text: `<?xml version="1.0" encoding="utf-16"?>` + served("")},
		{name: "ISO-8859-15", text: `<?xml version="1.0" encoding="ISO-8859-15"?>` + members(`<Property Name="Stra`+"\xdf"+`e" Type="Edm.String"/>`), has: "Straße"},
		{name: "us-ascii", text: `<?xml version="1.0" encoding="us-ascii"?>` + served("")},
		{name: "standalone", text: "\ufeff\n" + `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + served("")},
		{name: "blank line before the XML declaration", text: "\r\n<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n" + served("")},
		{name: "style sheet", text: `<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="/V4.xsl"?><!-- made --> ` + served("") + "\n<!-- end -->\n"},
		{name: "document type with entities", text: `<?xml version="1.0"?><!DOCTYPE edmx [<!ENTITY e "x"><!ELEMENT a ANY>]>` + served(""), note: `a document type declaration is not supported: it is ignored`},
		{name: "entity of HTML", text: members(`<Property Name="P" Type="Edm.String"><Annotation Term="Core.Description" String="a&nbsp;b &eacute;"/></Property>`), refused: `bad XML: invalid character entity &nbsp;`},
		{name: "control character", text: members(`<Property Name="P" Type="Edm.String"><Annotation Term="Core.Description" String="a` + "\x0b" + `b &#x1F;c"/></Property>`), refused: `bad XML: illegal character code U+000B`},
		{name: "XInclude", text: strings.Replace(served(""), "<EntityType", `<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="x.xml"/><EntityType`, 1)},
		{name: "other prefix", text: strings.NewReplacer("edmx:", "x:", ":edmx", ":x").Replace(served(""))},
		{name: "wrapper as default namespace", text: strings.NewReplacer("<edmx:", "<", "</edmx:", "</", ":edmx", "").Replace(served(""))},
		{name: "schema prefix", text: `<e:Edmx Version="4.0" xmlns:e="http://docs.oasis-open.org/odata/ns/edmx" xmlns:s="http://docs.oasis-open.org/odata/ns/edm"><e:DataServices><s:Schema Namespace="ns"><s:ComplexType Name="T"><s:Property Name="P" Type="Edm.String"/></s:ComplexType></s:Schema></e:DataServices></e:Edmx>`},
		{name: "two DataServices", text: strings.Replace(served(""), "</edmx:DataServices>", `</edmx:DataServices><edmx:DataServices><Schema Namespace="o" xmlns="http://docs.oasis-open.org/odata/ns/edm"><ComplexType Name="Other"/></Schema></edmx:DataServices>`, 1)},
		{name: "empty DataServices", text: `<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices/></edmx:Edmx>`, refused: `no type is defined here: hand in the $metadata of a service`},
		{name: "empty schema", text: schema(""), refused: `no type is defined here: hand in the $metadata of a service`},
		{name: "container only", text: schema(`<EntityContainer Name="C"/>`), refused: `no type is defined here: hand in the $metadata of a service`},
		{name: "no Namespace", text: strings.Replace(schema(`<ComplexType Name="T"/>`), ` Namespace="ns"`, "", 1), note: `<Schema> has no Namespace: it is read as self`},
		{name: "no Version", text: strings.Replace(served(""), ` Version="4.0"`, "", 1), note: `<Edmx> has no Version: it is read as 4.0`},
		{name: "Version 4", text: strings.Replace(served(""), `"4.0"`, `"4"`, 1), note: `unsupported Version "4": it is read as 4.0`},
		{name: "Version 4.0.0", text: strings.Replace(served(""), `"4.0"`, `"4.0.0"`, 1), note: `unsupported Version "4.0.0": it is read as 4.0`},
		{name: "data service version", text: strings.Replace(served(""), "<edmx:DataServices", `<edmx:DataServices m:DataServiceVersion="4.0" m:MaxDataServiceVersion="4.0" xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"`, 1)},
		{name: "schema of 2009 in a wrapper of 4", text: strings.Replace(served(""), "http://docs.oasis-open.org/odata/ns/edm\"", "http://schemas.microsoft.com/ado/2009/11/edm\"", 2), note: `XML namespace "http://schemas.microsoft.com/ado/2009/11/edm" is that of an older CSDL: it is read as that of CSDL 4, which <Edmx> says it is`},
		{name: "schema of 4 in a wrapper of 2007", text: strings.Replace(strings.Replace(served(""), "http://docs.oasis-open.org/odata/ns/edmx", "http://schemas.microsoft.com/ado/2007/06/edmx", 1), `"4.0"`, `"1.0"`, 1), note: `unsupported Version "1.0": it is read as 4.0`},
		{name: "V2", text: `<edmx:Edmx Version="1.0" xmlns:edmx="http://schemas.microsoft.com/ado/2007/06/edmx" xmlns:sap="http://www.sap.com/Protocols/SAPData"><edmx:DataServices m:DataServiceVersion="2.0" xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"><Schema Namespace="a" xmlns="http://schemas.microsoft.com/ado/2008/09/edm"><EntityType Name="T"/></Schema></edmx:DataServices></edmx:Edmx>`, refused: `this describes OData V2 or V3 (XML namespace "http://schemas.microsoft.com/ado/2007/06/edmx"), and only OData 4 is read: save the $metadata of the service's OData 4 address`},
		{name: "V2 and V4 side by side", text: strings.Replace(served(""), "</edmx:DataServices>", `<Schema Namespace="old" xmlns="http://schemas.microsoft.com/ado/2008/09/edm"><EntityType Name="T"/></Schema></edmx:DataServices>`, 1), note: `XML namespace "http://schemas.microsoft.com/ado/2008/09/edm" is that of an older CSDL: it is read as that of CSDL 4, which <Edmx> says it is`},
		{name: "JSON CSDL", text: `{"$Version": "4.01", "$EntityContainer": "a.C", "a": {"T": {"$Kind": "EntityType"}}}`, refused: `this is CSDL JSON, which is not read: save the CSDL XML that the service answers at …/$metadata to Accept: application/xml`},
		{name: "Swagger 2", text: `{"swagger": "2.0", "info": {"title": "a", "version": "1"}, "paths": {}}`, refused: `Swagger "2.0" is not supported: convert it to OpenAPI 3`},
		{name: "Swagger 2 in YAML", text: "swagger: '2.0'\ninfo:\n  title: a\n", refused: `Swagger "2.0" is not supported: convert it to OpenAPI 3`},
		{name: "service document in JSON", text: `{"@odata.context":"https://x/$metadata","value":[{"name":"A","url":"A"}]}`, refused: `this is data of a service, not its description: save what it answers at …/$metadata`},
		{name: "error in JSON", text: `{"error":{"code":"401","message":"no"}}`, refused: `this is an error that a service answered, not its description: save what it answers at …/$metadata to those who are signed in`},
		{name: "web page", text: "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>x</title></head><body><br><p>Sign in</body></html>", refused: `this is a web page, not CSDL XML: save what the service answers at …/$metadata to those who are signed in`},
		{name: "atom service document", text: `<?xml version="1.0"?><service xml:base="https://x/" xmlns="http://www.w3.org/2007/app" xmlns:atom="http://www.w3.org/2005/Atom"><workspace/></service>`, refused: `this is the service document, not the description: add /$metadata to its URL`},
		{name: "SOAP", text: `<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/"/>`, refused: `not CSDL XML: the root element is <definitions>, not <edmx:Edmx>`},
		{name: "nothing", text: "", refused: `empty file: a CSDL XML document is needed`},
		{name: "HTTP headers before", text: "HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\n\r\n" + served(""), refused: `this is neither JSON nor YAML: mapping values are not allowed in this context`},
		// names
		{name: "alias is the namespace", text: strings.Replace(served(""), `Alias="self"`, `Alias="ns"`, 1)},
		{name: "alias of two schemas", text: strings.Replace(served(""), "</Schema>", `</Schema><Schema Namespace="o" Alias="self" xmlns="http://docs.oasis-open.org/odata/ns/edm"><ComplexType Name="T"><Property Name="P" Type="self.Thing"/></ComplexType></Schema>`, 1), note: `o: alias self also stands for ns: it is ignored`},
		{name: "alias of a reference is that of the schema", text: strings.Replace(served(""), "<edmx:DataServices>", `<edmx:Reference Uri="x"><edmx:Include Namespace="x.V1" Alias="self"/></edmx:Reference><edmx:DataServices>`, 1), note: `ns: alias self also stands for x.V1: it is ignored`},
		{name: "namespace with a part that is a number", text: strings.ReplaceAll(served(""), `ns"`, `my-ns.1"`), note: `Namespace "my-ns.1" is not a namespace: it is read anyway`, compile: true},
		{name: "namespace with a dash", text: strings.NewReplacer(`Namespace="ns"`, `Namespace="my-ns"`, `"ns.Thing"`, `"my-ns.Thing"`).Replace(served(""))},
		{name: "names with dashes and dots", text: members(`<Property Name="a-b" Type="Edm.String"/><Property Name="a.b" Type="Edm.String"/><Property Name="@a" Type="Edm.String"/><Property Name="$id" Type="Edm.String"/>`), note: `ns.Thing/a.b: Name "a.b" is not an identifier: it is left out`},
		{name: "names in other scripts", text: members(`<Property Name="名前" Type="Edm.String"/><Property Name="имя" Type="Edm.String"/><Property Name="_" Type="Edm.String"/><Property Name="__metadata" Type="Edm.String"/>`), compile: true},
		{name: "huge name", text: members(`<Property Name="` + strings.Repeat("a", 600) + `" Type="Edm.String"/>`), note: `ns.Thing/"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…": Name "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…" is not an identifier: it is left out`},
		{name: "names in letters of either case", text: members(`<Property Name="id" Type="Edm.String"/><Property Name="Id" Type="Edm.String"/><Property Name="iD" Type="Edm.String"/>`), compile: true},
		{name: "type in letters of another case", text: members(`<Property Name="P" Type="edm.string"/><Property Name="Q" Type="NS.thing"/>`), note: `ns.Thing/P: type "edm.string" is not quite a primitive one: it is read as that`},
		{name: "generic types of C#", text: schema(`<ComplexType Name="List` + "`1" + `"/><EntityType Name="Page&lt;Item&gt;"/>` + thing), note: "ns.\"List`1\": Name \"List`1\" is not an identifier: it is left out", compile: true},
		{name: "property of the name of its type", text: members(`<Property Name="Thing" Type="Edm.String"/><NavigationProperty Name="Things" Type="Collection(ns.Thing)"/>`), compile: true},
		{name: "type of Go", text: schema(`<ComplexType Name="string"/><ComplexType Name="error"/><EnumType Name="Client"/><ComplexType Name="type"><Property Name="func" Type="self.type"/></ComplexType>`), compile: true},
		// types
		{name: "Collection with blanks", text: members(`<Property Name="P" Type="Collection( Edm.String )"/><Property Name="Q" Type=" Edm.String "/><Property Name="R" Type="collection(Edm.String)"/>`), note: `ns.Thing/P: type "Collection( Edm.String )" is not quite a collection: it is read as that`},
		{name: "collection of collections", text: members(`<Property Name="P" Type="Collection(Collection(Edm.String))"/>`), note: `ns.Thing/P: undefined alias "Collection(Edm": its JSON is kept as it is (Edm.Untyped)`},
		{name: "collection not closed", text: members(`<Property Name="P" Type="Collection(Edm.String"/>`), note: `ns.Thing/P: type "Collection(Edm.String" lacks its closing parenthesis: it is read as if it had`},
		{name: "primitive without namespace", text: members(`<Property Name="P" Type="String"/>`), note: `ns.Thing/P: type "String" is not quite a primitive one: it is read as that`},
		{name: "types of V3", text: members(`<Property Name="A" Type="Edm.DateTime"/><Property Name="B" Type="Edm.Time"/><Property Name="C" Type="Edm.Float"/>`), note: `ns.Thing/A: undefined type "Edm.DateTime": its JSON is kept as it is (Edm.Untyped)`},
		{name: "Edm.Stream collections", text: members(`<Property Name="A" Type="Collection(Edm.Stream)"/><Property Name="B" Type="Collection(Edm.GeographyCollection)"/><Property Name="C" Type="Edm.PrimitiveType"/><Property Name="D" Type="Collection(Edm.ComplexType)"/><NavigationProperty Name="E" Type="Collection(Edm.EntityType)"/><Property Name="F" Type="Edm.Geometry"/><Property Name="G" Type="Collection(Edm.Untyped)"/>`), compile: true},
		{name: "facets in words", text: members(`<Property Name="A" Type="Edm.String" Nullable="TRUE" MaxLength="Max" Unicode="False"/><Property Name="B" Type="Edm.Decimal" Precision="-1" Scale="floating"/><Property Name="C" Type="Edm.String" MaxLength="" Nullable=""/><Property Name="D" Type="Edm.GeographyPoint" SRID="variable"/><Property Name="E" Type="Edm.String" MaxLength="99999999999999999999"/>`), note: `ns.Thing/A: MaxLength is "Max": it is read as max`},
		{name: "defaults that do not suit", text: members(`<Property Name="A" Type="Edm.Int32" DefaultValue="abc"/><Property Name="B" Type="Edm.Boolean" DefaultValue=""/>`)},
		{name: "type definitions of each other", text: schema(`<TypeDefinition Name="A" UnderlyingType="ns.B"/><TypeDefinition Name="B" UnderlyingType="ns.A"/><TypeDefinition Name="C" UnderlyingType="ns.C"/><ComplexType Name="T"><Property Name="P" Type="ns.A"/><Property Name="Q" Type="Collection(ns.C)"/></ComplexType>`), note: `ns.A: UnderlyingType "ns.B" is not a primitive type: it is left out`},
		{name: "type definition three deep", text: schema(`<TypeDefinition Name="A" UnderlyingType="ns.B"/><TypeDefinition Name="B" UnderlyingType="ns.D"/><TypeDefinition Name="D" UnderlyingType="Edm.Int32"/><ComplexType Name="T"><Property Name="P" Type="ns.A"/></ComplexType>`), note: `ns.A: UnderlyingType "ns.B" is not a primitive type: it is read as Edm.Int32`},
		{name: "type definition of an enum and a collection", text: schema(`<EnumType Name="E"><Member Name="a"/></EnumType><TypeDefinition Name="A" UnderlyingType="ns.E"/><TypeDefinition Name="B" UnderlyingType="Collection(Edm.String)"/><ComplexType Name="T"><Property Name="P" Type="ns.A"/><Property Name="Q" Type="ns.B"/></ComplexType>`), note: `ns.A: UnderlyingType "ns.E" is not a primitive type: it is left out`},
		{name: "base type is itself", text: schema(`<EntityType Name="A" BaseType="ns.A"/>` + thing), note: `ns.A: base types form a cycle: ns.A → ns.A; the type is read without it, as an open type`},
		{name: "base type of another kind", text: schema(`<ComplexType Name="A"/><EntityType Name="B" BaseType="ns.A"/><EnumType Name="E"/><ComplexType Name="D" BaseType="ns.E"/>` + thing), note: `ns.B: base type ns.A is of the wrong kind: an entity type cannot derive from a complex type; the type is read without it, as an open type`},
		{name: "base type is Edm.EntityType", text: schema(`<EntityType Name="B" BaseType="Edm.EntityType"/>` + thing)},
		{name: "BaseType empty", text: schema(`<EntityType Name="B" BaseType=""/>` + thing)},
		{name: "enum of odd values", text: schema(`<EnumType Name="E"><Member Name="a" Value="1"/><Member Name="b" Value="1"/><Member Name="c" Value="-5"/><Member Name="d" Value="99999999999"/><Member Name="e" Value="99999999999999999999"/><Member Name="f" Value="0x10"/><Member Name="A" Value=" 7 "/></EnumType>`), note: `ns.E/d: value 99999999999 does not fit in Edm.Int32: the type is read as one of Edm.Int64`, compile: true},
		{name: "flags with gaps", text: schema(`<EnumType Name="E" IsFlags="True"><Member Name="None" Value="0"/><Member Name="A" Value="1"/><Member Name="D" Value="8"/><Member Name="All" Value="-1"/></EnumType><EnumType Name="F" IsFlags="true"><Member Name="x"/><Member Name="y"/></EnumType>`), note: `ns.E: IsFlags is "True": it is read as true`, compile: true},
		{name: "enum without members", text: schema(`<EnumType Name="E"/><ComplexType Name="T"><Property Name="P" Type="ns.E"/></ComplexType>`), compile: true},
		{name: "enum members that are no identifiers", text: schema(`<EnumType Name="E"><Member Name="3D"/><Member Name="a b"/><Member Name="c"/></EnumType>`), note: `ns.E/"3D": Name "3D" is not an identifier: it is left out`},
		{name: "nothing but enums", text: schema(`<EnumType Name="E"><Member Name="a"/></EnumType>`)},
		{name: "abstract entity without key, set of it", text: schema(`<EntityType Name="T" Abstract="true"/><EntityContainer Name="C"><EntitySet Name="Ts" EntityType="ns.T"/></EntityContainer>`)},
		// keys
		{name: "key through a complex property", text: schema(`<ComplexType Name="K"><Property Name="N" Type="Edm.Int32" Nullable="false"/></ComplexType><EntityType Name="T"><Key><PropertyRef Name="Key/N" Alias="N"/></Key><Property Name="Key" Type="ns.K" Nullable="false"/></EntityType><EntityContainer Name="C"><EntitySet Name="Ts" EntityType="ns.T"/></EntityContainer>`), has: "ByN", compile: true},
		{name: "key through a path without alias", text: schema(`<ComplexType Name="K"><Property Name="N" Type="Edm.Int32" Nullable="false"/></ComplexType><EntityType Name="T"><Key><PropertyRef Name="Key/N"/></Key><Property Name="Key" Type="ns.K" Nullable="false"/></EntityType><EntityContainer Name="C"><EntitySet Name="Ts" EntityType="ns.T"/></EntityContainer>`), compile: true},
		{name: "key through a navigation property", text: schema(thing + `<EntityType Name="T"><Key><PropertyRef Name="To/ID" Alias="toID"/></Key><NavigationProperty Name="To" Type="ns.Thing" Nullable="false"/></EntityType><EntityContainer Name="C"><EntitySet Name="Ts" EntityType="ns.T"/></EntityContainer>`), compile: true},
		{name: "key of odd types", text: schema(`<EntityType Name="T"><Key><PropertyRef Name="A"/><PropertyRef Name="B"/><PropertyRef Name="D"/><PropertyRef Name="E"/><PropertyRef Name="F"/></Key><Property Name="A" Type="Edm.Date"/><Property Name="B" Type="Edm.Decimal"/><Property Name="D" Type="Edm.Binary"/><Property Name="E" Type="Edm.Boolean"/><Property Name="F" Type="Edm.Duration"/></EntityType><EntityContainer Name="C"><EntitySet Name="Ts" EntityType="ns.T"/></EntityContainer>`), compile: true},
		{name: "key of a collection and a complex type", text: schema(`<ComplexType Name="K"/><EntityType Name="T"><Key><PropertyRef Name="A"/><PropertyRef Name="B"/></Key><Property Name="A" Type="Collection(Edm.String)"/><Property Name="B" Type="ns.K"/></EntityType><EntityContainer Name="C"><EntitySet Name="Ts" EntityType="ns.T"/></EntityContainer>`), note: `ns.T: key property "A" is of type Collection(Edm.String), whose values cannot be part of URLs: the type is read without key, so that no request leads to one of its entities`},
		{name: "key twice the same property", text: schema(`<EntityType Name="T"><Key><PropertyRef Name="A"/><PropertyRef Name="A"/></Key><Property Name="A" Type="Edm.String"/></EntityType><EntityContainer Name="C"><EntitySet Name="Ts" EntityType="ns.T"/></EntityContainer>`), compile: true},
		{name: "key on a complex type", text: schema(`<ComplexType Name="T"><Key><PropertyRef Name="A"/></Key><Property Name="A" Type="Edm.String"/></ComplexType>`), note: `ns.T: unknown element <Key> in <ComplexType>: it is ignored`},
		{name: "key of a singleton's type, nullable singleton", text: served(`<Singleton Name="Me" Type="ns.Thing" Nullable="true"/>`)},
		{name: "alternate keys repeated", text: members(`<Property Name="A" Type="Edm.String"/><Annotation Term="Org.OData.Core.V1.AlternateKeys"><Collection>` + strings.Repeat(alternateOfA, 2) + `<Record><PropertyValue Property="Key"><Collection>` + strings.Repeat(partOfA, 2) + `</Collection></PropertyValue></Record></Collection></Annotation>`), has: "ByA(", compile: true},
		// navigation
		{name: "containment in a circle", text: members(`<NavigationProperty Name="Parts" Type="Collection(ns.Thing)" ContainsTarget="true"/><NavigationProperty Name="Whole" Type="ns.Thing" ContainsTarget="true" Partner="Parts"/>`)},
		{name: "navigation in complex types", text: schema(thing + `<ComplexType Name="K"><NavigationProperty Name="To" Type="ns.Thing"/><NavigationProperty Name="Many" Type="Collection(ns.Thing)" ContainsTarget="true"/></ComplexType><EntityType Name="T" BaseType="ns.Thing"><Property Name="K" Type="ns.K"/><Property Name="L" Type="Collection(ns.K)"/></EntityType><EntityContainer Name="C"><EntitySet Name="Ts" EntityType="ns.T"/></EntityContainer>`), compile: true},
		{name: "partner, constraint and binding of nothing", text: schema(`<EntityType Name="Thing"><Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="Edm.Guid"/><NavigationProperty Name="To" Type="ns.Thing" Partner="Nothing/of/it"><ReferentialConstraint Property="x" ReferencedProperty="y"/><OnDelete Action="Cascade"/></NavigationProperty></EntityType><EntityContainer Name="C"><EntitySet Name="Ts" EntityType="ns.Thing"><NavigationPropertyBinding Path="Gone" Target="Nowhere"/><NavigationPropertyBinding Path="To" Target="other.C/Ts"/></EntitySet></EntityContainer>`)},
		{name: "relationships of V3", text: members(`<NavigationProperty Name="To" Relationship="ns.R" ToRole="a" FromRole="b"/>`), note: `ns.Thing/To: <NavigationProperty> has no Type: its JSON is kept as it is (Edm.Untyped)`},
		{name: "association sets of V3", text: strings.Replace(served(`<AssociationSet Name="R" Association="ns.R"><End Role="a" EntitySet="Things"/></AssociationSet>`), "<EntityType", `<Association Name="R"><End Type="ns.Thing" Multiplicity="*" Role="a"/></Association><EntityType`, 1), note: `ns: unknown element <Association> in <Schema>: it is ignored`},
		{name: "function imports of V3", text: served(`<FunctionImport Name="F" ReturnType="Collection(ns.Thing)" EntitySet="Things" IsBindable="true" m:HttpMethod="GET" xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"><Parameter Name="p" Type="Edm.String"/></FunctionImport>`), note: `ns.C/F: <FunctionImport> has no Function: it is left out`},
		{name: "lazy loading and store schema", text: strings.Replace(served(""), `<EntityContainer Name="C"`, `<EntityContainer Name="C" annotation:LazyLoadingEnabled="true" xmlns:annotation="http://schemas.microsoft.com/ado/2009/02/edm/annotation" m:IsDefaultEntityContainer="true" xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"`, 1)},
		// container
		{name: "set without type", text: served(`<EntitySet Name="A"/><Singleton Name="B"/><EntitySet EntityType="ns.Thing"/>`), note: `ns.C/A: <EntitySet> has no EntityType: it is left out`},
		{name: "set of a collection, set of a complex type", text: schema(thing + `<ComplexType Name="K"/><EntityContainer Name="C"><EntitySet Name="A" EntityType="Collection(ns.Thing)"/><EntitySet Name="B" EntityType="ns.K"/></EntityContainer>`), note: `ns.C/A: undefined alias "Collection(ns": it is left out`},
		{name: "set of Edm.EntityType", text: served(`<EntitySet Name="A" EntityType="Edm.EntityType"/><Singleton Name="B" Type="Edm.ComplexType"/>`), note: `ns.C/A: entity set of Edm.EntityType, which is not an entity type: it is left out, and no request leads to it`, compile: true},
		{name: "set named as a type and in other letters", text: served(`<EntitySet Name="Thing" EntityType="ns.Thing"/><EntitySet Name="things" EntityType="ns.Thing"/>`), compile: true},
		{name: "container extends nothing", text: strings.Replace(served(""), `Name="C"`, `Name="C" Extends="other.Base"`, 1), note: `ns.C: undefined alias "other": it is ignored`},
		{name: "container extends itself", text: strings.Replace(served(""), `Name="C"`, `Name="C" Extends="ns.C"`, 1)},
		{name: "container named as a type", text: strings.Replace(served(""), `Name="C"`, `Name="Thing"`, 1), compile: true},
		{name: "container without name", text: strings.Replace(served(""), ` Name="C"`, "", 1), note: `ns: <EntityContainer> has no Name: it is read as Container`, compile: true},
		{name: "no container", text: schema(thing)},
		// operations
		{name: "function without result", text: schema(thing + `<Function Name="F"/><Function Name="G" IsBound="true"><Parameter Name="it" Type="ns.Thing"/></Function><EntityContainer Name="C"><EntitySet Name="Ts" EntityType="ns.Thing"/><FunctionImport Name="F" Function="ns.F"/></EntityContainer>`)},
		{name: "action with a broken path", text: schema(thing + `<Action Name="A" IsBound="true" EntitySetPath="nothing/here"><Parameter Name="it" Type="ns.Thing"/><ReturnType Type="ns.Thing"/></Action><Action Name="B" EntitySetPath="it"/><EntityContainer Name="C"><EntitySet Name="Ts" EntityType="ns.Thing"/></EntityContainer>`)},
		{name: "operations bound to what has no address", text: schema(thing + `<ComplexType Name="K"/><Action Name="A" IsBound="true"><Parameter Name="it" Type="Edm.String"/></Action><Action Name="B" IsBound="true"><Parameter Name="it" Type="ns.K"/></Action><Action Name="D" IsBound="true"><Parameter Name="it" Type="Edm.EntityType"/></Action><Action Name="E" IsBound="true"><Parameter Name="it" Type="Collection(Edm.EntityType)"/></Action>`), compile: true},
		{name: "operation named as a property", text: schema(`<EntityType Name="Thing"><Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="Edm.Guid"/><NavigationProperty Name="Parts" Type="Collection(ns.Thing)"/></EntityType><Function Name="Parts" IsBound="true"><Parameter Name="it" Type="ns.Thing"/><ReturnType Type="Collection(ns.Thing)"/></Function><EntityContainer Name="C"><EntitySet Name="Ts" EntityType="ns.Thing"/></EntityContainer>`), compile: true},
		{name: "action and function of a name", text: schema(thing + `<Action Name="A"/><Function Name="A"><ReturnType Type="Edm.String"/></Function><EntityContainer Name="C"><ActionImport Name="A" Action="ns.A"/><FunctionImport Name="A" Function="ns.A"/></EntityContainer>`), note: `ns.C/A: duplicate function import: the name is first declared at d.xml:1:415; the first one is used`, compile: true},
		{name: "parameters of odd types", text: schema(thing + `<ComplexType Name="K"/><Function Name="F"><Parameter Name="a" Type="ns.K"/><Parameter Name="b" Type="Collection(Edm.String)"/><Parameter Name="c" Type="ns.Thing"/><Parameter Name="d" Type="Edm.Stream"/><Parameter Name="e" Type="Edm.Untyped"/><Parameter Name="f" Type="Edm.GeographyPoint"/><ReturnType Type="Edm.Stream"/></Function><EntityContainer Name="C"><FunctionImport Name="F" Function="ns.F"/></EntityContainer>`), compile: true},
		{name: "parameters named by Go", text: schema(thing + `<Action Name="A" IsBound="true"><Parameter Name="ctx" Type="ns.Thing"/><Parameter Name="ctx2" Type="Edm.String"/><Parameter Name="Ctx" Type="Edm.String"/><Parameter Name="opts" Type="Edm.String"/><Parameter Name="range" Type="Edm.String"/></Action><EntityContainer Name="C"><EntitySet Name="Ts" EntityType="ns.Thing"/></EntityContainer>`), compile: true},
		{name: "IsBound in words, no parameters", text: schema(thing + `<Function Name="F" IsBound="yes"><ReturnType Type="Edm.Int32"/></Function>`), note: `ns.F: IsBound is "yes": it is ignored`},
		{name: "result of a result", text: schema(thing + `<Function Name="F"><ReturnType><TypeRef Type="Edm.String"/></ReturnType></Function><Function Name="G"><ReturnType Type=""/></Function><EntityContainer Name="C"><FunctionImport Name="F" Function="ns.F"/><FunctionImport Name="G" Function="ns.G"/></EntityContainer>`), note: `ns.F: <ReturnType> has no Type: its JSON is kept as it is (Edm.Untyped)`},
		{name: "parameter without name, without type", text: schema(thing + `<Action Name="A"><Parameter Type="Edm.String"/></Action><Action Name="B"><Parameter Name="p"/></Action><EntityContainer Name="C"><ActionImport Name="A" Action="ns.A"/><ActionImport Name="B" Action="ns.B"/></EntityContainer>`), note: `ns.A: <Parameter> has no Name: its operation is left out, and gets no request`},
		{name: "import by another name, import without namespace", text: schema(thing + `<Action Name="A"/><EntityContainer Name="C"><ActionImport Name="X" Action="ns.A" EntitySet="Nothing"/><ActionImport Name="Y" Action="A"/></EntityContainer>`), note: `ns.C/Y: "A" is not a qualified name: it is left out`},
		{name: "CAP drafts", text: members(`<Property Name="IsActiveEntity" Type="Edm.Boolean" Nullable="false" DefaultValue="true"/><Property Name="HasDraftEntity" Type="Edm.Boolean"/><NavigationProperty Name="DraftAdministrativeData" Type="ns.DraftAdministrativeData" ContainsTarget="true"/><NavigationProperty Name="SiblingEntity" Type="ns.Thing"/>`), note: `ns.Thing/DraftAdministrativeData: undefined type "ns.DraftAdministrativeData": its JSON is kept as it is (Edm.Untyped)`},
		// annotations
		{name: "every expression", text: members(`<Property Name="P" Type="Edm.String">` + expressions + `</Property>`), note: `ns.Thing/P: undefined alias "a": it is ignored`, compile: true},
		{name: "annotations in odd places", text: schema(`<Annotation Term="ns.T" String="a"/><Term Name="T" Type="Edm.String" BaseTerm="x.Y" AppliesTo="Nothing"/><Annotations Target="ns.Thing/Gone/x"><Annotation Term="T" String="a"/></Annotations><Annotations Target="ns"><Annotation Term="ns.T" Qualifier="#Q" String="a"/></Annotations><Annotations Target="ns.F(Edm.String)/p"><Annotation Term="ns.T"/></Annotations><Annotations Target="SELF.Thing"><Annotation Term="UI.LineItem"><Collection><Record/></Collection></Annotation></Annotations>` + thing), note: `ns.T: undefined alias "x": it is ignored`},
		{name: "annotation of V3", text: schema(thing + `<Annotations Target="ns.Thing"><ValueAnnotation Term="a.b" String="x"/><TypeAnnotation Term="a.b"/></Annotations>`), note: `ns.Thing: unknown element <ValueAnnotation> in <Annotations>: it is ignored`},
		{name: "restrictions of odd values", text: strings.Replace(served(``), `EntityType="ns.Thing"/>`, `EntityType="ns.Thing"><Annotation Term="Org.OData.Capabilities.V1.InsertRestrictions"><Record><PropertyValue Property="Insertable" String="no"/><PropertyValue Property="Permissions" Bool="true"/></Record></Annotation><Annotation Term="Org.OData.Capabilities.V1.DeleteRestrictions" Bool="false"/><Annotation Term="Org.OData.Capabilities.V1.UpdateRestrictions"/><Annotation Term="Org.OData.Capabilities.V1.ReadRestrictions"><Collection/></Annotation></EntitySet>`, 1)},
		{name: "alternate keys of odd values", text: members(`<Annotation Term="Org.OData.Core.V1.AlternateKeys" String="x"/>`)},
		{name: "texts with what ends comments", text: members(`<Property Name="P" Type="Edm.String"><Annotation Term="Org.OData.Core.V1.Description" String="*/ //go:build ignore&#10;&#10;&#13;# Title"/></Property>`), compile: true},
		// wholes
		{name: "text between elements", text: strings.Replace(served("text"), "<EntityType", "TODO <EntityType", 1), note: `ns: text in <Schema>, which has none: it is ignored`},
		{name: "commented out", text: strings.Replace(served(""), "<EntityType", "<!-- <EntityType Name=\"Old\"/> -->\n<EntityType", 1)},
		{name: "CDATA", text: members(`<Property Name="P" Type="Edm.String"><Annotation Term="Org.OData.Core.V1.Description"><String><![CDATA[a < b]]></String></Annotation></Property>`), has: "a < b"},
		{name: "Documentation, Using", text: schema(`<Using Namespace="a" Alias="b"/><Documentation><Summary>x</Summary></Documentation>` + thing), note: `ns: unknown element <Using> in <Schema>: it is ignored`},
		{name: "elements in capitals", text: schema(thing + `<COMPLEXTYPE NAME="A"/><complexType name="B"/>`), note: `ns: unknown element <COMPLEXTYPE> in <Schema>: it is ignored`},
		{name: "attributes in small letters", text: members(`<Property name="P" type="Edm.String"/>`), note: `ns.Thing: <Property> has no Name: it is left out`},
		{name: "property of a namespace of its own", text: members(`<Property Name="P" Type="Edm.String" sap:label="x" p6:StoreGeneratedPattern="Identity" xmlns:p6="http://schemas.microsoft.com/ado/2009/02/edm/annotation"/>`), note: `ns.Thing: undeclared XML prefix sap: it is ignored`},
	}
}

const (
	partOfA      = `<Record><PropertyValue Property="Name" PropertyPath="A"/><PropertyValue Property="Alias" String="a"/></Record>`
	alternateOfA = `<Record><PropertyValue Property="Key"><Collection>` + partOfA + `</Collection></PropertyValue></Record>`

	expressions = `<Annotation Term="a.b"><If><Eq><Path>P</Path><Null/></Eq><String>x</String><Collection/></If></Annotation>` +
		`<Annotation Term="a.c"><Apply Function="odata.concat"><String>x</String><LabeledElementReference>ns.l</LabeledElementReference></Apply></Annotation>` +
		`<Annotation Term="a.d"><Cast Type="Edm.Decimal" Scale="Variable"><Int>1</Int></Cast></Annotation>` +
		`<Annotation Term="a.e"><IsOf Type="Collection(ns.Thing)"><Path>P</Path></IsOf></Annotation>` +
		`<Annotation Term="a.f"><LabeledElement Name="l"><Neg><Float>INF</Float></Neg></LabeledElement></Annotation>` +
		`<Annotation Term="a.g"><UrlRef><String>x</String></UrlRef></Annotation><Annotation Term="a.h" UrlRef="x"/>` +
		`<Annotation Term="a.i"><Record Type="a.R"><PropertyValue Property="p"><And><Bool>true</Bool><Not><Bool>0</Bool></Not></And></PropertyValue><Annotation Term="a.j"/></Record></Annotation>` +
		`<Annotation Term="a.k" EnumMember="a.E/x a.E/y"/><Annotation Term="a.l"><EnumMember>a.E/x a.E/y</EnumMember></Annotation>` +
		`<Annotation Term="a.m" Duration="P1D"/><Annotation Term="a.n" TimeOfDay="1"/><Annotation Term="a.o" Binary="!"/><Annotation Term="a.p" Guid="x"/><Annotation Term="a.q" Int="1.5"/>` +
		`<Annotation Term="a.r"><Unknown/></Annotation><Annotation Term="a.s" Weird="x"/><Annotation Term="a.t"><In><Path>P</Path><Collection><String>a</String></Collection></In></Annotation>` +
		`<Annotation Term="a.u"><ModelElementPath>ns.Thing</ModelElementPath></Annotation><Annotation Term="a.v" AnyPropertyPath="x/y"/><Annotation Term="a.w"><DivBy><Int>1</Int><Int>0</Int></DivBy></Annotation>`
)

// TestOddDescriptions reads and plans what others publish or might: what is odd about it is
// noted, and a package comes of all but what is nothing to build on. That packages of new
// shapes compile is tried, too.
func TestOddDescriptions(t *testing.T) {
	export, err := exportData()
	require.NoError(t, err)
	checker := newTypeChecker(export)
	for _, d := range oddDescriptions() {
		t.Run(d.name, func(t *testing.T) {
			cfg := allOf("d.xml", "")
			model, notes, err := read.Other(cfg.Source, []byte(d.text))
			if d.refused != "" {
				assert.ErrorContains(t, err, d.refused)
				return
			}
			require.NoError(t, err)
			if d.note == "" {
				assert.Empty(t, notes)
			} else {
				assert.Contains(t, diag.Text(notes), d.note)
			}
			result, err := generator.Unchecked(cfg, model)
			require.NoError(t, err)
			if d.has != "" {
				assert.True(t, slices.ContainsFunc(result.Files, func(f output.File) bool { return strings.Contains(string(f.Data), d.has) }), "%s is not there", d.has)
			}
			if d.compile {
				_, err = checker.check(result.Files)
				assert.NoError(t, err)
			}
		})
	}
}
