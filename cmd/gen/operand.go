package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/generator/read"
	"github.com/callgen/callgen/internal/bounded"
	"github.com/callgen/callgen/internal/fetch"
	"github.com/callgen/callgen/spec/csdl"
)

// operand reads a description named as an argument: a file, a folder of files, a URL, or
// REV:PATH for a file or folder in a revision of the current git repository.
func operand(name string) ([]csdl.Document, error) {
	info, missing := os.Stat(name)
	switch {
	case missing != nil && strings.Contains(name, "://"):
		data, err := fetch.Newest(context.Background(), name)
		return one(config.Source{Spec: name}.Shown(), data), err
	case missing != nil && strings.Contains(name, ":"):
		return committed(name)
	case missing == nil && info.IsDir():
		return filesBelow(name)
	}
	data, err := readOperand(name)
	return one(name, data), err
}

func one(name string, data []byte) []csdl.Document {
	return []csdl.Document{{Name: name, Data: data}}
}

// filesBelow reads the files of a folder that make up a description.
func filesBelow(name string) ([]csdl.Document, error) {
	files, err := read.Files(config.Source{Spec: name})
	if err != nil {
		return nil, err
	}
	var documents []csdl.Document
	for _, file := range files {
		data, err := readOperand(file)
		if err != nil {
			return nil, err
		}
		documents = append(documents, csdl.Document{Name: file, Data: data})
	}
	return documents, nil
}

func readOperand(name string) ([]byte, error) {
	data, err := bounded.ReadFile(name)
	if errors.Is(err, bounded.ErrTooLarge) {
		err = fmt.Errorf("%w, more than any description needs", err)
	}
	return data, err
}

// committed reads a file of a revision, or the XML files of a folder.
func committed(name string) ([]csdl.Document, error) {
	if strings.HasPrefix(name, "-") {
		return nil, fmt.Errorf("%s: a revision does not begin with -", name)
	}
	revision, path, _ := strings.Cut(name, ":")
	object := revision + ":" + filepath.ToSlash(path)
	kind, err := git(name, "cat-file", "-t", object)
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(string(kind)) == "tree" {
		return committedFolder(name, object)
	}
	data, err := git(name, "cat-file", "blob", object)
	return one(name, data), err
}

// committedFolder reads the XML files of a folder of a revision.
func committedFolder(name, object string) ([]csdl.Document, error) {
	list, err := git(name, "ls-tree", "-z", "--name-only", object)
	if err != nil {
		return nil, err
	}
	var documents []csdl.Document
	for file := range strings.SplitSeq(strings.TrimSuffix(string(list), "\x00"), "\x00") {
		if !strings.EqualFold(path.Ext(file), ".xml") {
			continue
		}
		data, err := git(name, "cat-file", "blob", strings.TrimSuffix(object, "/")+"/"+file)
		if err != nil {
			return nil, err
		}
		documents = append(documents, csdl.Document{Name: strings.TrimSuffix(name, "/") + "/" + file, Data: data})
	}
	if len(documents) == 0 {
		return nil, fmt.Errorf("%s: the folder has no XML files: name one that holds CSDL, or a file", name)
	}
	slices.SortFunc(documents, func(a, b csdl.Document) int { return cmp.Compare(a.Name, b.Name) })
	return documents, nil
}

// git asks about the name of a revision. Git gets no argument that could be an option, and
// fetches nothing.
func git(name string, args ...string) ([]byte, error) {
	cmd := exec.Command("git", append([]string{"--no-pager"}, args...)...)
	cmd.Env = append(os.Environ(), "GIT_NO_LAZY_FETCH=1", "GIT_TERMINAL_PROMPT=0", "LC_ALL=C")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("%s: there is no such file, and git cannot be asked for a revision: %w", name, err)
	}
	data, err := bounded.ReadAll(stdout)
	if err != nil {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if err := cmd.Wait(); err != nil {
		return nil, fmt.Errorf("%s: there is no such file here, nor as REV:PATH in git: %s", name,
			cmp.Or(strings.TrimPrefix(strings.TrimSpace(stderr.String()), "fatal: "), err.Error()))
	}
	return data, nil
}
