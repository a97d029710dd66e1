#!/bin/sh
# Checks the contract and writes everything that is generated from it: Go beside the .proto files, docs/openapi.yaml.
# With "check" it writes nothing and also fails where the contract breaks the committed image, terrace.binpb.
# With "image" it takes the contract of now as the one not to be broken.
set -eu
cd "$(dirname "$0")"
buf() { go tool -modfile=../tools/go.mod buf "$@"; }
buf lint
case "${1:-}" in
check) buf breaking --against terrace.binpb ;;
image) buf build --as-file-descriptor-set --exclude-source-info -o terrace.binpb ;;
*)
	mkdir -p ../docs
	buf generate
	# Parameters are written page_size, fields pageSize; the plugin writes either all one way or all the other.
	sed -i '/^ *- name: [a-z]/s/[A-Z]/_\l&/g' ../docs/openapi.yaml
	;;
esac
