//go:build unix

package main

import "syscall"

// stop stops a process until it goes on.
func (p *process) stop() error { return p.Process.Signal(syscall.SIGSTOP) }

func (p *process) goOn() error { return p.Process.Signal(syscall.SIGCONT) }
