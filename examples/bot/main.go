// Command bot joins a meeting by its id and passcode, plays a prompt, listens to the
// tones that people press, keeps the roster, and hangs up when somebody presses #.
//
//	go run .        against a simulator of the service and of people
//	go run . -emulator http://127.0.0.1:8350  answers who calls it from callsim
//	go run . -real  against the service; see the README of this folder
package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
)

func main() {
	joinReal := flag.Bool("real", false, "join a real meeting, with the credentials in the environment")
	emulator := flag.String("emulator", "", "address of callsim's API: answer who calls from there until ^C")
	listen := flag.String("listen", "127.0.0.1:8080", "address to take notifications at, behind a proxy that speaks TLS for -real")
	meeting := flag.String("meeting", "", "id of the meeting to join; for -real")
	passcode := flag.String("passcode", "", "passcode of the meeting, if it has one; for -real")
	prompt := flag.String("prompt", "https://cdn.contoso.com/beep.wav", "address of the sound to play: WAV, 16 kHz, 16 bit, mono")
	verbose := flag.Bool("v", false, "log requests and notifications to standard error")
	flag.Parse()

	level := slog.LevelError
	if *verbose {
		level = slog.LevelDebug
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()

	wish := Wish{Meeting: *meeting, Passcode: *passcode, Prompt: *prompt}
	var err error
	switch {
	case *emulator != "":
		var listener net.Listener
		if listener, err = net.Listen("tcp", *listen); err == nil {
			err = runEmulated(ctx, os.Stdout, log, *emulator, listener, wish)
		}
	case *joinReal:
		err = runReal(ctx, os.Stdout, log, *listen, wish)
	default:
		err = runFake(ctx, os.Stdout, log, wish, 1)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bot:", err)
		os.Exit(1)
	}
}
