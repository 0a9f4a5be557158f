package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/bufbuild/protocompile"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// The files that describe both protocols.
var protoFiles = []string{"flowctl/v1/control_plane.proto", "flowctl.proto"}

// contract is both protocols, by the full names of their services.
type contract map[protoreflect.FullName]protoreflect.ServiceDescriptor

// readContract compiles the .proto files in a folder. It refuses what protoc would refuse.
func readContract(folder string) (contract, error) {
	compiler := protocompile.Compiler{
		Resolver: protocompile.WithStandardImports(&protocompile.SourceResolver{
			ImportPaths: []string{folder},
		}),
	}
	files, err := compiler.Compile(context.Background(), protoFiles...)
	if err != nil {
		return nil, err
	}
	found := contract{}
	for _, file := range files {
		services := file.Services()
		for i := range services.Len() {
			found[services.Get(i).FullName()] = services.Get(i)
		}
	}
	return found, nil
}

// method finds a method by "package.Service/Method".
func (c contract) method(name string) (protoreflect.MethodDescriptor, error) {
	service, method, _ := strings.Cut(name, "/")
	if described := c[protoreflect.FullName(service)]; described != nil {
		if found := described.Methods().ByName(protoreflect.Name(method)); found != nil {
			return found, nil
		}
	}
	return nil, fmt.Errorf("the .proto files know no method %q", name)
}
