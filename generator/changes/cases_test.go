package changes_test

import "github.com/callgen/callgen/generator/changes"

// kind is a kind of change of a schema.
type kind struct {
	name     string
	edits    []string // pairs: what stands in the base schema, and what shall stand there
	element  string   // that changes
	fact     string   // what is noted about it
	grade    changes.Grade
	consumer string // ordinary code that uses it
	// stricter says why apidiff calls a change incompatible that code survives.
	stricter string
}

const (
	thing    = `<EntityType Name="thing" BaseType="graph.entity">`
	openName = `<Member Name="open" Value="0"/>`
	closed   = `<Member Name="closed" Value="1"/>`
	circle   = `<ComplexType Name="circle" BaseType="graph.shape"><Property Name="radius" Type="Edm.Double"/></ComplexType>`
	memo     = `<ComplexType Name="memo" BaseType="graph.note"><Property Name="due" Type="Edm.Date"/></ComplexType>`
	lone     = `<ComplexType Name="lone"><Property Name="text" Type="Edm.String"/></ComplexType>`
	title    = `<Property Name="title" Type="Edm.String"/>`
	size     = `<Property Name="size" Type="Edm.Int32"/>`
	color    = `<Property Name="color" Type="Edm.String"/>`
	radius   = `<Property Name="radius" Type="Edm.Double"/>`
	partsNav = `<NavigationProperty Name="parts" Type="Collection(graph.part)" ContainsTarget="true"/>`
	ownerNav = `<NavigationProperty Name="owner" Type="graph.person"/>`
	friends  = `<NavigationProperty Name="friends" Type="Collection(graph.person)"/>`
	start    = `<Action Name="start" IsBound="true"><Parameter Name="it" Type="graph.thing"/></Action>`
	ready    = `<Function Name="ready" IsBound="true"><Parameter Name="it" Type="graph.thing"/><ReturnType Type="Edm.Boolean"/></Function>`
	speed    = `<Parameter Name="speed" Type="Edm.Int32"/>`
	toPart   = `<ReturnType Type="graph.part"/>`
	me       = `<Singleton Name="me" Type="graph.person"/>`
	hubs     = `<EntitySet Name="hubs" EntityType="graph.hub"/>`
	things   = `<EntitySet Name="things" EntityType="graph.thing"/>`

	costBy = `<Function Name="cost" IsBound="true"><Parameter Name="it" Type="graph.thing"/>
  <Parameter Name="by" Type="Edm.String"/><ReturnType Type="Edm.Double"/></Function>`
	priceAt = `<Function Name="price" IsBound="true"><Parameter Name="it" Type="graph.thing"/>
  <Parameter Name="at" Type="Edm.Date"/><ReturnType Type="Edm.Double"/></Function>`
	deprecated = `<Annotation Term="Org.OData.Core.V1.Revisions"><Collection><Record>
  <PropertyValue Property="Kind" EnumMember="Org.OData.Core.V1.RevisionKind/Deprecated"/>
  <PropertyValue Property="Description" String="Use size."/></Record></Collection></Annotation>`
)

const constantValue = "the value of a constant differs, which only code that counts on it, such as [len(c)]int, would notice"

// kinds are the kinds of changes, each tried on the base schema.
func kinds() []kind {
	return append(append(typeKinds(), partKinds()...), append(enumKinds(), requestKinds()...)...)
}

