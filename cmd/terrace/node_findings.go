package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	findings "terrace/indexer/finding"
)

// openFindings opens what is found wrong with the sites.
func (n *node) openFindings(ctx context.Context) (*findings.Watcher, error) {
	d, err := n.database(ctx, findingsFile)
	if err != nil {
		return nil, err
	}
	indicators, err := indicatorsOf(n.config)
	if err != nil {
		return nil, err
	}
	var domains []string
	for _, domain := range n.config.Findings.Domains {
		domains = append(domains, strings.ToLower(domain))
	}
	withdrawn := n.indexer.Withdrawn()
	return findings.Open(ctx, findings.Options{
		Archive: n.archive, DB: d, Registry: n.registry, Files: n.files, Indexed: n.indexer.Taken, Indicators: indicators, Domains: domains, Log: n.log,
		Withdrawn: func(id, url string) bool {
			_, is := withdrawn.Of(id, url)
			return is
		},
	})
}

// indicatorsOf are the rules of findings.indicators, or finding's own.
func indicatorsOf(c *Config) (findings.Indicators, error) {
	var text []byte
	if file := c.Findings.Indicators; file != "" {
		var err error
		if text, err = os.ReadFile(file); err != nil {
			return findings.Indicators{}, fmt.Errorf("读不了 findings.indicators：%w", err)
		}
	}
	in, err := findings.ParseIndicators(text)
	if err != nil {
		return in, fmt.Errorf("findings.indicators %s 有误：%w", c.Findings.Indicators, err)
	}
	return in, nil
}
