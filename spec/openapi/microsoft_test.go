package openapi_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/spec/edm"
	"github.com/callgen/callgen/spec/openapi"
)

// asConverted is a description in the shapes that Microsoft's converter of OData has:
// keys in parentheses, alternate keys, spatial types spelled out, imports.
const asConverted = `openapi: 3.0.4
info: {title: t, version: v}
paths:
  /shops:
    get:
      responses: {2XX: {description: Shops, content: {application/json: {schema: {$ref: '#/components/schemas/org.example.shopCollectionResponse'}}}}}
      x-ms-docs-operation-type: operation
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/org.example.shop'}}}}
      responses: {2XX: {description: Made}}
      x-ms-docs-operation-type: operation
  /shops({number}):
    get:
      parameters: [{name: number, in: path, required: true, schema: {type: string}, x-ms-docs-key-type: shop}]
      responses: {2XX: {description: A shop, content: {application/json: {schema: {$ref: '#/components/schemas/org.example.shop'}}}}}
      x-ms-docs-operation-type: operation
  /shops(name='{name}',city='{city}'):
    get:
      parameters: [{name: name, in: path, required: true, schema: {type: string}}, {name: city, in: path, required: true, schema: {type: string}}]
      responses: {2XX: {description: A shop, content: {application/json: {schema: {$ref: '#/components/schemas/org.example.shop'}}}}}
      x-ms-docs-operation-type: operation
  /shops({number})/org.example.near(radius={radius}):
    get:
      parameters: [{name: number, in: path, required: true, schema: {type: string}, x-ms-docs-key-type: shop}, {name: radius, in: path, required: true, schema: {type: number, format: double}}]
      responses: {2XX: {description: Success}}
      x-ms-docs-operation-type: function
  /lines:
    get:
      responses: {2XX: {description: Lines, content: {application/json: {schema: {title: Collection of line, type: object, properties: {value: {type: array, items: {$ref: '#/components/schemas/org.example.line'}}}}}}}}
      x-ms-docs-operation-type: operation
  /lines(doc={doc},pos={pos}):
    get:
      parameters: [{name: doc, in: path, required: true, schema: {type: string}}, {name: pos, in: path, required: true, schema: {type: string}}]
      responses: {2XX: {description: A line, content: {application/json: {schema: {$ref: '#/components/schemas/org.example.line'}}}}}
      x-ms-docs-operation-type: operation
  /reset:
    post:
      responses: {'204': {description: Success}}
      x-ms-docs-operation-type: actionImport
  /nearest(lat={lat}):
    get:
      parameters: [{name: lat, in: path, required: true, schema: {type: number, format: double}}]
      responses: {2XX: {description: Success, content: {application/json: {schema: {$ref: '#/components/schemas/org.example.shop'}}}}}
      x-ms-docs-operation-type: functionImport
components:
  schemas:
    org.example.shop:
      type: object
      properties:
        number: {type: string}
        name: {type: string}
        city: {type: string}
        at: {$ref: '#/components/schemas/Edm.GeographyPoint'}
        '@odata.type': {type: string}
    org.example.line:
      type: object
      properties: {doc: {type: string}, pos: {type: string}, '@odata.type': {type: string}}
    org.example.shopCollectionResponse: {title: Collection of shop, type: object, properties: {value: {type: array, items: {$ref: '#/components/schemas/org.example.shop'}}, '@odata.nextLink': {type: string}}}
    Edm.GeographyPoint: {$ref: '#/components/schemas/Edm.GeometryPoint'}
    Edm.GeometryPoint: {type: object, properties: {type: {type: string, enum: [Point]}, coordinates: {type: array, items: {type: number}}}}
`

func readAll(t *testing.T, text string) (m *edm.Model, notes []string, dumped string) {
	t.Helper()
	m, found, err := openapi.Read("d.yaml", []byte(text), openapi.Options{})
	require.NoError(t, err)
	for _, n := range found {
		notes = append(notes, n.String())
	}
	var b bytes.Buffer
	require.NoError(t, m.Dump(&b))
	return m, notes, b.String()
}

