//go:build e2e

package generated_test

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generator"
	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/generator/output"
	"github.com/callgen/callgen/internal/shared"
)

// queries is a program that makes requests of the server with a package generated from
// Graph's own description, and prints what it gets as JSON, by the names of the queries.
const queries = `package main

import (
	"context"
	"encoding/json"
	"log"
	"os"
	"time"

	. "odata/graph"
	"odata/graph/fields"
)

func main() {
	ctx, got := context.Background(), make(map[string]any)
	client := NewClient(nil, WithBaseURL(os.Args[1]))
	contracts := func(name string, opts ...RequestOption) {
		page, err := client.Contracts().List(ctx, opts...)
		if err != nil {
			log.Fatal(name, ": ", err)
		}
		got[name] = page.Value
		if page.Count != nil {
			got[name+"/count"] = *page.Count
		}
	}
	contracts("all")
	contracts("top", Top(3), Skip(2), IncludeCount())
	contracts("select", Top(1), Select(fields.ContractDisplayName))
	contracts("order", Top(2), OrderBy(fields.ContractDefaultDomainName.Asc(), fields.ContractDisplayName.Desc()))
	contracts("guid", Where(fields.ContractCustomerID.Eq(GUID("00000000-0000-4000-8000-000000000003"))))
	contracts("contains", Where(And(fields.ContractDisplayName.Contains("1"), fields.ContractDisplayName.EndsWith("2"))))
	contracts("starts", Where(fields.ContractDisplayName.StartsWith("Name 2")))
	contracts("escaped", Where(fields.ContractDisplayName.Eq("A+B & Söhne/50%?#")))

	count, err := client.Contracts().Count(ctx)
	if err != nil {
		log.Fatal(err)
	}
	got["count"] = count

	domains := func(name string, c Condition) {
		var ids []string
		for d, err := range client.Domains().All(ctx, Where(c)) {
			if err != nil {
				log.Fatal(name, ": ", err)
			}
			ids = append(ids, d.ID)
		}
		got[name] = ids
	}
	domains("bool", fields.DomainIsDefault.Eq(true))
	domains("int", And(fields.DomainPasswordValidityPeriodInDays.Gt(20), fields.DomainIsVerified.Eq(false)))
	domains("or", Or(fields.DomainPasswordValidityPeriodInDays.Lt(10), fields.DomainPasswordValidityPeriodInDays.Ge(50)))
	domains("any", fields.DomainSupportedServices.Any(func(x Property) Condition { return x.Eq("Email") }))

	operations := func(name string, c Condition) {
		page, err := client.DataPolicyOperations().List(ctx, Where(c))
		if err != nil {
			log.Fatal(name, ": ", err)
		}
		var ids []string
		for _, o := range page.Value {
			ids = append(ids, o.ID)
		}
		got[name] = ids
	}
	operations("time", fields.DataPolicyOperationCompletedDateTime.Gt(time.Date(2026, 1, 6, 11, 0, 0, 0, time.FixedZone("", 3600))))
	operations("double", fields.DataPolicyOperationProgress.Ge(1.5))
	operations("enum", fields.DataPolicyOperationStatus.Eq(DataPolicyOperationStatusRunning))
	if err := json.NewEncoder(os.Stdout).Encode(got); err != nil {
		log.Fatal(err)
	}
}
`

type row = map[string]any

// rows are what the server serves.
func rows() map[string][]row {
	all := make(map[string][]row)
	for i := range 25 {
		name := fmt.Sprintf("Name %02d", i)
		if i == 7 {
			name = "A+B & Söhne/50%?#" // without a quote: the server cannot read the two that stand for one
		}
		all["contracts"] = append(all["contracts"], row{
			"id": fmt.Sprint("c", i), "contractType": "customer", "customerId": fmt.Sprintf("00000000-0000-4000-8000-%012d", i),
			"defaultDomainName": fmt.Sprintf("d%d.contoso.com", i%5), "displayName": name,
		})
	}
	for i := range 6 {
		d := row{"id": fmt.Sprint("d", i), "isDefault": i == 0, "isVerified": i%2 == 0, "passwordValidityPeriodInDays": 10 * i, "supportedServices": []string{}}
		if i == 4 {
			d["supportedServices"] = []string{"Email"}
		}
		all["domains"] = append(all["domains"], d)
	}
	for i := range 8 {
		all["dataPolicyOperations"] = append(all["dataPolicyOperations"], row{
			"id": fmt.Sprint("p", i), "completedDateTime": fmt.Sprintf("2026-01-%02dT10:00:00Z", i+1), "progress": float64(i) / 4,
			"status": []string{"notStarted", "running", "complete", "failed"}[i%4],
		})
	}
	return all
}

