package changes_test

// base is the schema that the changes are tried on.
const base = `
<EntityType Name="entity" Abstract="true">
  <Key><PropertyRef Name="id"/></Key>
  <Property Name="id" Type="Edm.String" Nullable="false"/>
</EntityType>
<EntityType Name="thing" BaseType="graph.entity">
  <Property Name="title" Type="Edm.String"/>
  <Property Name="size" Type="Edm.Int32"/>
  <Property Name="state" Type="graph.state"/>
  <Property Name="place" Type="graph.place"/>
  <Property Name="shape" Type="graph.shape"/>
  <Property Name="amount" Type="graph.money"/>
  <Property Name="picture" Type="Edm.Stream"/>
  <NavigationProperty Name="parts" Type="Collection(graph.part)" ContainsTarget="true"/>
  <NavigationProperty Name="owner" Type="graph.person"/>
  <NavigationProperty Name="friends" Type="Collection(graph.person)"/>
</EntityType>
<EntityType Name="part" BaseType="graph.entity">
  <Property Name="number" Type="Edm.Int32" Nullable="false"/>
</EntityType>
<EntityType Name="person" BaseType="graph.entity">
  <Property Name="name" Type="Edm.String"/>
</EntityType>
<EntityType Name="hub">
  <Key><PropertyRef Name="code"/></Key>
  <Property Name="code" Type="Edm.String" Nullable="false"/>
  <Property Name="serial" Type="Edm.String" Nullable="false"/>
</EntityType>
<ComplexType Name="place"><Property Name="street" Type="Edm.String"/></ComplexType>
<ComplexType Name="shape"><Property Name="color" Type="Edm.String"/></ComplexType>
<ComplexType Name="circle" BaseType="graph.shape"><Property Name="radius" Type="Edm.Double"/></ComplexType>
<ComplexType Name="square" BaseType="graph.shape"><Property Name="side" Type="Edm.Double"/></ComplexType>
<ComplexType Name="note"><Property Name="text" Type="Edm.String"/></ComplexType>
<ComplexType Name="memo" BaseType="graph.note"><Property Name="due" Type="Edm.Date"/></ComplexType>
<ComplexType Name="lone"><Property Name="text" Type="Edm.String"/></ComplexType>
<EnumType Name="state"><Member Name="open" Value="0"/><Member Name="closed" Value="1"/></EnumType>
<EnumType Name="rights" IsFlags="true"><Member Name="read" Value="1"/><Member Name="write" Value="2"/></EnumType>
<TypeDefinition Name="money" UnderlyingType="Edm.Decimal"/>
<Action Name="start" IsBound="true"><Parameter Name="it" Type="graph.thing"/></Action>
<Action Name="move" IsBound="true"><Parameter Name="it" Type="graph.thing"/>
  <Parameter Name="to" Type="graph.place"/><Parameter Name="speed" Type="Edm.Int32"/><ReturnType Type="graph.part"/></Action>
<Function Name="price" IsBound="true"><Parameter Name="it" Type="graph.thing"/>
  <Parameter Name="at" Type="Edm.Date"/><ReturnType Type="Edm.Double"/></Function>
<Function Name="cost" IsBound="true"><Parameter Name="it" Type="graph.thing"/>
  <Parameter Name="at" Type="Edm.Date"/><ReturnType Type="Edm.Double"/></Function>
<Function Name="cost" IsBound="true"><Parameter Name="it" Type="graph.thing"/>
  <Parameter Name="by" Type="Edm.String"/><ReturnType Type="Edm.Double"/></Function>
<Function Name="ready" IsBound="true"><Parameter Name="it" Type="graph.thing"/><ReturnType Type="Edm.Boolean"/></Function>
<Action Name="reset"/>
<EntityContainer Name="service">
  <EntitySet Name="things" EntityType="graph.thing"/>
  <EntitySet Name="hubs" EntityType="graph.hub"/>
  <Singleton Name="me" Type="graph.person"/>
</EntityContainer>
`
