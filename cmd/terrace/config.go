package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"

	"terrace/site"
)

// A Config is what the operator wrote down: one YAML file, with settings from the environment laid over it. LoadConfig fills in what was left
// out, so that every field that has a default holds it.
type Config struct {
	Name        string           `yaml:"name"`
	Portal      string           `yaml:"portal"` // id of the portal's site
	Region      []string         `yaml:"region"` // names of the cluster's own place; none: as the portal's name says
	Sites       []SiteConfig     `yaml:"sites"`
	Departments []NamedConfig    `yaml:"departments"`
	Places      []NamedConfig    `yaml:"places"`
	Notify      []NotifyConfig   `yaml:"notify"`
	Crawl       CrawlConfig      `yaml:"crawl"`
	Archive     ArchiveConfig    `yaml:"archive"`
	Storage     StorageConfig    `yaml:"storage"`
	Index       IndexConfig      `yaml:"index"`
	Listen      ListenConfig     `yaml:"listen"`
	Server      ServerConfig     `yaml:"server"`
	Dictionary  DictionaryConfig `yaml:"dictionary"`
	Ranking     RankingConfig    `yaml:"ranking"`
	Queries     QueriesConfig    `yaml:"queries"`
	Findings    FindingsConfig   `yaml:"findings"`
}

// A SiteConfig is one website; its fields mean what those of site.Site mean.
type SiteConfig struct {
	ID           string        `yaml:"id"`
	Name         string        `yaml:"name"`
	Hosts        []string      `yaml:"hosts"`
	Seeds        []string      `yaml:"seeds"`
	Department   string        `yaml:"department"`
	County       string        `yaml:"county"`
	SiteIDCode   string        `yaml:"siteIDCode"`
	Allow        []string      `yaml:"allow"`
	Deny         []string      `yaml:"deny"`
	Delay        time.Duration `yaml:"delay"`
	Revisit      time.Duration `yaml:"revisit"`
	Hours        site.Hours    `yaml:"hours"`
	Charset      string        `yaml:"charset"`
	InsecureTLS  bool          `yaml:"insecureTLS"`
	LegacyTLS    bool          `yaml:"legacyTLS"`
	AllowPrivate bool          `yaml:"allowPrivate"`
	Browser      site.Browser  `yaml:"browser"`
	Closed       bool          `yaml:"closed"`
}

// A NamedConfig is a department or a place with its other names.
type NamedConfig struct {
	ID    string   `yaml:"id"`
	Name  string   `yaml:"name"`
	Names []string `yaml:"names"`
}

func (n NamedConfig) all() []string { return append([]string{n.Name}, n.Names...) }

// NotifyConfig lets a site tell of its pages.
type NotifyConfig struct {
	Site string `yaml:"site"` // id
	Key  string `yaml:"key"`  // what its content management system presents
}

// CrawlConfig holds for every site that does not say otherwise.
type CrawlConfig struct {
	Proxy       string        `yaml:"proxy"` // URL of a forward proxy; empty: none
	Delay       time.Duration `yaml:"delay"`
	UserAgent   string        `yaml:"userAgent"`
	MaxBody     Size          `yaml:"maxBody"`
	MaxFile     Size          `yaml:"maxFile"`
	Tika        string        `yaml:"tika"` // URL of an Apache Tika server for what the program's own readers have no text of; empty: none
	Timeout     time.Duration `yaml:"timeout"`
	Concurrency int           `yaml:"concurrency"` // sites at a time
	Browser     BrowserConfig `yaml:"browser"`
}

// BrowserConfig is about the browser that opens pages of sites that ask for it.
type BrowserConfig struct {
	Path         string `yaml:"path"`         // of Chromium; empty: where programs are
	PagesPerHour int    `yaml:"pagesPerHour"` // of a site
}

// ArchiveConfig says how long what was fetched is kept.
type ArchiveConfig struct {
	KeepFiles time.Duration `yaml:"keepFiles"` // bytes of attached files whose texts are kept; 0: for ever
}

// StorageConfig says where everything is kept.
type StorageConfig struct {
	Dir string `yaml:"dir"` // absolute after LoadConfig
}

// IndexConfig says where the index is. Without URL it lies in the storage folder.
type IndexConfig struct {
	URL      string `yaml:"url"` // of an OpenSearch cluster; several nodes parted by commas
	User     string `yaml:"user"`
	Password string `yaml:"password"`
	CA       string `yaml:"ca"`     // file of PEM certificates, absolute after LoadConfig; empty: the system's
	Shards   int    `yaml:"shards"` // of a generation; 0: the engine's default
}

// ListenConfig holds the addresses the program answers at.
type ListenConfig struct {
	HTTP string `yaml:"http"`
	GRPC string `yaml:"grpc"` // empty after LoadConfig where it is "off"
}

