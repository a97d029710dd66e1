export CGO_ENABLED = 0

.PHONY: test race check bench build

test: ## everything that has to pass
	go vet ./...
	go tool gotestsum --format pkgname -- ./...

build:
	go build -tags ne -o terrace ./cmd/terrace

bench:
	go test ./segment -run '^$$' -bench . -benchtime 2s
