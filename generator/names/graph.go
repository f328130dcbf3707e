package names

// Graph returns the overrides for what clashes in Microsoft Graph. An entry whose
// element is there and no longer clashes is an error when it is used, so that none
// outlives its reason.
func Graph() Overrides {
	return Overrides{}
}