func TestAsMicrosoftConverts(t *testing.T) {
	m, notes, dumped := readAll(t, asConverted)
	assert.Empty(t, notes)
	shop := m.Structured("org.example.shop")
	require.Len(t, shop.Key, 1)
	assert.Equal(t, "number", shop.Key[0].Name)
	assert.Equal(t, []edm.AlternateKey{{{Alias: "name", Path: "name"}, {Alias: "city", Path: "city"}}}, shop.AlternateKeys())
	assert.Equal(t, "Edm.GeographyPoint", shop.Property("at").Type.String())
	assert.NotContains(t, dumped, "Edm.Geometry", "the schemas of the Edm namespace are no types of the service")

	line := m.Structured("org.example.line")
	require.Len(t, line.Key, 2)
	assert.Empty(t, line.AlternateKeys())

	var sets, imports []string
	for _, s := range m.Container.EntitySets {
		sets = append(sets, s.Name+" "+s.TypeName)
	}
	for _, i := range append(m.Container.ActionImports, m.Container.FunctionImports...) {
		imports = append(imports, i.Operation)
	}
	assert.Equal(t, []string{"shops org.example.shop", "lines org.example.line"}, sets)
	assert.Equal(t, []string{"org.example.reset", "org.example.nearest"}, imports)
	near := m.Overloads(edm.QName{Namespace: "org.example", Name: "near"})
	require.Len(t, near, 1)
	assert.Equal(t, "org.example.shop", near[0].Binding().Type.String())
	assert.Nil(t, near[0].Return, "a response that is a description alone has no value")
}

// TestSlices reads paths that begin further in than the service does.
func TestSlices(t *testing.T) {
	m, notes, dumped := readAll(t, `openapi: 3.0.4
info: {title: t, version: v}
paths:
  /users/{user-id}/messages:
    get:
      parameters: [{name: user-id, in: path, required: true, schema: {type: string}, x-ms-docs-key-type: user}]
      responses: {2XX: {description: Messages, content: {application/json: {schema: {title: Collection of message, type: object, properties: {value: {type: array, items: {$ref: '#/components/schemas/org.example.message'}}}}}}}}
      x-ms-docs-operation-type: operation
  /users/{user-id}/mailbox/folders/{folder-id}:
    get:
      parameters: [{name: user-id, in: path, required: true, schema: {type: string}, x-ms-docs-key-type: user}, {name: folder-id, in: path, required: true, schema: {type: string}, x-ms-docs-key-type: folder}]
      responses: {2XX: {description: A folder, content: {application/json: {schema: {$ref: '#/components/schemas/org.example.folder'}}}}}
      x-ms-docs-operation-type: operation
components:
  schemas:
    org.example.message: {type: object, properties: {id: {type: string}, '@odata.type': {type: string}}}
    org.example.folder: {type: object, properties: {id: {type: string}, '@odata.type': {type: string}}}
`)
	assert.Equal(t, []string{
		"d.yaml:4:3: /users: no schema says what is here: the entity type org.example.user is made for the paths below",
		"d.yaml:9:3: /users/{user-id}/mailbox: no schema says what is here: the entity type org.example.mailbox is made for the paths below",
	}, notes)
	require.Len(t, m.Container.EntitySets, 1)
	user := m.Container.EntitySets[0].Type
	assert.Equal(t, "org.example.user", user.Name.String())
	require.Len(t, user.KeyProperties(), 1)
	assert.Equal(t, "id", user.KeyProperties()[0].Name)
	assert.Equal(t, "Collection(org.example.message)", user.NavigationProperty("messages").Type.String())
	assert.Equal(t, "org.example.mailbox", user.NavigationProperty("mailbox").Type.String())
	mailbox := m.Structured("org.example.mailbox")
	assert.Equal(t, "Collection(org.example.folder)", mailbox.NavigationProperty("folders").Type.String())
	assert.Contains(t, dumped, "entity set users org.example.user\n    @Org.OData.Capabilities.V1.ReadRestrictions = Record\n      Readable = Bool \"false\"", "nothing says that users can be listed")
}

// TestKeyOfNoProperty reads a key whose parts the type does not have.
func TestKeyOfNoProperty(t *testing.T) {
	_, notes, _ := readAll(t, strings.ReplaceAll(asConverted, "name='{name}',city='{city}'", "x='{name}'"))
	assert.Equal(t, []string{"d.yaml:17:3: /shops(x='{name}'): a key of org.example.shop with parts that are not its properties: it is ignored, along with everything below"}, notes)
}

