package names

// Graph returns the overrides for what clashes in Microsoft Graph. An entry whose
// element is there and no longer clashes is an error when it is used, so that none
// outlives its reason.
func Graph() Overrides {
	return Overrides{
		"microsoft.graph.encryptWith/template": {
			"ByTemplate", "in beta encryptWithTemplate is a type as well",
		},
		"microsoft.graph.encryptWith/userDefinedRights": {
			"ByUserDefinedRights", "in beta encryptWithUserDefinedRights is a type as well",
		},
		"microsoft.graph.windowsMalwareCategory/remote_Control_Software": {
			"Remote_Control_Software", "the enum has remoteControlSoftware as well, a member of another value",
		},
		"microsoft.graph.security.alert/additionalData": {
			"AdditionalDataProperty", "every struct has AdditionalData for what its type does not declare",
		},
	}
}
