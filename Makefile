export CGO_ENABLED = 0
PAGES ?= ../shared/data/pages
DATA ?= ../shared/data/retrieval/news

.PHONY: drill-attach drill-outage soak test race check build bench bench-index bench-index-1m bench-extract bench-crawl bench-browser bench-state drill-kill bench-pinyin bench-moves bench-spelling drill-power drill-opensearch relevance-opensearch

test: ## all that has to pass
	go vet ./...
	bash server/browser/run
	go tool gotestsum --format pkgname -- ./...

race: ## the same under the race detector (needs a C compiler)
	CGO_ENABLED=1 go test -race ./...

check: ## the contract of the API: lint, and nothing that breaks a client
	./proto/generate.sh check

build: ## a binary without gse's own dictionaries, 35 MB smaller
	go build -tags ne -o terrace ./cmd/terrace

SOAK ?= 1000000
soak: ## a million random queries of an index that is written meanwhile against the plain one, under the race detector; or SOAK=2m
	CGO_ENABLED=1 TERRACE_SOAK=$(SOAK) go test -race ./index/bluge -run Soak -count 1 -timeout 0 -v

bench: ## segmentation, postings and crawl alone, then the whole program on DATA
	go test ./segment ./index/bluge ./indexer/crawl -run '^$$' -bench . -benchtime 2s
	@go run ./bench -data $(DATA)

drill-power: ## 1,000 power cuts under an index that is being written
	TERRACE_POWER_CUTS=1000 go test ./index/bluge -run PowerCut -count 1

drill-outage: ## every outage of a site for ten rounds: its documents stay, the alarm names site and cause, and is over once the site is back
	TERRACE_DRILL=1 go test ./cmd/terrace -run OutageLoses -v -count=1

bench-index: ## the index beside bleve and OpenSearch
	@go run ./bench/index

bench-index-1m: ## a million documents, 20 queries a second
	@go run ./bench/index -documents 1000000 -rate 20

drill-opensearch: ## three nodes, the manager and then another killed while documents are put and asked for
	TERRACE_DRILL=1 go test ./index/opensearch -run Drill -v -count 1 -timeout 30m

relevance-opensearch: ## the three retrieval sets on OpenSearch and on the embedded index
	TERRACE_RELEVANCE=1 go test ./index/opensearch -run Embedded -v -count 1 -timeout 60m

drill-attach: ## 2,000 damaged attachments made of the real ones, and these
	TERRACE_DRILL_FILES=2000 go test ./indexer/attach/child -run Drill -v -count 1 -timeout 60m

bench-pinyin: ## official terms and departments typed as pinyin and initials
	@go run ./pinyin/bench

bench-moves: ## new homes proposed for old pages, made from the titles of news and letters, and for attachments and lists drawn by rule
	@go run ./moves/bench ../shared/data/retrieval/news ../shared/data/retrieval/letters

bench-spelling: ## one slip a query, put into the queries of news and letters
	@go run ./spell/bench

bench-extract:
	@go run ./indexer/extract/bench -pages $(PAGES)

bench-crawl: ## what a page costs the crawler beside net/http and html.Parse, and its memory at 130 sites
	@go run ./bench/crawl -pages $(PAGES)

bench-browser: ## pages of an application opened in Chromium, and the memory of that
	go test ./indexer/browser -run '^$$' -bench . -benchtime 30x

bench-state: ## the archive with 10,000, 100,000 and a million known pages
	@go run ./bench/state

KILLS ?= 100
drill-kill: ## kill -9 at random moments of crawl and index
	TERRACE_KILLS=$(KILLS) go test ./cmd/terrace -run KilledAtAnyMoment -count 1 -timeout 0 -v