func typeKinds() []kind {
	return []kind{
		{"type added", []string{lone, lone + `<ComplexType Name="more"/>`}, "microsoft.graph.more", "added", changes.Additive,
			`_ = api.Lone{Text: new("x")}`, ""},
		{"type removed", []string{lone, ""}, "microsoft.graph.lone", "removed", changes.Breaking,
			`_ = api.Lone{Text: new("x")}`, ""},
		{"type renamed", []string{`Name="lone"`, `Name="solo"`}, "microsoft.graph.lone", "removed", changes.Breaking,
			`_ = api.Lone{Text: new("x")}`, ""},
		{"complex type becomes an enum type", []string{lone, `<EnumType Name="lone"><Member Name="a"/></EnumType>`}, "microsoft.graph.lone", "kind", changes.Breaking,
			`_ = api.Lone{Text: new("x")}`, ""},
		{"complex type becomes an entity type", []string{`ComplexType Name="lone"><Property Name="text" Type="Edm.String"/></ComplexType>`,
			`EntityType Name="lone"><Key><PropertyRef Name="text"/></Key><Property Name="text" Type="Edm.String" Nullable="false"/></EntityType>`},
			"microsoft.graph.lone", "kind", changes.Breaking, `_ = api.Lone{Text: new("x")}`, ""},
		{"type becomes abstract", []string{`ComplexType Name="shape"`, `ComplexType Name="shape" Abstract="true"`}, "microsoft.graph.shape", "abstract", changes.Docs,
			`_ = api.Shape{Color: new("red")}`, ""},
		{"type becomes open", []string{`Name="lone"`, `Name="lone" OpenType="true"`}, "microsoft.graph.lone", "open", changes.Docs,
			`_ = api.Lone{Text: new("x")}`, ""},
		{"base type added", []string{`Name="lone"`, `Name="lone" BaseType="graph.place"`}, "microsoft.graph.lone", "base type", changes.Breaking,
			`var from api.Lone
			_ = api.Lone{AdditionalData: from.AdditionalData, Text: from.Text}`, ""},
		{"base type changed", []string{`"circle" BaseType="graph.shape"`, `"circle" BaseType="graph.place"`}, "microsoft.graph.circle", "base type", changes.Breaking,
			`_ = api.Thing{Shape: &api.Circle{Radius: new(1.5)}}`, ""},
		{"base type removed", []string{`"circle" BaseType="graph.shape"`, `"circle"`}, "microsoft.graph.circle", "base type", changes.Breaking,
			`_ = api.Circle{Shape: api.Shape{Color: new("red")}}`, ""},
		{"base type put between", []string{circle, `<ComplexType Name="round" BaseType="graph.shape"/>` + circle,
			`"circle" BaseType="graph.shape"`, `"circle" BaseType="graph.round"`}, "microsoft.graph.circle", "base type", changes.Breaking,
			`_ = api.Circle{Shape: api.Shape{Color: new("red")}}`, ""},
		{"derived type added", []string{circle, circle + `<ComplexType Name="oval" BaseType="graph.shape"/>`}, "microsoft.graph.shape", "derived type added", changes.Additive,
			`var t api.Thing
			switch t.Shape.(type) {
			case *api.Circle, *api.Square:
			}`, ""},
		{"first derived type added", []string{lone, lone + `<ComplexType Name="alley" BaseType="graph.place"/>`}, "microsoft.graph.place", "derived type added", changes.Breaking,
			`var t api.Thing
			_ = t.Place.Street`, ""},
		{"derived type removed", []string{circle, ""}, "microsoft.graph.circle", "removed", changes.Breaking,
			`var t api.Thing
			_, _ = t.Shape.(*api.Circle)`, ""},
		{"last derived type removed", []string{memo, ""}, "microsoft.graph.note", "derived type removed", changes.Breaking,
			`_, _ = api.UnmarshalAnyNote(nil)`, ""},
		{"key changed", []string{`<PropertyRef Name="code"/>`, `<PropertyRef Name="serial"/>`}, "microsoft.graph.hub", "key", changes.Breaking,
			`_ = client.Hubs().ByCode("x")`, ""},
		{"stream added to an entity type", []string{`EntityType Name="hub"`, `EntityType Name="hub" HasStream="true"`}, "microsoft.graph.hub", "stream", changes.Additive,
			`_, _ = client.Hubs().ByCode("x").Get(ctx)`, ""},
		{"type definition changed", []string{`UnderlyingType="Edm.Decimal"`, `UnderlyingType="Edm.Double"`}, "microsoft.graph.money", "underlying type", changes.Breaking,
			`var t api.Thing
			var d *api.Decimal = t.Amount
			_ = d`, ""},
		{"description of a type", []string{lone, `<ComplexType Name="lone"><Property Name="text" Type="Edm.String"/><Annotation Term="Org.OData.Core.V1.Description" String="A lone one."/></ComplexType>`},
			"microsoft.graph.lone", "description", changes.Docs, `_ = api.Lone{Text: new("x")}`, ""},
		{"other annotation", []string{lone, `<ComplexType Name="lone"><Property Name="text" Type="Edm.String"/><Annotation Term="Org.OData.Core.V1.AppliesViaContainer"/></ComplexType>`},
			"microsoft.graph.lone", "annotation added", changes.None, `_ = api.Lone{Text: new("x")}`, ""},
	}
}

