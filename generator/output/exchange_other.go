//go:build !linux

package output

func exchange(staged, dir string) error { return swap(staged, dir) }
