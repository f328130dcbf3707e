package simulator

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generator/simulate"
	"github.com/callgen/callgen/internal/shared"
	"github.com/callgen/callgen/spec"
	"github.com/callgen/callgen/spec/csdl"
	"github.com/callgen/callgen/spec/edm"
)

// TestEveryOperation finds the target of every operation that the facts list.
func TestEveryOperation(t *testing.T) {
	data, err := os.ReadFile(shared.Path(t, "reference", "communications-beta.json"))
	require.NoError(t, err)
	var facts struct {
		Operations []struct{ Method, Path string }
	}
	require.NoError(t, json.Unmarshal(data, &facts))
	require.Len(t, facts.Operations, 144)
	m := callingAPI(t)
	for _, o := range facts.Operations {
		path, keys := o.Path, 0
		for strings.Contains(path, "{") {
			path = path[:strings.Index(path, "{")] + "k%2F1" + path[strings.Index(path, "}")+1:]
			keys++
		}
		target, err := check(m, checked{Method: o.Method, Path: path})
		if e, ok := errors.AsType[*nonconformity](err); ok {
			assert.Equal(t, malformed, e.Kind, "%s %s: %v", o.Method, o.Path, err)
		}
		require.NotNil(t, target, o.Path)
		assert.Len(t, target.Keys, keys, o.Path)
	}
}

const peopleCSDL = `<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="s" xmlns="http://docs.oasis-open.org/odata/ns/edm">
<EnumType Name="day"><Member Name="mon"/><Member Name="tue"/></EnumType>
<EnumType Name="days" IsFlags="true"><Member Name="mon" Value="1"/><Member Name="tue" Value="2"/></EnumType>
<TypeDefinition Name="phone" UnderlyingType="Edm.String"/>
<ComplexType Name="place"><Property Name="street" Type="Edm.String"/></ComplexType>
<ComplexType Name="office" BaseType="s.place"><Property Name="floor" Type="Edm.Int16"/></ComplexType>
<ComplexType Name="free" OpenType="true"/>
<EntityType Name="base" Abstract="true"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.String" Nullable="false"/></EntityType>
<EntityType Name="person" BaseType="s.base">
 <Property Name="name" Type="Edm.String" Nullable="false"/><Property Name="age" Type="Edm.Int32"/><Property Name="big" Type="Edm.Int64"/>
 <Property Name="tall" Type="Edm.Double"/><Property Name="born" Type="Edm.Date"/><Property Name="at" Type="Edm.DateTimeOffset"/>
 <Property Name="span" Type="Edm.Duration"/><Property Name="time" Type="Edm.TimeOfDay"/><Property Name="guid" Type="Edm.Guid"/>
 <Property Name="data" Type="Edm.Binary"/><Property Name="ok" Type="Edm.Boolean"/><Property Name="day" Type="s.day"/><Property Name="days" Type="s.days"/>
 <Property Name="home" Type="s.place"/><Property Name="free" Type="s.free"/><Property Name="phones" Type="Collection(s.phone)"/>
 <Property Name="photo" Type="Edm.Stream"/><Property Name="any" Type="Edm.Untyped"/>
 <NavigationProperty Name="boss" Type="s.person"/><NavigationProperty Name="friends" Type="Collection(s.person)"/>
</EntityType>
<EntityType Name="robot" BaseType="s.person"><Property Name="model" Type="Edm.String"/></EntityType>
<Action Name="move" IsBound="true"><Parameter Name="it" Type="s.person"/><Parameter Name="to" Type="s.place" Nullable="false"/><Parameter Name="note" Type="Edm.String"/></Action>
<Action Name="rest" IsBound="true"><Parameter Name="it" Type="s.base"/></Action>
<Function Name="near" IsBound="true"><Parameter Name="them" Type="Collection(s.person)"/><Parameter Name="km" Type="Edm.Int32"/><ReturnType Type="Collection(s.person)"/></Function>
<EntityContainer Name="c"><EntitySet Name="people" EntityType="s.person"/><Singleton Name="me" Type="s.person"/></EntityContainer>
</Schema></edmx:DataServices></edmx:Edmx>`

// describedBy reads a model as the simulator has it.
func describedBy(t *testing.T, m *edm.Model) *description {
	d, err := readDescription(simulate.Description(m, func(edm.Type) bool { return true }))
	require.NoError(t, err)
	return d
}

func people(t *testing.T) *description {
	m, err := csdl.Read("people.xml", []byte(peopleCSDL))
	require.NoError(t, err)
	return describedBy(t, m)
}

// callingAPI is the description of this project's calling API.
func callingAPI(t *testing.T) *description {
	m, err := spec.Communications()
	require.NoError(t, err)
	return describedBy(t, m)
}

