package output

import "golang.org/x/sys/unix"

// exchange swaps two folders in one step, or does nothing and fails.
func exchange(a, b string) error { return unix.RenamexNp(a, b, unix.RENAME_SWAP) }
