// Package indextest holds the promises of index.Index: Run checks them one by one, Differential compares an engine with Memory, which
// answers every query by the contract's words, slowly and plainly. Where an engine and Memory differ, index/query.go decides who is wrong.
package indextest
