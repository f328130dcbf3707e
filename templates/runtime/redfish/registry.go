package redfish

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/callgen/callgen/templates/runtime/client"
)

// MessageRegistries explains messages with the registries that a controller delivers (DSP0266,
// "Message registries"): there are the texts of messages that controllers send as an id and
// arguments. It reads each registry once, when it is first needed, and nothing from other hosts.
// Its methods can be called by several goroutines at the same time.
type MessageRegistries struct {
	client *client.Client
	opts   []client.RequestOption
	turn   chan struct{} // holds a value while somebody reads or looks up
	files  []registryFile
	listed bool
}

// registryFile is where a registry is read from.
type registryFile struct {
	link     string
	registry string // such as "Base.1.18", "" until the file was read
	location string // of the messages, "" if the controller does not have them
	messages map[string]registered
	read     bool // the file
	loaded   bool // the messages
}

// registered is a message of a registry.
type registered struct {
	Message         string
	Severity        string
	MessageSeverity string
	Resolution      string
}

// NewMessageRegistries returns the registries of a controller. It sends no request; the options
// are those of each request that [MessageRegistries.Explain] sends.
func NewMessageRegistries(c *client.Client, opts ...client.RequestOption) *MessageRegistries {
	return &MessageRegistries{client: c, opts: opts, turn: make(chan struct{}, 1)}
}

// Explain returns the messages with the text, severity and resolution of their registry where
// the controller has sent none; arguments stand in the place of %1, %2 and so on. A message of a
// version that the controller has no registry of is explained by another version of the same
// registry; one of no registry stays as it is. The error says which registry could not be read:
// the messages are then returned with what is known, and the next call tries again.
func (r *MessageRegistries) Explain(ctx context.Context, messages ...ControllerMessage) ([]ControllerMessage, error) {
	select {
	case r.turn <- struct{}{}:
		defer func() { <-r.turn }()
	case <-ctx.Done():
	}
	if ctx.Err() != nil {
		return slices.Clone(messages), ctx.Err()
	}
	var failed []error
	explained := slices.Clone(messages)
	for i := range explained {
		m := &explained[i]
		if err := r.explain(ctx, m); err != nil {
			failed = append(failed, fmt.Errorf("the registry of message %q: %w", m.ID, err))
		}
		m.Text = withArguments(m.Text, m.Args)
	}
	return explained, errors.Join(failed...)
}

// explain adds to a message what its registry says.
func (r *MessageRegistries) explain(ctx context.Context, m *ControllerMessage) error {
	if m.Text != "" && m.Severity != "" && m.Resolution != "" || !strings.Contains(m.ID, ".") {
		return nil
	}
	registry, err := r.find(ctx, strings.TrimSuffix(m.ID, "."+m.Key()))
	if registry == nil || err != nil {
		return err
	}
	known, ok := registry.messages[m.Key()]
	if !ok {
		return nil
	}
	m.Text = cmp.Or(m.Text, known.Message)
	m.Severity = cmp.Or(m.Severity, known.MessageSeverity, known.Severity)
	m.Resolution = cmp.Or(m.Resolution, known.Resolution)
	return nil
}

// find returns a registry, such as that of "Base.1.18", with its messages, or nil.
func (r *MessageRegistries) find(ctx context.Context, wanted string) (*registryFile, error) {
	if err := r.list(ctx); err != nil {
		return nil, err
	}
	var best *registryFile
	for i := range r.files {
		f := &r.files[i]
		if err := r.readFile(ctx, f); err != nil {
			return nil, err
		}
		if f.location == "" || registryName(f.registry) != registryName(wanted) {
			continue
		}
		if best == nil || nearness(f.registry, wanted) > nearness(best.registry, wanted) {
			best = f
		}
	}
	if best == nil || best.loaded {
		return best, nil
	}
	var document struct{ Messages map[string]json.RawMessage }
	if err := r.get(ctx, best.location, &document); err != nil {
		return nil, err
	}
	best.loaded, best.messages = true, make(map[string]registered, len(document.Messages))
	for key, raw := range document.Messages {
		var fields map[string]json.RawMessage
		_ = json.Unmarshal(raw, &fields)
		best.messages[key] = registered{
			Message: textIn(fields["Message"]), Severity: textIn(fields["Severity"]),
			MessageSeverity: textIn(fields["MessageSeverity"]), Resolution: textIn(fields["Resolution"]),
		}
	}
	return best, nil
}

