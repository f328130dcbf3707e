package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/textproto"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/callgen/callgen/bench/report"
)

// server is a language server that runs.
type server struct {
	in   io.Writer
	out  *bufio.Reader
	next int
}

// complete starts gopls in a folder, opens main.go and asks for the completion twice: the first
// answer waits until everything is loaded, the second counts.
func complete(gopls, dir string) (report.Completion, error) {
	cmd := exec.Command(gopls)
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	in, err := cmd.StdinPipe()
	if err != nil {
		return report.Completion{}, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return report.Completion{}, err
	}
	if err := cmd.Start(); err != nil {
		return report.Completion{}, err
	}
	defer func() { _, _ = in.Close(), cmd.Wait() }()
	s := &server{in: in, out: bufio.NewReaderSize(out, 1<<20)}
	uri := "file://" + filepath.ToSlash(filepath.Join(dir, "main.go"))
	if err := s.open("file://"+filepath.ToSlash(dir), uri); err != nil {
		return report.Completion{}, err
	}
	if _, err := s.completion(uri); err != nil {
		return report.Completion{}, err
	}
	cpu, start := cpuOf(cmd.Process.Pid), time.Now()
	answer, err := s.completion(uri)
	if err != nil {
		return report.Completion{}, err
	}
	c := report.Completion{Bytes: len(answer), Wall: time.Since(start).Seconds(), CPU: cpuOf(cmd.Process.Pid) - cpu, MB: peakOf(cmd.Process.Pid)}
	var list struct{ Items []json.RawMessage }
	err = json.Unmarshal(answer, &list)
	c.Items = len(list.Items)
	_, _ = s.call("shutdown", nil)
	_ = s.send(map[string]any{"jsonrpc": "2.0", "method": "exit"})
	return c, err
}

func (s *server) open(root, uri string) error {
	_, err := s.call("initialize", map[string]any{
		"processId": os.Getpid(), "rootUri": root,
		"workspaceFolders":      []any{map[string]any{"uri": root, "name": "editor"}},
		"capabilities":          map[string]any{"textDocument": map[string]any{"completion": map[string]any{}}},
		"initializationOptions": map[string]any{"completionBudget": "0s"},
	})
	if err != nil {
		return err
	}
	if err := s.notify("initialized", map[string]any{}); err != nil {
		return err
	}
	return s.notify("textDocument/didOpen", map[string]any{
		"textDocument": map[string]any{"uri": uri, "languageId": "go", "version": 1, "text": program},
	})
}

func (s *server) completion(uri string) (json.RawMessage, error) {
	return s.call("textDocument/completion", map[string]any{
		"textDocument": map[string]any{"uri": uri}, "position": map[string]any{"line": line, "character": character},
	})
}

func (s *server) notify(method string, params any) error {
	return s.send(map[string]any{"jsonrpc": "2.0", "method": method, "params": params})
}

func (s *server) send(message any) error {
	text, err := json.Marshal(message)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.in, "Content-Length: %d\r\n\r\n%s", len(text), text)
	return err
}

// call sends a request and returns its result. It answers what the server asks meanwhile with
// nothing.
func (s *server) call(method string, params any) (json.RawMessage, error) {
	s.next++
	if err := s.send(map[string]any{"jsonrpc": "2.0", "id": s.next, "method": method, "params": params}); err != nil {
		return nil, err
	}
	for {
		text, err := s.receive()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", method, err)
		}
		var m struct {
			ID     json.RawMessage
			Method string
			Params struct{ Items []any }
			Result json.RawMessage
			Error  *struct{ Message string }
		}
		if err := json.Unmarshal(text, &m); err != nil && m.Method == "" {
			return nil, err
		}
		switch {
		case m.Method != "" && len(m.ID) > 0:
			var result any
			if m.Method == "workspace/configuration" {
				result = make([]any, len(m.Params.Items))
			}
			if err := s.send(map[string]any{"jsonrpc": "2.0", "id": m.ID, "result": result}); err != nil {
				return nil, err
			}
		case m.Method != "" || string(m.ID) != strconv.Itoa(s.next):
		case m.Error != nil:
			return nil, fmt.Errorf("%s: %s", method, m.Error.Message)
		default:
			return m.Result, nil
		}
	}
}

func (s *server) receive() ([]byte, error) {
	header, err := textproto.NewReader(s.out).ReadMIMEHeader()
	if err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(header.Get("Content-Length"))
	if err != nil {
		return nil, err
	}
	text := make([]byte, n)
	_, err = io.ReadFull(s.out, text)
	return text, err
}

// cpuOf returns the CPU seconds that a process has used, 0 if the system does not tell.
func cpuOf(pid int) float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	// The name of the program may have blanks; the fields behind it are numbered from 3.
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	if len(fields) < 13 {
		return 0
	}
	const ticks = 100 // a second, on Linux
	user, _ := strconv.ParseFloat(fields[11], 64)
	system, _ := strconv.ParseFloat(fields[12], 64)
	return (user + system) / ticks
}

// peakOf returns the most memory that a process has had, in MB; 0 if the system does not tell.
func peakOf(pid int) float64 {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kB, _ := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 64)
			return kB / 1000
		}
	}
	return 0
}