// ServerConfig is about the HTTP side.
type ServerConfig struct {
	Prefix         string         `yaml:"prefix"`                               // path the service stands under, such as /search, without a last slash; empty: the root
	AdminToken     string         `yaml:"adminToken" env:"TERRACE_ADMIN_TOKEN"` // empty: see adminToken
	TrustedProxies []netip.Prefix `yaml:"trustedProxies"`                       // whose X-Forwarded-* headers are believed
}

// DictionaryConfig adds words to the embedded dictionary.
type DictionaryConfig struct {
	UserWords WordList `yaml:"userWords"`
	Synonyms  WordList `yaml:"synonyms"` // lines as package lexicon reads them
}

// RankingConfig says what the order of results leaves out.
type RankingConfig struct {
	Off []string `yaml:"off"` // of query.Factors
}

// QueriesConfig is about what readers asked for before.
type QueriesConfig struct {
	Deny WordList `yaml:"deny"` // what holds one of these is not proposed to others; lines that begin with # are comments
}

// FindingsConfig is about what is found wrong with the sites.
type FindingsConfig struct {
	Domains    []string `yaml:"domains"`    // that sites may lead to, beside gov.cn and the cluster's own; none: only what is new is told
	Indicators string   `yaml:"indicators"` // file of rules by which columns are judged, absolute after LoadConfig; empty: finding's own
}

// A WordList is lines written in the configuration, or a file of them.
type WordList struct {
	File  string // absolute after LoadConfig; or empty
	Words []string
}

// Size is a number of bytes, written like 20MB. Units are powers of 1024.
type Size int64

// defaultConfig holds the values of settings that are left out. Those of crawl are the crawler's own.
func defaultConfig() *Config {
	return &Config{
		Crawl: CrawlConfig{
			Delay:       time.Second,
			UserAgent:   defaultUserAgent,
			MaxBody:     20 << 20,
			MaxFile:     64 << 20,
			Timeout:     30 * time.Second,
			Concurrency: 16,
			Browser:     BrowserConfig{PagesPerHour: 60},
		},
		Storage: StorageConfig{Dir: "terrace-data"},
		Listen:  ListenConfig{HTTP: "127.0.0.1:8080", GRPC: "127.0.0.1:9090"},
	}
}

// defaultUserAgent names the program truthfully; the product token Terrace is what robots.txt addresses.
const defaultUserAgent = "Mozilla/5.0 (compatible; Terrace/1.0; site search)"

// LoadConfig reads a configuration, lays the environment over it and checks it. An error names every mistake, one a line, in Chinese, with
// file, line, setting and remedy. Relative paths in it are relative to the file's folder.
func LoadConfig(path string) (*Config, error) {
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("找不到配置文件 %s：用 --config 指出它的位置，或先用 terrace init 网址 生成一份", path)
	case err != nil:
		return nil, fmt.Errorf("读不了配置文件 %s：%w", path, err)
	}
	folder, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return nil, fmt.Errorf("读不了配置文件 %s：%w", path, err)
	}
	c := defaultConfig()
	d := &decoder{file: filepath.Base(path), lines: map[string]int{}}
	d.decode(text, c)
	d.environment(c, os.LookupEnv)
	d.check(c)
	if err := d.err(); err != nil {
		return nil, err
	}
	c.settle(folder)
	if _, err := c.Registry(); err != nil {
		return nil, fmt.Errorf("%s：%w", d.file, err)
	}
	return c, nil
}

// settle brings values into the form the program works with.
func (c *Config) settle(folder string) {
	c.Storage.Dir = within(folder, c.Storage.Dir)
	if c.Index.CA != "" {
		c.Index.CA = within(folder, c.Index.CA)
	}
	if c.Findings.Indicators != "" {
		c.Findings.Indicators = within(folder, c.Findings.Indicators)
	}
	for _, l := range []*WordList{&c.Dictionary.UserWords, &c.Dictionary.Synonyms, &c.Queries.Deny} {
		if l.File != "" {
			l.File = within(folder, l.File)
		}
	}
	c.Server.Prefix = strings.TrimRight(c.Server.Prefix, "/")
	if c.Listen.GRPC == off {
		c.Listen.GRPC = ""
	}
}

// off is what listen.grpc holds where no gRPC is wanted.
const off = "off"

func within(folder, path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(folder, path)
}

// siteKeys are the keys of Notify by site id.
func (c *Config) siteKeys() map[string]string {
	out := map[string]string{}
	for _, n := range c.Notify {
		out[n.Site] = n.Key
	}
	return out
}

// Registry makes the registry of the cluster that the configuration describes.
func (c *Config) Registry() (*site.Registry, error) { return site.New(c.cluster()) }

func (c *Config) cluster() site.Cluster {
	out := site.Cluster{Name: c.Name, Portal: c.Portal, Region: c.Region}
	for _, s := range c.Sites {
		out.Sites = append(out.Sites, site.Site(s))
	}
	for _, d := range c.Departments {
		out.Departments = append(out.Departments, site.Department(d))
	}
	for _, p := range c.Places {
		out.Places = append(out.Places, site.Place(p))
	}
	return out
}
