package config

import (
	"os"

	"github.com/callgen/callgen/spec/diag"
)

// LoadChoice is [Load] for what chooses from descriptions that are named elsewhere:
// neither a description nor a folder is wanted, and everything is chosen if nothing
// else is.
func LoadChoice(file string, flags ...Flag) (*Config, error) {
	c := &Config{file: file}
	var found diag.List
	if file != "" {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		if !c.read(data, &found) {
			return nil, found.Err()
		}
	}
	c.apply(flags, &found)
	c.Spec = ""
	c.All = c.All || c.missing("roots", len(c.Roots) == 0)
	c.validateRoots(&found)
	c.validateVersion(&found)
	c.validateOverrides(&found)
	c.stat(&found)
	if err := found.Err(); err != nil {
		return nil, err
	}
	return c, nil
}
