package notification

// This file is not emitted. It gives the packages above this one exported names for what they
// need of it.