// TestQueriesAgainstAnODataMock has the queries that the client writes read by a server
// that is not ours, and that serves Graph's own description. It takes no "not", no "ne" of booleans, no "in"
// of numbers, no quotes in texts and no keys as segments of a path, so that those are not
// asked for.
func TestQueriesAgainstAnODataMock(t *testing.T) {
	description, err := filepath.Abs(shared.Path(t, "metadata", "graph-v1.0.csdl.xml"))
	require.NoError(t, err)
	data := t.TempDir()
	for set, list := range rows() {
		text, err := json.Marshal(list)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(data, set+".json"), text, 0o644))
	}
	program, err := filepath.Abs("e2e/odata.js")
	require.NoError(t, err)
	address := freeAddress(t)
	_, port, err := net.SplitHostPort(address)
	require.NoError(t, err)
	serve(t, "node", program, description, data, port)

	got := ask(t, description, "http://"+address+"/v1.0")
	contracts := rows()["contracts"]
	same := func(name string, want ...row) {
		t.Helper()
		var ids []any
		list, _ := got[name].([]any)
		for _, item := range list {
			ids = append(ids, item.(row)["id"])
		}
		var wanted []any
		for _, w := range want {
			wanted = append(wanted, w["id"])
		}
		assert.Equal(t, wanted, ids, name)
	}
	same("all", contracts...)
	assert.EqualValues(t, 25, got["count"])
	same("top", contracts[2:5]...)
	assert.EqualValues(t, 25, got["top/count"])
	assert.Equal(t, []any{row{"displayName": "Name 00"}}, got["select"])
	same("order", contracts[20], contracts[15])
	same("guid", contracts[3])
	same("contains", contracts[12])
	same("starts", contracts[20:]...)
	same("escaped", contracts[7])
	for name, want := range map[string][]any{
		"bool": {"d0"}, "int": {"d3", "d5"}, "or": {"d0", "d5"}, "any": {"d4"},
		"time": {"p6", "p7"}, "double": {"p6", "p7"}, "enum": {"p1", "p5"},
	} {
		assert.Equal(t, want, got[name], name)
	}
}

// ask generates a package of what is asked for, and returns what the program prints.
func ask(t *testing.T, description, url string) map[string]any {
	module := t.TempDir()
	cfg := &config.Config{
		Source: config.Source{Spec: description},
		Choice: config.Choice{
			Roots:       []string{"/contracts", "/domains", "/dataPolicyOperations"},
			Hierarchies: map[string][]string{"microsoft.graph.directoryObject": {"microsoft.graph.contract"}}, // or it is all of Graph
		},
		Package: config.Package{APIVersion: "v1.0", Name: "graph", Out: filepath.Join(module, "graph")},
	}
	require.NoError(t, os.WriteFile(filepath.Join(module, "go.mod"), []byte("module odata\n\ngo 1.26\n"), 0o644))
	result, err := generator.Generate(cfg, nil)
	require.NoError(t, err)
	_, err = output.Write(cfg.Out, result.Files, output.Options{})
	require.NoError(t, err)
	_, err = output.Write(cfg.FieldsOut(), result.Fields, output.Options{})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(module, "main.go"), []byte(queries), 0o644))
	cmd := exec.Command("go", "run", ".", url)
	cmd.Dir = module
	cmd.Env = append(os.Environ(), "GOPROXY=off", "GOWORK=off", "GOFLAGS=")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, "%s", &stderr)
	var got map[string]any
	require.NoError(t, json.Unmarshal(out, &got))
	return got
}
