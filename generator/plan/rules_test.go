package plan_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generator/choose"
	"github.com/callgen/callgen/generator/goir"
	"github.com/callgen/callgen/generator/names"
	"github.com/callgen/callgen/generator/plan"
	"github.com/callgen/callgen/spec/csdl"
	"github.com/callgen/callgen/templates"
)

// Each test of this file is a rule of the plan, named by it.

const entity = `<EntityType Name="entity" Abstract="true"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.String" Nullable="false"/></EntityType>`

// planned plans the package of a schema of the namespace shop, and of the entity type that
// keys come from.
func planned(t *testing.T, models bool, schema string) *goir.Package {
	t.Helper()
	return plannedIn(t, "shop", models, schema)
}

// plannedIn is planned with another namespace.
func plannedIn(t *testing.T, namespace string, models bool, schema string) *goir.Package {
	t.Helper()
	text := `<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="` + namespace + `" xmlns="http://docs.oasis-open.org/odata/ns/edm">` + entity + schema + `</Schema></edmx:DataServices></edmx:Edmx>`
	m, err := csdl.Read("in.csdl", []byte(text))
	require.NoError(t, err)
	selection, err := choose.Select(m, choose.Wanted{})
	require.NoError(t, err)
	declared, err := templates.Declarations()
	require.NoError(t, err)
	pkg, err := plan.Build(plan.Input{
		Package: "shop", Types: selection.Types, Model: m, Has: selection.Has, Models: models, Version: "v1.0",
		Runtime: names.Runtime(*declared),
	})
	require.NoError(t, err)
	return pkg
}

// declared returns the declaration of a name.
func declared[D goir.Decl](t *testing.T, pkg *goir.Package, name string) D {
	t.Helper()
	for _, f := range pkg.Files {
		for _, d := range f.Decls {
			if found, ok := d.(D); ok && d.Declaration().Name == name {
				return found
			}
		}
	}
	var none D
	require.Fail(t, "nothing is declared so", "%T %s", none, name)
	return none
}

// fields returns the fields of a struct, each as in "Name *string".
func fields(s *goir.Struct) []string {
	var list []string
	for _, f := range s.Fields {
		list = append(list, f.Name+" "+f.Type.String())
	}
	return list
}

// signatures returns the methods of a builder, each as in "Get GET func() error".
func signatures(b *goir.Builder) map[string]string {
	list := make(map[string]string)
	for _, m := range b.Methods {
		list[m.Name] = strings.TrimSpace(m.HTTP + " " + m.Signature())
	}
	return list
}

func TestABaseTypeIsEmbedded(t *testing.T) {
	t.Parallel()
	pkg := planned(t, true, `<EntityType Name="line" BaseType="shop.entity"><Property Name="count" Type="Edm.Int32"/></EntityType>`)
	assert.Equal(t, "Entity", declared[*goir.Struct](t, pkg, "Line").Embeds)
	assert.Empty(t, declared[*goir.Struct](t, pkg, "Entity").Embeds)
	assert.Equal(t, []string{"Count *int32"}, fields(declared[*goir.Struct](t, pkg, "Line")), "what is inherited is not repeated")
}

func TestAbsenceOfAScalarCanBeTold(t *testing.T) {
	t.Parallel()
	pkg := planned(t, true, `<ComplexType Name="all">
<Property Name="text" Type="Edm.String"/><Property Name="must" Type="Edm.String" Nullable="false"/>
<Property Name="price" Type="Edm.Decimal"/><Property Name="at" Type="Edm.DateTimeOffset"/>
<Property Name="day" Type="Edm.Date"/><Property Name="data" Type="Edm.Binary"/><Property Name="tags" Type="Collection(Edm.String)"/>
</ComplexType>`)
	assert.Equal(t, []string{
		"Text *string", "Must *string", "Price *Decimal", "At *time.Time", "Day *Date", "Data Binary", "Tags []string",
	}, fields(declared[*goir.Struct](t, pkg, "All")), "optional when it is sent, required or not")
}

func TestAKeyIsAPlainString(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []string{"ID string"}, fields(declared[*goir.Struct](t, planned(t, true, ""), "Entity")))
}

