// Package terrace holds the module's own rules as tests; the program is in cmd/terrace.
package terrace