// list reads which registries there are: none if the controller has no such collection.
func (r *MessageRegistries) list(ctx context.Context) error {
	if r.listed {
		return nil
	}
	var root struct {
		Registries registryLink `json:"Registries"`
	}
	if err := r.get(ctx, rootPath, &root); err != nil {
		return err
	}
	var files []registryFile
	seen := make(map[string]bool)
	for next := string(root.Registries); next != "" && !seen[next]; {
		seen[next] = true
		var page struct {
			Members []registryLink `json:"Members"`
			Next    string         `json:"Members@odata.nextLink"`
		}
		if err := r.get(ctx, next, &page); err != nil {
			return err
		}
		for _, link := range page.Members {
			files = append(files, registryFile{link: string(link)})
		}
		next = page.Next
	}
	r.files, r.listed = files, true
	return nil
}

// registryLink is the address in a link.
type registryLink string

// UnmarshalJSON implements [json.Unmarshaler].
func (l *registryLink) UnmarshalJSON(data []byte) error {
	var link map[string]json.RawMessage
	_ = json.Unmarshal(data, &link)
	*l = registryLink(textIn(link["@odata.id"]))
	return nil
}

// readFile reads where the messages of a registry are: in English if there are several languages.
func (r *MessageRegistries) readFile(ctx context.Context, f *registryFile) error {
	if f.read || f.link == "" {
		return nil
	}
	var document struct {
		Registry json.RawMessage
		ID       json.RawMessage `json:"Id"`
		Location []map[string]json.RawMessage
	}
	err := r.get(ctx, f.link, &document)
	if err != nil && !client.IsNotFound(err) {
		return err
	}
	f.read, f.registry = true, cmp.Or(textIn(document.Registry), textIn(document.ID))
	for _, at := range document.Location {
		uri, language := textIn(at["Uri"]), textIn(at["Language"])
		if uri != "" && (f.location == "" || strings.HasPrefix(language, "en")) {
			f.location = uri
		}
	}
	return nil
}

// get reads a document. Members that are not of their type are left out.
func (r *MessageRegistries) get(ctx context.Context, link string, into any) error {
	_, data, err := client.ExchangeAt(ctx, r.client, http.MethodGet, link, nil, r.opts)
	if err != nil {
		return err
	}
	err = json.Unmarshal(data, into)
	if _, odd := errors.AsType[*json.UnmarshalTypeError](err); odd {
		return nil
	}
	return err
}

// registryName returns the name of a registry without its version: "Base" for "Base.1.18".
func registryName(registry string) string {
	name, _, _ := strings.Cut(registry, ".")
	return name
}

// nearness says how well a version of a registry explains the messages of another: the same
// version best, then the newest.
func nearness(registry, wanted string) int {
	if registry == wanted || strings.HasPrefix(registry, wanted+".") || strings.HasPrefix(wanted, registry+".") {
		return 1 << 30
	}
	version, parts := 0, strings.Split(registry, ".")
	for i := 1; i <= 3; i++ {
		version *= 1000
		if i < len(parts) {
			if n, err := strconv.Atoi(parts[i]); err == nil && n >= 0 && n < 1000 {
				version += n
			}
		}
	}
	return version
}

// withArguments puts the arguments of a message in the place of %1, %2 and so on, as often as
// they occur.
func withArguments(text string, args []string) string {
	if len(args) == 0 || !strings.Contains(text, "%") {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		end := i + 1
		for end < len(text) && '0' <= text[end] && text[end] <= '9' {
			end++
		}
		n, err := strconv.Atoi(text[i+1 : end])
		if text[i] != '%' || err != nil || n < 1 || n > len(args) {
			b.WriteByte(text[i])
			continue
		}
		b.WriteString(args[n-1])
		i = end - 1
	}
	return b.String()
}