const payments = `
<ComplexType Name="payment" Abstract="true"/>
<ComplexType Name="card" BaseType="shop.payment"/>
<ComplexType Name="giftCard" BaseType="shop.card"/>
<ComplexType Name="address"/>
<ComplexType Name="order"><Property Name="paid" Type="shop.payment"/><Property Name="all" Type="Collection(shop.payment)"/>
<Property Name="to" Type="shop.address"/><Property Name="others" Type="Collection(shop.address)"/></ComplexType>`

func TestATypeWithDerivedTypesIsAnInterfaceWhereItIsHeld(t *testing.T) {
	t.Parallel()
	s := declared[*goir.Struct](t, planned(t, true, strings.ReplaceAll(payments, `"order"`, `"basket"`)), "Basket")
	assert.Equal(t, []string{"Paid AnyPayment", "All []AnyPayment", "To *Address", "Others []*Address"}, fields(s))
	assert.NotEmpty(t, s.Fields[0].Holds)
	assert.Equal(t, s.Fields[0].Holds, s.Fields[1].Holds)
	assert.Empty(t, s.Fields[2].Holds, "nothing derives from it")
}

func TestAUnionListsAllThatDerive(t *testing.T) {
	t.Parallel()
	pkg := planned(t, true, payments)
	union := declared[*goir.Struct](t, pkg, "Payment").Union
	require.NotNil(t, union)
	assert.Equal(t, []string{"AnyPayment", "AsPayment", "UnmarshalAnyPayment"}, []string{union.Name, union.As, union.Unmarshal})
	assert.Contains(t, union.Types.Structs, "Payment")
	assert.Equal(t, []string{"Payment"}, union.Types.Abstract, "there are no values of an abstract type")
	assert.Nil(t, declared[*goir.Struct](t, pkg, "GiftCard").Union, "nothing derives from it")
}

func TestMembersOfAnEnumBeginWithItsName(t *testing.T) {
	t.Parallel()
	pkg := planned(t, true, `<EnumType Name="state"><Member Name="open"/><Member Name="closed"/></EnumType>
<EnumType Name="rights" IsFlags="true"><Member Name="read" Value="1"/></EnumType>`)
	state := declared[*goir.Enum](t, pkg, "State")
	require.Len(t, state.Members, 2)
	assert.Equal(t, []string{"StateOpen", "open", "shop.state/open"}, []string{state.Members[0].Name, state.Members[0].Value, state.Members[0].Element})
	assert.False(t, state.Flags)
	assert.True(t, declared[*goir.Enum](t, pkg, "Rights").Flags)
}

const sets = `
<EntityType Name="item" BaseType="shop.entity"><Property Name="scan" Type="Edm.Stream"/>
<NavigationProperty Name="lines" Type="Collection(shop.line)" ContainsTarget="true"/></EntityType>
<EntityType Name="line" BaseType="shop.entity"/>
<Action Name="cancel" IsBound="true"><Parameter Name="it" Type="shop.item"/></Action>
<Action Name="move" IsBound="true"><Parameter Name="it" Type="shop.item"/><Parameter Name="to" Type="Edm.String"/></Action>
<Function Name="largest" IsBound="true"><Parameter Name="it" Type="Collection(shop.item)"/><ReturnType Type="shop.item"/></Function>
<EntityContainer Name="c"><EntitySet Name="items" EntityType="shop.item"/><Singleton Name="best" Type="shop.item"/></EntityContainer>`

func TestSetsAndSingletonsAreMethodsOfTheClient(t *testing.T) {
	t.Parallel()
	client := declared[*goir.Client](t, planned(t, false, sets), "NewClient")
	found := make(map[string]string)
	for _, m := range client.Methods {
		assert.Equal(t, goir.Navigate, m.Kind)
		found[m.Name] = m.Results[0].String()
	}
	assert.Equal(t, map[string]string{"Items": "*ItemCollectionRequestBuilder", "Best": "*ItemRequestBuilder"}, found)
}

