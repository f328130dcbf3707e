package config

import (
	"bytes"
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/callgen/callgen/spec/diag"
)

const startTop = `# yaml-language-server: $schema=` + SchemaURL + `
# What gen generates, and from what. See "gen help".
`

// Start returns the text of a new configuration file, to be written to file: keys that
// everyone needs and those of the flags are set, the others are comments. Invalid flags are
// reported as a [*diag.Error].
func Start(file string, flags ...Flag) ([]byte, error) {
	all, specGiven := begun(flags)
	c := new(Config)
	var found diag.List
	c.apply(all, &found)
	if c.Remote() && c.SHA256 == "" {
		c.SHA256 = strings.Repeat("0", 64) // gen update replaces it
	}
	c.validate(&found)
	if specGiven {
		c.stat(&found)
	}
	if err := found.Err(); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	b.WriteString(startTop)
	for _, k := range Keys() {
		b.WriteString("\n# " + strings.Join(wrapped(k.Doc, 90), "\n# ") + "\n")
		text, err := k.line(filepath.Dir(file), all, c)
		if err != nil {
			return nil, err
		}
		b.Write(text)
	}
	return b.Bytes(), nil
}

// begun adds the keys that everyone needs to flags, and reports whether the flags name a
// description.
func begun(flags []Flag) (all []Flag, specGiven bool) {
	given := func(name string) bool {
		return slices.ContainsFunc(flags, func(f Flag) bool { return f.Name == name })
	}
	all = slices.Clone(flags)
	for _, k := range Keys() {
		switch k.Name {
		case "spec", "api-version", "out":
		case "all":
			if given("root") {
				continue
			}
		default:
			continue
		}
		if !given(k.Flag) {
			all = append(all, Flag{Name: k.Flag, Values: []string{k.example}})
		}
	}
	return all, given("spec")
}

// line returns a key with the value of its flag, or with an example as a comment.
func (k Key) line(folder string, flags []Flag, c *Config) ([]byte, error) {
	i := slices.IndexFunc(flags, func(f Flag) bool { return f.Name == k.Flag && k.Flag != "" })
	if i < 0 {
		return []byte("#" + k.Name + ": " + k.example + "\n"), nil
	}
	values := slices.Clone(flags[i].Values)
	for j := range values {
		values[j] = k.below(folder, values[j])
	}
	var value any = values[0]
	switch k.Kind {
	case Files:
		if len(values) > 1 {
			value = values
		}
	case List:
		value = values
	case Switch:
		value = values[0] == "true"
	case Map:
		value = c.overrideNodes()
	case Groups:
		value = c.Hierarchies
	case Choices:
		value = c.Addresses
	}
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	err := errors.Join(e.Encode(map[string]any{k.Name: value}), e.Close())
	return b.Bytes(), err
}

// overrideNodes returns the overrides as YAML writes them.
func (c *Config) overrideNodes() map[string]map[string]string {
	all := make(map[string]map[string]string)
	for element, o := range c.Overrides {
		all[element] = map[string]string{"name": o.Name, "reason": o.Reason}
	}
	return all
}

// below makes a path relative to the folder of the configuration file.
func (k Key) below(folder, value string) string {
	if !k.path || filepath.IsAbs(value) || isURL(value) {
		return value
	}
	relative, err := filepath.Rel(folder, filepath.FromSlash(value))
	if err != nil {
		return value // on another drive
	}
	return filepath.ToSlash(relative)
}

// wrapped breaks text into lines.
func wrapped(text string, width int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines, line = append(lines, line), ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	return append(lines, line)
}