func partKinds() []kind {
	const titleElement, useTitle = "microsoft.graph.thing/title", `_ = api.Thing{Title: new("x")}`
	return []kind{
		{"property added", []string{title, title + `<Property Name="weight" Type="Edm.Double"/>`}, "microsoft.graph.thing/weight", "added", changes.Additive, useTitle, ""},
		{"property removed", []string{title, ""}, titleElement, "removed", changes.Breaking, useTitle, ""},
		{"property renamed", []string{`Name="title"`, `Name="caption"`}, titleElement, "removed", changes.Breaking, useTitle, ""},
		{"property renamed, and Go does not see it", []string{`Name="title"`, `Name="Title"`}, "microsoft.graph.thing/Title", "added", changes.None, useTitle, ""},
		{"type of a property", []string{title, `<Property Name="title" Type="Edm.Int32"/>`}, titleElement, "type", changes.Breaking, useTitle, ""},
		{"type of a property, the same in Go", []string{title, `<Property Name="title" Type="Edm.Guid"/>`}, titleElement, "type", changes.None, useTitle, ""},
		{"property not nullable any more", []string{title, `<Property Name="title" Type="Edm.String" Nullable="false"/>`}, titleElement, "nullable", changes.None, useTitle, ""},
		{"property becomes a collection", []string{title, `<Property Name="title" Type="Collection(Edm.String)"/>`}, titleElement, "collection", changes.Breaking, useTitle, ""},
		{"facets of a property", []string{title, `<Property Name="title" Type="Edm.String" MaxLength="7"/>`}, titleElement, "facets", changes.None, useTitle, ""},
		{"default value", []string{title, `<Property Name="title" Type="Edm.String" DefaultValue="x"/>`}, titleElement, "default value", changes.None, useTitle, ""},
		{"property moved to the base type", []string{radius, "", color, color + radius}, "microsoft.graph.circle/radius", "moved to base type", changes.Breaking,
			`_ = api.Circle{Radius: new(1.5)}`, ""},
		{"property moved to a derived type", []string{color, "", radius, radius + color}, "microsoft.graph.shape/color", "moved to derived types", changes.Breaking,
			`var s api.Square
			_ = s.Color`, ""},
		{"property becomes a navigation property", []string{`<Property Name="place" Type="graph.place"/>`, `<NavigationProperty Name="place" Type="graph.person"/>`},
			"microsoft.graph.thing/place", "kind", changes.Breaking, `_ = api.Thing{Place: &api.Place{}}`, ""},
		{"stream removed", []string{`<Property Name="picture" Type="Edm.Stream"/>`, ""}, "microsoft.graph.thing/picture", "removed", changes.Breaking,
			`_, _ = client.Things().ByID("x").Picture(ctx)`, ""},
		{"deprecation", []string{title, `<Property Name="title" Type="Edm.String">` + deprecated + `</Property>`}, titleElement, "deprecation", changes.Docs, useTitle, ""},
		{"description of a property", []string{title, `<Property Name="title" Type="Edm.String"><Annotation Term="Org.OData.Core.V1.Description" String="The title."/></Property>`},
			titleElement, "description", changes.Docs, useTitle, ""},

		{"navigation property added", []string{ownerNav, ownerNav + `<NavigationProperty Name="maker" Type="graph.person"/>`}, "microsoft.graph.thing/maker", "added", changes.Additive,
			`_ = client.Things().ByID("x").Owner()`, ""},
		{"navigation property removed", []string{ownerNav, ""}, "microsoft.graph.thing/owner", "removed", changes.Breaking,
			`_ = client.Things().ByID("x").Owner()`, ""},
		{"navigation property becomes single", []string{partsNav, `<NavigationProperty Name="parts" Type="graph.part" ContainsTarget="true"/>`}, "microsoft.graph.thing/parts", "collection", changes.Breaking,
			`_ = client.Things().ByID("x").Parts().ByID("y")`, ""},
		{"type of a navigation property", []string{ownerNav, `<NavigationProperty Name="owner" Type="graph.hub"/>`}, "microsoft.graph.thing/owner", "type", changes.Breaking,
			`_ = api.Thing{Owner: &api.Person{Name: new("x")}}`, ""},
		{"target not contained any more", []string{partsNav, `<NavigationProperty Name="parts" Type="Collection(graph.part)"/>`}, "microsoft.graph.thing/parts", "contains target", changes.Breaking,
			`_ = client.Things().ByID("x").Parts().ByID("y").Delete(ctx)`, ""},
		{"target becomes contained", []string{friends, `<NavigationProperty Name="friends" Type="Collection(graph.person)" ContainsTarget="true"/>`}, "microsoft.graph.thing/friends", "contains target", changes.Breaking,
			`_ = client.Things().ByID("x").Friends().AddRef(ctx, "url")`, ""},
		{"type of a key", []string{`<Property Name="code" Type="Edm.String" Nullable="false"/>`, `<Property Name="code" Type="Edm.Int32" Nullable="false"/>`}, "microsoft.graph.hub/code", "type", changes.Breaking,
			`_ = client.Hubs().ByCode("x")`, ""},
	}
}

