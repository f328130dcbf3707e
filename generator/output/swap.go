package output

import (
	"errors"
	"os"
)

// swap is exchange in two steps, where there is no way in one: the folder is
// missing for a moment, and is put back if the second step fails. The old folder
// takes the staged one's place, for the caller to remove.
func swap(staged, dir string) error {
	aside := staged + "-old"
	if err := os.Rename(dir, aside); err != nil {
		return err
	}
	if err := os.Rename(staged, dir); err != nil {
		return errors.Join(err, os.Rename(aside, dir))
	}
	return os.Rename(aside, staged)
}
