// Command peer is the Go side of every comparison: SDF's token-transfer
// processor (go-stellar-sdk v0.7.3) run over the same files as ours.
//
//	peer events [--mode reconstructed|unified] [--network-passphrase P] FILE...
//	    prints the reference's events in the form of the conformance corpus;
//	    a file that the reference refuses is named on standard error and the exit code is 1.
//	peer bench  [--mode ...] [--network-passphrase P] [--repeat N] FILE...
//	    times zstd + unmarshal + events on one thread and prints one JSON line. The first
//	    tenth of the repeats is warm-up and counted in none of the numbers.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"os"
)

// The corpus says which passphrase a case needs; most ledgers people have are pubnet's.
const pubnetPassphrase = "Public Global Stellar Network ; September 2015"

func main() {
	if len(os.Args) < 2 {
		usage()
	}
	command := os.Args[1]
	flags := flag.NewFlagSet("peer "+command, flag.ExitOnError)
	mode := flags.String("mode", "reconstructed", "reconstructed or unified")
	passphrase := flags.String("network-passphrase", pubnetPassphrase, "network passphrase")
	repeat := flags.Int("repeat", 20, "bench: how often the files are processed")
	if err := flags.Parse(os.Args[2:]); err != nil || flags.NArg() == 0 {
		usage()
	}
	if *mode != "reconstructed" && *mode != "unified" {
		fmt.Fprintf(os.Stderr, "mode %q is not known: reconstructed or unified\n", *mode)
		os.Exit(2)
	}
	reference := newReference(*passphrase, *mode == "unified")
	switch command {
	case "events":
		out := bufio.NewWriterSize(os.Stdout, 1<<20)
		ok := printEvents(out, reference, flags.Args())
		out.Flush()
		if !ok {
			os.Exit(1)
		}
	case "bench":
		if err := benchmark(reference, flags.Args(), *repeat); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	default:
		usage()
	}
}

func usage() {
	fmt.Fprintln(os.Stderr, "usage: peer events|bench [--mode reconstructed|unified] [--network-passphrase P] [--repeat N] FILE...")
	os.Exit(2)
}
