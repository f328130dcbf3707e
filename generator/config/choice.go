package config

import "github.com/callgen/callgen/spec/diag"

// LoadChoice is [Load] for what chooses from descriptions that are named elsewhere:
// neither a description nor a folder is wanted, and everything is chosen if nothing
// else is.
func LoadChoice(file string, flags ...Flag) (*Config, error) {
	return load(file, flags, func(c *Config, found *diag.List) {
		c.Spec, c.SHA256 = "", ""
		c.All = c.All || len(c.Roots) == 0 && c.wanting("roots")
		c.validateChoice(found)
		c.validateService(found)
		c.validateOverrides(found)
	})
}
