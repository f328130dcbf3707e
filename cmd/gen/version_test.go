package main

import (
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestVersionOf(t *testing.T) {
	info := &debug.BuildInfo{GoVersion: "go1.26.8", Main: debug.Module{Version: "v0.1.0"}}
	assert.Equal(t, "gen v0.1.0 (go1.26.8)", versionOf(info))
	info.Settings = []debug.BuildSetting{{Key: "vcs.revision", Value: "0123456789abcdef"}, {Key: "vcs.modified", Value: "false"}}
	assert.Equal(t, "gen v0.1.0 (commit 0123456789ab, go1.26.8)", versionOf(info))
	info.Settings[1].Value = "true"
	assert.Equal(t, "gen v0.1.0 (commit 0123456789ab, modified, go1.26.8)", versionOf(info))
}
