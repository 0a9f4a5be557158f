// Command client calls a control plane as another team's Go service would: grpc-go, and messages
// from the .proto files of this project, which a Go compiler reads by itself.
//
//	client [--ca FILE [--cert FILE --key FILE]] [--token TOKEN] PROTO_FOLDER HOST:PORT
//
// Each line of standard input is a call, {"method": "flowctl.v1.ControlPlaneService/Heartbeat",
// "request": {...}} with the request in protobuf's JSON; each line of standard output is what
// became of it, {"code": "OK", "answer": {...}} or {"code": "NotFound", "message": "..."}.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"time"
)

// Longest wait for an answer. Far above what it takes, so only a hang ends here.
const callTimeout = 30 * time.Second

// Longest line of input: a request of the largest message that the control plane takes.
const maxLineBytes = 2 << 20

type call struct {
	Method  string          `json:"method"`
	Request json.RawMessage `json:"request"`
}

type outcome struct {
	Code    string          `json:"code"`
	Message string          `json:"message,omitempty"`
	Answer  json.RawMessage `json:"answer,omitempty"`
}

func main() {
	var security security
	flag.StringVar(&security.ca, "ca", "", "authority of the server's certificate")
	flag.StringVar(&security.certificate, "cert", "", "own certificate")
	flag.StringVar(&security.key, "key", "", "its key")
	flag.StringVar(&security.token, "token", "", "bearer token")
	flag.Parse()
	if flag.NArg() != 2 {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(flag.Arg(0), flag.Arg(1), security); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(protoFolder, endpoint string, security security) error {
	contract, err := readContract(protoFolder)
	if err != nil {
		return err
	}
	client, err := dial(endpoint, contract, security)
	if err != nil {
		return err
	}
	defer client.close()
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, maxLineBytes)
	answers := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var call call
		if err := json.Unmarshal(lines.Bytes(), &call); err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
		outcome, err := client.call(ctx, call)
		cancel()
		if err != nil {
			return err
		}
		if err := answers.Encode(outcome); err != nil {
			return err
		}
	}
	return lines.Err()
}