func enumKinds() []kind {
	const useOpen = `_ = api.Thing{State: api.StateOpen}`
	return []kind{
		{"member added", []string{closed, closed + `<Member Name="broken" Value="2"/>`}, "microsoft.graph.state/broken", "added", changes.Additive, useOpen, ""},
		{"member removed", []string{openName, ""}, "microsoft.graph.state/open", "removed", changes.Breaking, useOpen, ""},
		{"value of a member", []string{openName, `<Member Name="open" Value="7"/>`}, "microsoft.graph.state/open", "value", changes.None, useOpen, ""},
		{"member in another letter case", []string{openName, `<Member Name="Open" Value="0"/>`}, "microsoft.graph.state/Open", "added", changes.None, useOpen, constantValue},
		{"enum type gets flags", []string{`EnumType Name="state"`, `EnumType Name="state" IsFlags="true"`}, "microsoft.graph.state", "flags", changes.Additive, useOpen, ""},
		{"enum type loses flags", []string{` IsFlags="true"`, ""}, "microsoft.graph.rights", "flags", changes.Breaking, `_ = api.Rights("read,write").Has(api.RightsRead)`, ""},
		{"underlying type of an enum type", []string{`EnumType Name="state"`, `EnumType Name="state" UnderlyingType="Edm.Int64"`}, "microsoft.graph.state", "underlying type", changes.None, useOpen, ""},
		{"description of a member", []string{openName, `<Member Name="open" Value="0"><Annotation Term="Org.OData.Core.V1.Description" String="Not closed."/></Member>`},
			"microsoft.graph.state/open", "description", changes.Docs, useOpen, ""},
	}
}

