package config

import "github.com/callgen/callgen/spec/diag"

// LoadChoice is [Load] for a selection from descriptions named elsewhere: it needs neither
// a description nor a folder, and selects everything by default.
func LoadChoice(file string, flags ...Flag) (*Config, error) {
	return load(file, flags, func(c *Config, found *diag.List) {
		c.Spec, c.SHA256 = "", ""
		c.All = c.All || len(c.Roots) == 0 && c.wanting("roots")
		c.validateVersions(found)
		c.validateChoice(found)
		c.validateService(found)
		c.validateOverrides(found)
	})
}
