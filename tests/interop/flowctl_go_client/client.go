package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"os"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/types/dynamicpb"
)

// security is how the client connects; empty is plain HTTP/2 without a token.
type security struct {
	ca, certificate, key, token string
}

type client struct {
	connection *grpc.ClientConn
	contract   contract
	token      string
}

func dial(endpoint string, contract contract, security security) (*client, error) {
	transport, err := security.transport()
	if err != nil {
		return nil, err
	}
	connection, err := grpc.NewClient(endpoint, grpc.WithTransportCredentials(transport))
	if err != nil {
		return nil, err
	}
	return &client{connection, contract, security.token}, nil
}

func (c *client) close() { c.connection.Close() }

// call makes one call. What the server refuses is an outcome; an error is a fault of the test.
func (c *client) call(ctx context.Context, call call) (outcome, error) {
	method, err := c.contract.method(call.Method)
	if err != nil {
		return outcome{}, err
	}
	request := dynamicpb.NewMessage(method.Input())
	if err := protojson.Unmarshal(call.Request, request); err != nil {
		return outcome{}, err
	}
	answer := dynamicpb.NewMessage(method.Output())
	if c.token != "" {
		ctx = metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+c.token)
	}
	if err := c.connection.Invoke(ctx, "/"+call.Method, request, answer); err != nil {
		refusal := status.Convert(err)
		return outcome{Code: refusal.Code().String(), Message: refusal.Message()}, nil
	}
	if unknown := answer.GetUnknown(); len(unknown) > 0 {
		return outcome{}, errors.New(call.Method + " answers with fields that its .proto lacks")
	}
	text, err := protojson.MarshalOptions{UseProtoNames: true}.Marshal(answer)
	return outcome{Code: "OK", Answer: text}, err
}

func (s security) transport() (credentials.TransportCredentials, error) {
	if s.ca == "" {
		return insecure.NewCredentials(), nil
	}
	authority, err := os.ReadFile(s.ca)
	if err != nil {
		return nil, err
	}
	config := &tls.Config{RootCAs: x509.NewCertPool()}
	if !config.RootCAs.AppendCertsFromPEM(authority) {
		return nil, errors.New(s.ca + " holds no certificate")
	}
	if s.certificate != "" {
		own, err := tls.LoadX509KeyPair(s.certificate, s.key)
		if err != nil {
			return nil, err
		}
		config.Certificates = []tls.Certificate{own}
	}
	return credentials.NewTLS(config), nil
}
