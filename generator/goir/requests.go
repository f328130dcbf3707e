package goir

// Client is NewClient and the methods for entity sets and singletons.
type Client struct {
	Declared
	Version string // of Microsoft Graph in its URLs, such as "beta"
	Service *Service
	Methods []*Method
}

// Service is what is known of the addresses of a service other than Microsoft Graph.
type Service struct {
	Base       string   // its URL, "" if programs give it
	Segments   bool     // keys are segments of paths
	EnumTypes  bool     // literals of enums stand with their type
	Qualified  bool     // operations stand with their namespace
	Namespaces []string // which operations stand without otherwise
	Version    string   // of OData that requests name, "" for none
	Batches    string   // the constant for the format of batches, "" for that of Microsoft Graph
}

// Builder is a struct that makes the requests of one kind of resource: an entity, or
// a collection of entities.
type Builder struct {
	Declared
	Embeds  string // the builder of the base type; "" if it holds the resource itself
	Methods []*Method
}

// Method is a method of a builder or of the client.
type Method struct {
	Declared
	Kind       Kind
	Receiver   string
	Params     []Param // all parameters, including the context and the options
	Results    []Type
	Path       []Segment // from the builder's resource to the resource of the request
	HTTP       string    // the method of the request
	Body       Body
	Item       Type        // what is decoded: an entity, an item of the collection, a scalar
	List       string      // the variable that lists the types of a polymorphic item; "" for others
	Leads      []string    // the builder that a Navigate returns, and the builders that it embeds
	Key        string      // the key property of a method that navigates by key; "" for others
	Operation  bool        // it calls the operation that it is made from
	Parameters *Parameters // parameters of the operation; nil without
}

// Kind says what a method does.
type Kind int

// The kinds of methods.
const (
	Navigate    Kind = iota // returns another builder
	Send                    // sends a request whose answer has no content
	Fetch                   // returns a struct
	FetchPage               // returns a page of a collection
	Iterate                 // ranges over a collection, page by page
	Scalar                  // returns a value that is not a struct
	Count                   // returns the number of items
	Delta                   // ranges over changes
	Cast                    // returns a builder for an entity as one of a derived type
	CastAll                 // returns a builder for the entities of a derived type
	Media                   // adds a media entity
	Open                    // reads a stream
	Upload                  // writes a stream
	ListRefs                // ranges over the URLs of references
	GetRef                  // returns the URL of the single reference
	AddRef                  // adds a reference to a collection
	SetRef                  // sets the single reference
	RemoveRef               // removes a reference
	RemoveRefTo             // removes a reference from a collection
)

// Param is a parameter of a method.
type Param struct {
	Name string
	Type Type
}

// Body is the body of a request: a parameter, or its address. The zero Body is empty.
type Body struct {
	Param     string
	ByAddress bool
}

// Segment is a part of a path that a method adds to the path of its builder: one of these.
type Segment struct {
	Text  string    // as it stands
	Op    string    // a bound operation without parameters in the path
	Cast  string    // a derived type
	Key   string    // the parameter that is a key: a string
	KeyOf string    // the parameter that is a key of another type
	Keys  []Value   // the parts of a key
	Call  *Function // a function with parameters

	ItemPath string // the parameter that is the path of a drive item of Microsoft Graph
}

// Function is a call of a function, or an alternate key, in a path.
type Function struct {
	Name   string // "" for a key
	Import bool   // it is called by its import
	Values []Value
}

// Value is a named value in a path.
type Value struct {
	Name  string
	Param string // a Go parameter, or
	Field string // a field of it
}

// Signature returns the type of the method without the names of parameters.
func (m *Method) Signature() string {
	s := "func("
	for i, p := range m.Params {
		if i > 0 {
			s += ", "
		}
		s += p.Type.String()
	}
	s += ")"
	switch len(m.Results) {
	case 0:
		return s
	case 1:
		return s + " " + m.Results[0].String()
	}
	s += " ("
	for i, t := range m.Results {
		if i > 0 {
			s += ", "
		}
		s += t.String()
	}
	return s + ")"
}

// BodyNames returns the identifiers used in the bodies of methods, which no parameter may
// hide.
func BodyNames() []string {
	return []string{
		"address", "arg", "castTo", "castToAll", "changesOf", "createdMedia", "each", "err", "fetchResult", "fetched", "fetchedPage", "fetchedPageOf", "result", "to", "uploaded",
		"context", "io", "iter", "json", "time",
	}
}