// withoutMarks is a description that has lost what stood beside its references, as the slices
// of Graph have: that registration is a navigation property shows in its path.
const withoutMarks = `openapi: 3.0.4
info: {title: t, version: v}
paths:
  /meetings:
    get:
      responses: {2XX: {description: Meetings, content: {application/json: {schema: {title: Collection of meeting, type: object, properties: {value: {type: array, items: {$ref: '#/components/schemas/org.example.meeting'}}}}}}}}
      x-ms-docs-operation-type: operation
  /meetings/{meeting-id}:
    get:
      parameters: &key [{name: meeting-id, in: path, required: true, schema: {type: string}, x-ms-docs-key-type: meeting}]
      responses: {2XX: {description: A meeting, content: {application/json: {schema: {$ref: '#/components/schemas/org.example.meeting'}}}}}
      x-ms-docs-operation-type: operation
  /meetings/{meeting-id}/registration:
    get:
      summary: Get registration from meetings
      parameters: *key
      responses: {2XX: {description: A registration, content: {application/json: {schema: {$ref: '#/components/schemas/org.example.registration'}}}}}
      x-ms-docs-operation-type: operation
    delete:
      parameters: *key
      responses: {'204': {description: Success}}
      x-ms-docs-operation-type: operation
  /meetings/{meeting-id}/place:
    get:
      parameters: *key
      responses: {2XX: {description: A place, content: {application/json: {schema: {$ref: '#/components/schemas/org.example.place'}}}}}
  /last/registration:
    get:
      summary: Read how people register
      description: Of the last meeting.
      responses: {2XX: {description: A registration, content: {application/json: {schema: {$ref: '#/components/schemas/org.example.registration'}}}}}
      x-ms-docs-operation-type: operation
  /last:
    get:
      responses: {2XX: {description: A meeting, content: {application/json: {schema: {$ref: '#/components/schemas/org.example.meeting'}}}}}
      x-ms-docs-operation-type: operation
components:
  schemas:
    org.example.entity: {type: object, properties: {id: {type: string}, '@odata.type': {type: string}}}
    org.example.meeting:
      allOf:
        - $ref: '#/components/schemas/org.example.entity'
        - type: object
          properties:
            registration: {$ref: '#/components/schemas/org.example.registration'}
            place: {$ref: '#/components/schemas/org.example.place'}
            others: {type: array, items: {$ref: '#/components/schemas/org.example.meeting'}, x-ms-navigationProperty: true}
    org.example.registration:
      allOf: [{$ref: '#/components/schemas/org.example.entity'}, {type: object}]
    org.example.place: {type: object, properties: {name: {type: string}}}
`

func TestRequiredQueriesOfNavigationProperties(t *testing.T) {
	text := strings.Replace(withoutMarks, "      summary: Get registration from meetings\n      parameters: *key", `      parameters:
        - {name: meeting-id, in: path, required: true, schema: {type: string}, x-ms-docs-key-type: meeting}
        - {name: from, in: query, required: true, description: In ISO 8601., schema: {type: string}}
        - {name: to, in: query, schema: {type: string}}
        - {name: $top, in: query, required: true, schema: {type: string}}`, 1)
	m, _, err := openapi.Read("d.yaml", []byte(text), openapi.Options{})
	require.NoError(t, err)
	n := m.Structured("org.example.meeting").NavigationProperty("registration")
	options := n.Annotations.Get("Org.OData.Capabilities.V1.ReadRestrictions").Value.Property("CustomQueryOptions")
	require.NotNil(t, options)
	require.Len(t, options.Items, 1, "options that are not required, and those of OData")
	assert.Equal(t, "from", options.Items[0].Property("Name").Value)
	assert.Equal(t, "true", options.Items[0].Property("Required").Value)
	assert.Equal(t, "In ISO 8601.", options.Items[0].Property("Description").Value)
}

func TestPathsTellNavigationProperties(t *testing.T) {
	m, notes, err := openapi.Read("d.yaml", []byte(withoutMarks), openapi.Options{})
	require.NoError(t, err)
	require.Len(t, notes, 1)
	assert.Equal(t, "d.yaml:23:3: /meetings/{meeting-id}/place: it is a property and no entity: no request is for it alone", notes[0].String())
	meeting := m.Structured("org.example.meeting")
	assert.Nil(t, meeting.Property("registration"))
	n := meeting.NavigationProperty("registration")
	require.NotNil(t, n)
	assert.True(t, n.ContainsTarget)
	reading := n.Annotations.Get("Org.OData.Capabilities.V1.ReadRestrictions")
	require.NotNil(t, reading, "the texts of the second path")
	assert.Equal(t, "Of the last meeting.", reading.Value.Property("LongDescription").Value)
	assert.NotNil(t, meeting.Property("place"))
}
