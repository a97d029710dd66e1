package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// adminToken is the configured one, or one made at first start and kept in the storage folder for its owner's eyes alone.
func adminToken(c *Config) (string, error) {
	if c.Server.AdminToken != "" {
		return c.Server.AdminToken, nil
	}
	file := filepath.Join(c.Storage.Dir, "admin-token")
	b, err := os.ReadFile(file)
	if err == nil {
		return strings.TrimSpace(string(b)), nil
	}
	if !errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("读不了管理令牌：%w", err)
	}
	token := rand.Text() + rand.Text()
	if err = os.MkdirAll(c.Storage.Dir, 0o700); err == nil {
		err = os.WriteFile(file, []byte(token+"\n"), 0o600)
	}
	if err != nil {
		return "", fmt.Errorf("存不了管理令牌：%w", err)
	}
	return token, nil
}