func TestPathsAndMethods(t *testing.T) {
	m := people(t)
	for request, want := range map[string]string{
		"GET /people": "/people", "POST /people": "/people", "DELETE /people": "not allowed",
		"GET /people/1": "/people/{id}", "PATCH /people/1": "/people/{id}", "POST /people/1": "not allowed",
		"GET /people/$count": "/people/$count", "POST /people/$count": "not allowed", "GET /people/1/$count": "not found",
		"GET /people/s.robot": "/people/s.robot", "GET /people/1/s.robot/model": "/people/{id}/s.robot/model", "GET /people/1/model": "not found",
		"GET /me": "/me", "DELETE /me": "not allowed", "GET /me/boss/boss": "/me/boss/boss", "DELETE /me/boss": "/me/boss",
		"GET /me/friends/a%20b/boss": "/me/friends/{id}/boss", "POST /me/friends/$ref": "/me/friends/$ref", "PUT /me/boss/$ref": "/me/boss/$ref",
		"POST /me/boss/$ref": "not allowed", "GET /me/home/street": "/me/home/street", "GET /me/home/street/x": "not found",
		"GET /me/photo": "/me/photo", "PUT /me/photo": "/me/photo", "POST /me/photo": "not allowed",
		"POST /me/move": "/me/move", "GET /me/move": "not allowed", "POST /me/s.rest": "/me/s.rest", "POST /people/move": "/people/{id}",
		"GET /people/near(km=1)": "/people/near(km=1)", "POST /people/near(km=1)": "not allowed", "GET /people/s.near(km=1)/1/boss": "/people/s.near(km=1)/{id}/boss",
		"GET /nobody": "not found", "GET /": "not found", "GET /me/%zz": "not found",
	} {
		method, path, _ := strings.Cut(request, " ")
		target, err := check(m, checked{Method: method, Path: path})
		e, _ := errors.AsType[*nonconformity](err)
		switch {
		case want == "not found":
			require.NotNil(t, e, request)
			assert.Equal(t, noSuchPath, e.Kind, request)
		case want == "not allowed" || request == "POST /people/move":
			require.NotNil(t, e, request)
			assert.Equal(t, noSuchMethod, e.Kind, request)
		default:
			require.NotNil(t, target, "%s: %v", request, err)
			assert.Equal(t, want, target.Template, request)
			if e != nil {
				assert.Equal(t, malformed, e.Kind, request)
			}
		}
	}
}

func TestBodies(t *testing.T) {
	m := people(t)
	for body, want := range map[string]string{
		`{"name":"a","age":1,"big":"9007199254740993","tall":1.5,"born":"2026-01-02","at":"2026-01-02T03:04:05Z","span":"PT1H","time":"10:00","any":[1],
		  "guid":"00000000-0000-4000-8000-000000000001","data":"AQ==","ok":true,"day":"MON","days":"mon, tue","home":{"street":"x"},"free":{"x":1},"phones":["1"]}`: "",
		`{"big":9007199254740993,"tall":"INF","born":null,"friends":[{"name":"b"}],"boss@odata.bind":"people('1')","@odata.type":"#s.robot","model":"x"}`: "",
		`{"home":{"@odata.type":"s.office","floor":1}}`: "",
		`{"name":null}`:         "$.name: null is not allowed",
		`{"age":1.5}`:           "$.age: must be a whole number of type Edm.Int32",
		`{"age":3000000000}`:    "$.age: must be a whole number of type Edm.Int32",
		`{"age":"1"}`:           "$.age: must be a whole number of type Edm.Int32",
		`{"tall":"high"}`:       "$.tall: must be a number",
		`{"born":"02.01.2026"}`: "$.born: must be a text in the form of Edm.Date",
		`{"at":"2026-01-02"}`:   "$.at: must be a text in the form of Edm.DateTimeOffset",
		`{"span":"1h","time":"ten","guid":"1","data":"?"}`: "$.data: must be a text in the form of Edm.Binary\n$.guid: must be a text in the form of Edm.Guid\n" +
			"$.span: must be a text in the form of Edm.Duration\n$.time: must be a text in the form of Edm.TimeOfDay",
		`{"ok":"true"}`:                     "$.ok: must be true or false",
		`{"day":"sun"}`:                     "$.day: s.day has no member sun",
		`{"day":1}`:                         "$.day: must be text: a member of s.day",
		`{"day":"mon,tue"}`:                 "$.day: s.day has no member mon,tue",
		`{"home":{"floor":1}}`:              "$.home: s.place has no property floor",
		`{"home":"x"}`:                      "$.home: must be an object: a s.place",
		`{"home":{"@odata.type":"#s.day"}}`: "$.home: the description has no type #s.day",
		`{"@odata.type":"#s.place"}`:        "$: s.place is not derived from s.person",
		`{"@odata.type":1}`:                 "$: @odata.type must be text",
		`{"phones":[1]}`:                    "$.phones[0]: must be a text of type Edm.String",
		`{"phones":"1"}`:                    "$.phones: must be an array",
		`{"friends":[{"nam":"b"}]}`:         "$.friends[0]: s.person has no property nam",
		`{} {}`:                             "the body is not JSON: something follows the value",
		`null`:                              "the body is not a JSON object",
	} {
		_, err := check(m, checked{Method: "POST", Path: "/people", ContentType: "application/json; charset=utf-8", Body: []byte(body)})
		if want == "" {
			assert.NoError(t, err, body)
			continue
		}
		assert.EqualError(t, err, want, body)
	}
	for request, want := range map[string]string{
		`/me/move {"to":{"street":"x"},"note":null}`: "",
		`/me/move {}`:                        "$: the parameter to is missing",
		`/me/move {"to":{},"from":1}`:        "$: s.move has no parameter from",
		`/me/rest `:                          "",
		`/me/move `:                          `the content type is "", not application/json`,
		`/me/friends/$ref {"@odata.id":"x"}`: "",
		`/me/friends/$ref {"id":"x"}`:        "$: @odata.id is missing",
	} {
		path, body, _ := strings.Cut(request, " ")
		r := checked{Method: "POST", Path: path, Body: []byte(body)}
		if body != "" {
			r.ContentType = "application/json"
		}
		_, err := check(m, r)
		if want == "" {
			assert.NoError(t, err, request)
			continue
		}
		assert.EqualError(t, err, want, request)
	}
	_, err := check(m, checked{Method: "GET", Path: "/me", Body: []byte("{}")})
	assert.EqualError(t, err, "GET has a body")
	_, err = check(m, checked{Method: "PUT", Path: "/me/photo", Body: []byte("PNG")})
	assert.NoError(t, err)
}