func TestAnEntityCanBeReadChangedAndDeleted(t *testing.T) {
	t.Parallel()
	found := signatures(declared[*goir.Builder](t, planned(t, false, sets), "ItemRequestBuilder"))
	assert.Equal(t, "GET func(context.Context, ...RequestOption) (*Item, error)", found["Get"])
	assert.Equal(t, "PATCH func(context.Context, *Item, ...RequestOption) (*Item, error)", found["Update"])
	assert.Equal(t, "DELETE func(context.Context, ...RequestOption) error", found["Delete"])
	assert.Equal(t, "func() *LineCollectionRequestBuilder", found["Lines"], "a navigation property leads to its builder")
}

func TestGraphReplacesWhereItSaysSo(t *testing.T) {
	t.Parallel()
	const put = `<Annotations Target="shop.c/best"><Annotation Term="Org.OData.Capabilities.V1.UpdateRestrictions"><Record>
<PropertyValue Property="UpdateMethod"><EnumMember>Org.OData.Capabilities.V1.HttpMethod/PATCH Org.OData.Capabilities.V1.HttpMethod/PUT</EnumMember></PropertyValue>
</Record></Annotation></Annotations>`
	graph := func(schema string) string { return strings.ReplaceAll(schema, "shop.", "microsoft.graph.") }
	silent := signatures(declared[*goir.Builder](t, plannedIn(t, "microsoft.graph", false, graph(sets)), "ItemRequestBuilder"))
	assert.NotContains(t, silent, "Replace", "Graph replaces few entities")
	assert.Contains(t, silent, "Update")
	said := signatures(declared[*goir.Builder](t, plannedIn(t, "microsoft.graph", false, graph(sets+put)), "ItemRequestBuilder"))
	assert.Equal(t, "PUT func(context.Context, *Item, ...RequestOption) (*Item, error)", said["Replace"])
	assert.Contains(t, said, "Update")
	assert.Contains(t, signatures(declared[*goir.Builder](t, planned(t, false, sets), "ItemRequestBuilder")), "Replace", "other services replace all")
}

func TestACollectionCanBeListedAndAddedTo(t *testing.T) {
	t.Parallel()
	found := signatures(declared[*goir.Builder](t, planned(t, false, sets), "ItemCollectionRequestBuilder"))
	assert.Equal(t, "func(string) *ItemRequestBuilder", found["ByID"])
	assert.Equal(t, "GET func(context.Context, ...RequestOption) (*Page[*Item], error)", found["List"])
	assert.Equal(t, "GET func(context.Context, ...RequestOption) iter.Seq2[*Item, error]", found["All"])
	assert.Equal(t, "POST func(context.Context, *Item, ...RequestOption) (*Item, error)", found["Create"])
}

func TestOperationsAreMethodsOfWhatTheyAreBoundTo(t *testing.T) {
	t.Parallel()
	pkg := planned(t, false, sets)
	item := signatures(declared[*goir.Builder](t, pkg, "ItemRequestBuilder"))
	assert.Equal(t, "POST func(context.Context, ...RequestOption) error", item["Cancel"])
	assert.Equal(t, "POST func(context.Context, ItemMoveParameters, ...RequestOption) error", item["Move"], "parameters are a struct")
	assert.NotContains(t, item, "Largest")
	all := signatures(declared[*goir.Builder](t, pkg, "ItemCollectionRequestBuilder"))
	assert.Equal(t, "GET func(context.Context, ...RequestOption) (*Item, error)", all["Largest"], "a function is read")
	parameters := declared[*goir.Parameters](t, pkg, "ItemMoveParameters")
	assert.Equal(t, "to", parameters.Fields[0].JSON)
}

func TestAStreamIsNoFieldButRequests(t *testing.T) {
	t.Parallel()
	pkg := planned(t, false, sets)
	for _, f := range declared[*goir.Struct](t, pkg, "Item").Fields {
		assert.NotEqual(t, "scan", f.JSON)
	}
	kinds := make(map[string]goir.Kind)
	for _, m := range declared[*goir.Builder](t, pkg, "ItemRequestBuilder").Methods {
		kinds[m.Name] = m.Kind
	}
	assert.Equal(t, goir.Open, kinds["Scan"])
	assert.Equal(t, goir.Upload, kinds["SetScan"])
}

