package config

import (
	"go/token"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/callgen/callgen/internal/fetch"
	"github.com/callgen/callgen/internal/visible"
	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

// Validate fills in defaults and reports everything missing, malformed or contradictory, as
// a [*diag.Error]. [Load] calls it.
func (c *Config) Validate() error {
	var found diag.List
	c.validate(&found)
	return found.Err()
}

func (c *Config) validate(found *diag.List) {
	c.validateSource(found)
	c.validateChoice(found)
	c.validateService(found)
	c.validateOut(found)
	c.validateOverrides(found)
	c.validateHeader(found)
}

// wanting reports whether a missing value should be reported: not if it was reported as
// malformed.
func (c *Config) wanting(key string) bool { return !c.places[key].malformed }

var url = regexp.MustCompile(urlPattern)

func isURL(s string) bool { return url.MatchString(s) }

func (c *Config) validateSource(found *diag.List) {
	if c.Spec == "" && c.wanting("spec") {
		c.add(found, "spec", "no description is given: add \"spec: FILE\", or --spec FILE")
	}
	c.validatePin(found)
	c.validateFiles(found)
	c.validateVersions(found)
	for i, overlay := range c.Overlays {
		if isURL(overlay) {
			c.add(found, item("overlays", i), "%s is a URL, and overlays can only be files: download it, and name the file", visible.URL(overlay))
		}
		if slices.Contains(c.Overlays[:i], overlay) && overlay != "" {
			c.add(found, item("overlays", i), "%s is listed twice: remove one", filepath.ToSlash(overlay))
		}
	}
}

// validateFiles checks that several files are distinct files.
func (c *Config) validateFiles(found *diag.List) {
	all := append([]string{c.Spec}, c.More...)
	for i, path := range all {
		switch {
		case len(all) > 1 && isURL(path):
			c.add(found, "spec", "%s is a URL, and a list of descriptions can only name files: download it, and name the file", visible.URL(path))
		case i > 0 && path != "" && slices.Contains(all[:i], path):
			c.add(found, "spec", "%s is listed twice: remove one", filepath.ToSlash(path))
		}
	}
	if len(all) > 1 && c.SHA256 != "" {
		c.add(found, "sha256", "a hash is for a single file, and the description has %d: remove it", len(all))
	}
}

// validateVersions wants a choice that there is.
func (c *Config) validateVersions(found *diag.List) {
	if k, _ := keyNamed("versions"); c.Versions != "" && !slices.Contains(k.values, c.Versions) {
		c.notOneOf(found, k, c.Versions)
	}
}

const hashPattern = `^[0-9a-f]{64}$`

var sha256 = regexp.MustCompile(hashPattern)

// validatePin requires a hash for a remote description.
func (c *Config) validatePin(found *diag.List) {
	switch {
	case c.SHA256 != "" && !sha256.MatchString(c.SHA256):
		c.add(found, "sha256", "%q is not a hash of 64 digits 0-9 and a-f: run gen update to write it", c.SHA256)
	case !c.Remote():
	case !fetch.Allowed(c.Spec):
		c.add(found, "spec", "%s: descriptions are fetched by https only: give such a URL, or download it, and name the file", c.Shown())
	case c.SHA256 == "" && c.wanting("sha256"):
		c.add(found, "spec", "%s has no hash to verify the download: run gen update to write it", c.Shown())
	}
}

// Remote reports whether the description is fetched from a URL.
func (s Source) Remote() bool { return isURL(s.Spec) }

// Shown returns the description as messages and generated files name it: without the query
// and the user of a URL, which can hold secrets.
func (s Source) Shown() string {
	if s.Remote() {
		return visible.URL(s.Spec)
	}
	return s.Spec
}

const segmentPattern = `^[A-Za-z0-9][A-Za-z0-9._-]*$`

var segment = regexp.MustCompile(segmentPattern)

var server = regexp.MustCompile(serverPattern)

// validateAddresses wants the parts that there are, and their choices.
func (c *Config) validateAddresses(found *diag.List) {
	k, _ := keyNamed("addresses")
	for _, part := range slices.Sorted(maps.Keys(c.Addresses)) {
		i := slices.IndexFunc(k.choices, func(a Alternatives) bool { return a.Name == part })
		switch {
		case i < 0:
			c.add(found, "addresses/"+part, "unknown key %s: the keys are keys, operations, enums", part)
		case !slices.Contains(k.choices[i].Values, c.Addresses[part]):
			c.add(found, "addresses/"+part, "%s is %s, not %q", part, strings.Join(k.choices[i].Values, " or "), c.Addresses[part])
		}
	}
}

// validateValues wants the texts of keys that can only be one of a few.
func (c *Config) validateValues(found *diag.List) {
	for _, k := range Keys() {
		if k.values == nil || k.Name == "versions" { // of the source
			continue
		}
		if v := *k.text(c); v != "" && !slices.Contains(k.values, v) {
			c.notOneOf(found, k, v)
		}
	}
}

// notOneOf reports a value that a key cannot have.
func (c *Config) notOneOf(found *diag.List, k Key, value string) {
	last := len(k.values) - 1
	c.add(found, k.Name, "%s is %s or %s, not %q", k.Name, strings.Join(k.values[:last], ", "), k.values[last], value)
}

// validateService is about the service that the description is of.
func (c *Config) validateService(found *diag.List) {
	if c.APIVersion == "" && c.wanting("api-version") {
		c.APIVersion = DefaultVersion
	}
	if c.APIVersion != "" && !segment.MatchString(c.APIVersion) {
		c.add(found, "api-version", "%q is not one segment of a URL: give the version alone, such as beta", c.APIVersion)
	}
	if c.Server != "" && !server.MatchString(c.Server) {
		c.add(found, "server", "%q is not the base URL of a service, such as https://orders.example.com/odata/v4, without query, fragment and user", visible.URL(c.Server))
	}
	c.validateAddresses(found)
	c.validateValues(found)
	if c.Namespace != "" && !edm.IsNamespace(c.Namespace) {
		c.add(found, "namespace", "%q is not a namespace, such as microsoft.graph", c.Namespace)
	}
}

func (c *Config) validateChoice(found *diag.List) {
	switch {
	case c.All && len(c.Roots) > 0:
		c.add(found, "all", "all and roots exclude each other: remove one of them")
	case len(c.Roots) == 0 && !c.All && c.wanting("roots") && c.wanting("all"):
		c.add(found, "roots", "nothing is selected: add \"roots:\" with paths (/communications/calls) or types (microsoft.graph.call), or \"all: true\"; as flags, --root ROOT or --all")
	}
	c.validatePatterns(found, "roots", c.Roots)
	c.validatePatterns(found, "exclude", c.Exclude)
	c.validateHierarchies(found)
}

func (c *Config) validatePatterns(found *diag.List, key string, list []string) {
	for i, root := range list {
		switch {
		case root == "": // already reported
		case !isRoot(root) && (key != "exclude" || !isRoot(strings.TrimPrefix(root, "!"))):
			c.add(found, item(key, i), "%q is neither a path, such as /communications/calls, nor a qualified type name, such as microsoft.graph.call", root)
		case slices.Contains(list[:i], root):
			c.add(found, item(key, i), "%s is listed twice: remove one", root)
		}
	}
}

func (c *Config) validateHierarchies(found *diag.List) {
	for _, base := range slices.Sorted(maps.Keys(c.Hierarchies)) {
		key := "hierarchies/" + base
		if !isQualified(base) {
			c.add(found, key, "%q is not a qualified type name, such as microsoft.graph.entity", base)
		}
		for i, kept := range c.Hierarchies[base] {
			switch {
			case kept == "": // already reported
			case !isQualified(kept):
				c.add(found, key, "%q is not a qualified type name, such as microsoft.graph.call", kept)
			case slices.Contains(c.Hierarchies[base][:i], kept):
				c.add(found, key, "%s is listed twice: remove one", kept)
			}
		}
	}
}

// isRoot reports whether s is a path or a qualified type name, with or without wildcards.
func isRoot(s string) bool {
	s = strings.ReplaceAll(s, "*", "x")
	path, isPath := strings.CutPrefix(s, "/")
	if !isPath {
		return isQualified(s)
	}
	for step := range strings.SplitSeq(withoutCall(path), "/") {
		isKey := strings.HasPrefix(step, "{") && strings.HasSuffix(step, "}")
		if !isKey && !edm.IsNamespace(step) {
			return false
		}
	}
	return true
}

// withoutCall returns a path without the parameters of the function that it ends with.
func withoutCall(path string) string {
	if at := strings.LastIndexAny(path, "/("); at > 0 && path[at] == '(' && path[at-1] != '}' && strings.IndexByte(path[at:], ')') == len(path)-at-1 {
		return path[:at]
	}
	return path
}

func isQualified(s string) bool { return strings.Contains(s, ".") && edm.IsNamespace(s) }

func (c *Config) validateOut(found *diag.List) {
	if c.Out == "" && c.wanting("out") {
		c.add(found, "out", "no folder is given: add \"out: FOLDER\", or --out FOLDER")
	}
	if isURL(c.Out) {
		c.add(found, "out", "%s is a URL: give a folder", visible.URL(c.Out))
		return
	}
	if c.Name != "" {
		if !isPackage(c.Name) {
			c.add(found, "package", "%q cannot be a package name: use letters and digits, not a keyword or main", c.Name)
		}
		return
	}
	if c.Out == "" || !c.wanting("package") {
		return
	}
	abs, err := filepath.Abs(c.Out) // for "."
	if err != nil {
		c.add(found, "out", "%v", err)
		return
	}
	c.Name = filepath.Base(abs)
	if !isPackage(c.Name) {
		c.add(found, "package", "%q, the last part of out, cannot be a package name: add \"package: NAME\", or --package NAME", c.Name)
	}
}

// isPackage reports whether a package with this name can be imported and used.
func isPackage(name string) bool {
	return token.IsIdentifier(name) && name != "_" && name != "main"
}

func (c *Config) validateOverrides(found *diag.List) {
	for _, element := range slices.Sorted(maps.Keys(c.Overrides)) {
		key, o := "overrides/"+element, c.Overrides[element]
		if !isElement(element) {
			c.add(found, key, "this is not a schema element, such as microsoft.graph.call or microsoft.graph.call/state")
		}
		if !token.IsIdentifier(o.Name) || !token.IsExported(o.Name) {
			c.add(found, key, "the name must be an exported Go identifier, such as CallState, not %q", o.Name)
		}
		if strings.TrimSpace(o.Reason) == "" {
			c.add(found, key, "the reason is missing: say why the element needs another name")
		}
	}
}

// element matches the names that overrides use: "/calls", "microsoft.graph.call",
// "microsoft.graph.call/state", "microsoft.graph.answer(Edm.String)/callbackUri". It does
// not restrict the characters of members: the description decides, and a member can be
// called "+1".
var element = regexp.MustCompile(elementPattern)

func isElement(s string) bool {
	name, _, _ := strings.Cut(strings.TrimPrefix(s, "/"), "/")
	name, _, _ = strings.Cut(name, "(")
	return element.MatchString(s) && !strings.ContainsFunc(s, isHidden) && edm.IsNamespace(name)
}

// validateHeader rejects text that would not stay in a comment, or has a special meaning
// there.
func (c *Config) validateHeader(found *diag.List) {
	for line := range strings.Lines(c.Header) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case strings.ContainsFunc(line, isHidden):
			c.add(found, "header", "%q contains control or direction characters: remove them", line)
		case strings.Contains(line, "+build"):
			c.add(found, "header", "%q contains +build, which is taken for a build constraint: remove it", line)
		}
	}
}

// isHidden reports whether a rune is invisible or changes how others are displayed.
func isHidden(r rune) bool {
	return r != '\t' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}
