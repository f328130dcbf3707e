package generator

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/generator/goir"
	"github.com/callgen/callgen/generator/names"
	"github.com/callgen/callgen/generator/read"
	"github.com/callgen/callgen/internal/shared"
	"github.com/callgen/callgen/spec/edm"
)

// withoutPath are the types of Graph v1.0 that have navigation properties and that no path
// leads to: they are sent and returned only, in collections, parameters and notifications.
const withoutPath = `
	accessPackageAnswer accessPackageAssignmentRequestRequirements accessPackageResourceAttributeQuestion
	applicationServicePrincipal authenticationStrengthUsage callEvent computeRightsAndInheritanceResult deltaParticipants
	identityGovernance.cancelRunsScope identityGovernance.customTaskExtensionCalloutData
	importedWindowsAutopilotDeviceIdentityUpload labelContentRight participantJoiningNotification participantLeftNotification
	restorePointSearchResult searchHit security.hostPortComponent security.whoisNameserver windowsAutopilotDeploymentProfile`

// TestEverythingOfGraphHasARequest looks for the requests of all entity sets, singletons,
// navigation properties, actions and functions of Graph v1.0.
func TestEverythingOfGraphHasARequest(t *testing.T) {
	if testing.Short() {
		t.Skip("left out by -short: it plans all of Graph")
	}
	model, pkg := wholeOfGraph(t)
	made := requestsOf(pkg)
	container := model.Container
	for _, s := range container.EntitySets {
		assert.True(t, made["client"]["/"+s.Name], "entity set %s", s.Name)
	}
	for _, s := range container.Singletons {
		assert.True(t, made["client"]["/"+s.Name], "singleton %s", s.Name)
	}
	var pathless []string
	navigation, operations := 0, 0
	for _, schema := range model.Schemas {
		for _, declared := range schema.Types {
			of, ok := declared.(*edm.StructuredType)
			if !ok {
				continue
			}
			builder := made[of.Name.String()]
			for _, n := range of.Navigation {
				if builder == nil {
					pathless = append(pathless, strings.TrimPrefix(of.Name.String(), "microsoft.graph."))
					break
				}
				assert.True(t, builder[names.Element(of.Name, n.Name)], "navigation property %s of %s", n.Name, of.Name)
				navigation++
			}
			for _, collection := range []bool{false, true} {
				for _, op := range model.BoundTo(of, collection) {
					assert.True(t, builder[op.Element()], "%s, bound to %s", op.Name, of.Name)
					operations++
				}
			}
		}
	}
	slices.Sort(pathless)
	assert.Equal(t, strings.Fields(withoutPath), pathless)
	t.Logf("%d entity sets, %d singletons, %d navigation properties, %d actions and functions",
		len(container.EntitySets), len(container.Singletons), navigation, operations)
}

func wholeOfGraph(t *testing.T) (*edm.Model, *goir.Package) {
	t.Helper()
	file := shared.Path(t, "metadata", "graph-v1.0.csdl.xml")
	cfg := &config.Config{
		Source:  config.Source{Spec: file},
		Choice:  config.Choice{All: true},
		Package: config.Package{APIVersion: "v1.0", Name: "graph", Out: "graph"},
	}
	model, _, err := read.Model(cfg.Source)
	require.NoError(t, err)
	selection, err := Select(cfg.Choice, model)
	require.NoError(t, err)
	pkg, err := Plan(cfg.Package, cfg.Spec, selection)
	require.NoError(t, err)
	return model, pkg
}

// requestsOf returns the elements that the methods of builders stand for, by the type that
// the builders belong to.
func requestsOf(pkg *goir.Package) map[string]map[string]bool {
	made := map[string]map[string]bool{"client": {}}
	for _, f := range pkg.Files {
		for _, d := range f.Decls {
			of, methods := "client", []*goir.Method(nil)
			switch d := d.(type) {
			case *goir.Client:
				methods = d.Methods
			case *goir.Builder:
				of, methods = d.Type, d.Methods
			}
			if made[of] == nil {
				made[of] = make(map[string]bool)
			}
			for _, m := range methods {
				made[of][m.Element] = true
			}
		}
	}
	return made
}