func TestModelsAloneHaveNoRequests(t *testing.T) {
	t.Parallel()
	pkg := planned(t, true, sets)
	assert.Empty(t, pkg.Runtime)
	for _, f := range pkg.Files {
		for _, d := range f.Decls {
			assert.NotContains(t, d.Declaration().Name, "RequestBuilder")
		}
	}
}

func TestAClashIsToldWithBothPlaces(t *testing.T) {
	t.Parallel()
	pkg := planned(t, true, `<ComplexType Name="customer"><Property Name="Name" Type="Edm.String"/><Property Name="name" Type="Edm.String"/></ComplexType>`)
	require.Len(t, pkg.Clashes, 1)
	c := pkg.Clashes[0]
	assert.Equal(t, "shop.customer/name", c.Element)
	assert.Equal(t, "Name", c.Wanted)
	assert.Equal(t, "shop.customer/Name", c.Owner)
	assert.NotEqual(t, c.Wanted, c.Name)
	assert.True(t, c.Pos.IsValid() && c.OwnerPos.IsValid())
	assert.Equal(t, []string{"Name *string", c.Name + " *string"}, fields(declared[*goir.Struct](t, pkg, "Customer")))
}

// The kinds of names that clash in all of Graph: with the runtime, with builders, with
// parameters, with keywords, with each other, and with what files are named.
func TestNamesThatClashAreAllDeclaredOnce(t *testing.T) {
	t.Parallel()
	pkg := planned(t, false, `
<EntityType Name="client" BaseType="shop.entity"><Property Name="additionalData" Type="Edm.String"/><Property Name="type" Type="Edm.String"/>
<NavigationProperty Name="cancel" Type="shop.page"/></EntityType>
<EntityType Name="page" BaseType="shop.entity"/>
<EntityType Name="func"><Key><PropertyRef Name="range"/></Key><Property Name="range" Type="Edm.String" Nullable="false"/></EntityType>
<EntityType Name="pageCollection" BaseType="shop.entity"/>
<ComplexType Name="clientRequestBuilder"/><ComplexType Name="clientMoveParameters"/>
<ComplexType Name="AnyClient"/><ComplexType Name="newClient"/><ComplexType Name="linux"/><ComplexType Name="a_test"/>
<EnumType Name="mode"><Member Name="on"/><Member Name="On"/></EnumType><ComplexType Name="modeOn"/>
<Action Name="cancel" IsBound="true"><Parameter Name="it" Type="shop.client"/></Action>
<Action Name="move" IsBound="true"><Parameter Name="it" Type="shop.client"/><Parameter Name="a" Type="Edm.String"/><Parameter Name="A" Type="Edm.String"/></Action>
<EntityContainer Name="c"><EntitySet Name="clients" EntityType="shop.client"/><EntitySet Name="Clients" EntityType="shop.page"/><EntitySet Name="funcs" EntityType="shop.func"/>
<EntitySet Name="pageCollections" EntityType="shop.pageCollection"/></EntityContainer>`)
	runtime, err := templates.Declarations()
	require.NoError(t, err)
	seen, files := make(map[string]bool), make(map[string]bool)
	for _, f := range pkg.Files {
		assert.False(t, files[strings.ToLower(f.Name)], f.Name)
		files[strings.ToLower(f.Name)] = true
		for _, d := range f.Decls {
			name := d.Declaration().Name
			assert.False(t, seen[name] && name != "", "%s is declared twice", name)
			assert.NotContains(t, runtime.Names, name)
			seen[name] = true
			if b, ok := d.(*goir.Builder); ok {
				assert.Len(t, signatures(b), len(b.Methods), "%s has a method twice", b.Name)
			}
		}
	}
	assert.GreaterOrEqual(t, len(pkg.Clashes), 8)
	for _, c := range pkg.Clashes {
		assert.NotEmpty(t, c.Override, "%s can be named otherwise", c.Element)
		assert.True(t, c.Pos.IsValid(), c.Element)
	}
}
