package csdl_test

import (
	"errors"
	"flag"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/internal/fault"
	"github.com/callgen/callgen/spec/csdl"
	"github.com/callgen/callgen/spec/diag"
)

var (
	faults    = flag.Int("faults", 200, "how many random faults to put into descriptions")
	firstSeed = flag.Uint64("seed", 1, "seed of the first random fault")
	soak      = flag.Duration("soak", 0, "try random faults for so long instead")
)

// TestOneFault puts one fault after another into valid descriptions. They can be read
// all the same: at most one in ten is refused, in one sentence that says where.
func TestOneFault(t *testing.T) {
	communications, err := os.ReadFile(filepath.Join("..", "communications.csdl.xml"))
	require.NoError(t, err)
	valid := [][]byte{fixture(t, "everything.csdl.xml"), communications, []byte(severalSchemas)}
	start, tried, refused := time.Now(), 0, 0
	for seed := *firstSeed; *soak > 0 && time.Since(start) < *soak || *soak == 0 && tried < *faults; seed++ {
		r := rand.New(rand.NewPCG(seed, 0))
		broken, what, err := fault.One(r, valid[tried%len(valid)])
		require.NoError(t, err)
		tried++
		m, _, err := csdl.ReadAll([]csdl.Document{{Name: "d.xml", Data: broken}}, csdl.Options{})
		var found *diag.Error
		switch {
		case errors.As(err, &found):
			refused++
			assert.Len(t, found.Findings, 1, "seed %d, %s: %v", seed, what, err)
			assert.Positive(t, found.Findings[0].Pos.Line, "seed %d, %s: %v", seed, what, err)
			continue
		case err != nil:
			t.Fatalf("seed %d, %s: %v", seed, what, err)
		}
		require.NoError(t, m.Link(), "seed %d, %s", seed, what)
		require.NoError(t, m.Dump(io.Discard), "seed %d, %s", seed, what)
		checkModel(t, m)
		if t.Failed() {
			t.Fatalf("seed %d, %s\nAgain: go test ./spec/csdl -run '^TestOneFault$' -seed %d -faults 1", seed, what, seed)
		}
	}
	assert.LessOrEqual(t, refused*10, tried, "%d of %d are refused", refused, tried)
	t.Logf("%d faults, %d refused", tried, refused)
}

// severalSchemas is a description that is small, so that faults hit what others need.
const severalSchemas = `<edmx:Edmx Version="4.0" xmlns:edmx="` + nsEDMX + `">
<edmx:Reference Uri="core.xml"><edmx:Include Namespace="Org.OData.Core.V1" Alias="Core"/></edmx:Reference>
<edmx:DataServices><Schema Namespace="shop" Alias="self" xmlns="` + nsEDM + `">
<EntityType Name="item" Abstract="true"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.Int32" Nullable="false"/></EntityType>
<EntityType Name="book" BaseType="self.item" OpenType="true"><Property Name="price" Type="Edm.Decimal" Precision="9" Scale="variable"/>
<NavigationProperty Name="author" Type="people.author" Partner="books"><ReferentialConstraint Property="id" ReferencedProperty="number"/></NavigationProperty></EntityType>
<Action Name="order" IsBound="true"><Parameter Name="it" Type="self.book"/><Parameter Name="color" Type="people.color"/><ReturnType Type="Collection(self.book)"/></Action>
<Function Name="cheapest" IsComposable="true"><ReturnType Type="self.book"/></Function>
<EntityContainer Name="container"><EntitySet Name="items" EntityType="shop.item"><NavigationPropertyBinding Path="shop.book/author" Target="authors"/></EntitySet>
<EntitySet Name="authors" EntityType="people.author"/><FunctionImport Name="cheapest" Function="shop.cheapest" EntitySet="items"/><Singleton Name="best" Type="shop.book"/></EntityContainer>
<Annotations Target="shop.book/price"><Annotation Term="Core.Description" String="What it costs."/></Annotations></Schema>
<Schema Namespace="people" xmlns="` + nsEDM + `"><EntityType Name="author"><Key><PropertyRef Name="number"/></Key><Property Name="number" Type="people.number" Nullable="false"/>
<Property Name="likes" Type="Collection(people.color)"/><NavigationProperty Name="books" Type="Collection(shop.book)" Partner="author"/></EntityType>
<EnumType Name="color" IsFlags="true"><Member Name="red" Value="1"/><Member Name="blue" Value="2"/></EnumType>
<TypeDefinition Name="number" UnderlyingType="Edm.Int64"/></Schema></edmx:DataServices></edmx:Edmx>`