func requestKinds() []kind {
	const (
		useMove  = `p, _ := client.Things().ByID("x").Move(ctx, api.ThingMoveParameters{To: &api.Place{}, Speed: new(int32(3))}); var part *api.Part = p; _ = part`
		useStart = `_ = client.Things().ByID("x").Start(ctx)`
		usePrice = `_, _ = client.Things().ByID("x").Price(ctx, api.ThingPriceParameters{At: new(api.Date)})`
		move     = "microsoft.graph.move(microsoft.graph.thing)"
	)
	return []kind{
		{"action added", []string{start, start + `<Action Name="stop" IsBound="true"><Parameter Name="it" Type="graph.thing"/></Action>`}, "microsoft.graph.stop(microsoft.graph.thing)", "added", changes.Additive, useStart, ""},
		{"action removed", []string{start, ""}, "microsoft.graph.start(microsoft.graph.thing)", "removed", changes.Breaking, useStart, ""},
		{"action bound to a collection instead", []string{`"start" IsBound="true"><Parameter Name="it" Type="graph.thing"/>`, `"start" IsBound="true"><Parameter Name="it" Type="Collection(graph.thing)"/>`},
			"microsoft.graph.start(microsoft.graph.thing)", "removed", changes.Breaking, useStart, ""},
		{"parameter added", []string{speed, speed + `<Parameter Name="gently" Type="Edm.Boolean"/>`}, move + "/gently", "added", changes.Additive, useMove, ""},
		{"first parameter added", []string{`<Action Name="start" IsBound="true"><Parameter Name="it" Type="graph.thing"/>`, `<Action Name="start" IsBound="true"><Parameter Name="it" Type="graph.thing"/><Parameter Name="now" Type="Edm.Boolean"/>`},
			"microsoft.graph.start(microsoft.graph.thing)/now", "added", changes.Breaking, useStart, ""},
		{"parameter removed", []string{speed, ""}, move + "/speed", "removed", changes.Breaking, useMove, ""},
		{"type of a parameter", []string{speed, `<Parameter Name="speed" Type="Edm.Double"/>`}, move + "/speed", "type", changes.Breaking, useMove, ""},
		{"parameter required", []string{speed, `<Parameter Name="speed" Type="Edm.Int32" Nullable="false"/>`}, move + "/speed", "nullable", changes.Docs, useMove, ""},
		{"result added", []string{`"start" IsBound="true"><Parameter Name="it" Type="graph.thing"/>`, `"start" IsBound="true"><Parameter Name="it" Type="graph.thing"/><ReturnType Type="graph.part"/>`},
			"microsoft.graph.start(microsoft.graph.thing)", "result", changes.Breaking, `var err error = client.Things().ByID("x").Start(ctx); _ = err`, ""},
		{"result changed", []string{toPart, `<ReturnType Type="graph.person"/>`}, move, "result", changes.Breaking, useMove, ""},
		{"result becomes a collection", []string{toPart, `<ReturnType Type="Collection(graph.part)"/>`}, move, "result", changes.Breaking, useMove, ""},
		{"function becomes an action", []string{ready, `<Action Name="ready" IsBound="true"><Parameter Name="it" Type="graph.thing"/><ReturnType Type="Edm.Boolean"/></Action>`},
			"microsoft.graph.ready(microsoft.graph.thing)", "kind", changes.Docs, `_, _ = client.Things().ByID("x").Ready(ctx)`, ""},
		{"overload added that merges", []string{priceAt, priceAt + `<Function Name="price" IsBound="true"><Parameter Name="it" Type="graph.thing"/><Parameter Name="for" Type="Edm.String"/><ReturnType Type="Edm.Double"/></Function>`},
			"microsoft.graph.price(microsoft.graph.thing)", "overload added", changes.Additive, usePrice, ""},
		{"overload added with another result", []string{priceAt, priceAt + `<Function Name="price" IsBound="true"><Parameter Name="it" Type="graph.thing"/><Parameter Name="for" Type="Edm.String"/><ReturnType Type="Edm.String"/></Function>`},
			"microsoft.graph.price(microsoft.graph.thing)", "overload added", changes.Breaking, usePrice, ""},
		{"overload removed", []string{costBy, ""}, "microsoft.graph.cost(microsoft.graph.thing)", "overload removed", changes.Breaking,
			`_, _ = client.Things().ByID("x").Cost(ctx, api.ThingCostParameters{By: new("x")})`, ""},
		{"unbound action removed", []string{`<Action Name="reset"/>`, ""}, "microsoft.graph.reset()", "removed", changes.None, useStart, ""},
		{"function becomes composable", []string{`<Function Name="ready"`, `<Function IsComposable="true" Name="ready"`}, "microsoft.graph.ready(microsoft.graph.thing)", "composable", changes.None,
			`_, _ = client.Things().ByID("x").Ready(ctx)`, ""},

		{"entity set added", []string{things, things + `<EntitySet Name="people" EntityType="graph.person"/>`}, "/people", "added", changes.Additive, useStart, ""},
		{"entity set removed", []string{hubs, ""}, "/hubs", "removed", changes.Breaking, `_ = client.Hubs().ByCode("x")`, ""},
		{"type of an entity set", []string{hubs, `<EntitySet Name="hubs" EntityType="graph.part"/>`}, "/hubs", "type", changes.Breaking, `_ = client.Hubs().ByCode("x")`, ""},
		{"singleton added", []string{me, me + `<Singleton Name="you" Type="graph.person"/>`}, "/you", "added", changes.Additive, `_, _ = client.Me().Get(ctx)`, ""},
		{"singleton removed", []string{me, ""}, "/me", "removed", changes.Breaking, `_, _ = client.Me().Get(ctx)`, ""},
		{"singleton becomes an entity set", []string{me, `<EntitySet Name="me" EntityType="graph.person"/>`}, "/me", "kind", changes.Breaking, `_, _ = client.Me().Get(ctx)`, ""},
		{"request forbidden", []string{hubs, `<EntitySet Name="hubs" EntityType="graph.hub"><Annotation Term="Org.OData.Capabilities.V1.UpdateRestrictions">
			<Record><PropertyValue Property="Updatable" Bool="false"/></Record></Annotation></EntitySet>`}, "/hubs", "annotation added", changes.Breaking,
			`_, _ = client.Hubs().ByCode("x").Update(ctx, &api.Hub{})`, ""},
	}
}
