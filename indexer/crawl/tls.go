package crawl

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"

	"terrace/site"
)

// TLSConfig is how a site's servers are spoken to. With insecure any certificate will do; with legacy so will TLS 1.0 and 1.1, RSA key exchange and the
// ciphers that Go leaves out.
func TLSConfig(insecure, legacy bool) *tls.Config {
	c := &tls.Config{InsecureSkipVerify: insecure} // the operator's word for a site
	if !legacy {
		return c
	}
	c.MinVersion = tls.VersionTLS10
	for _, s := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		c.CipherSuites = append(c.CipherSuites, s.ID)
	}
	return c
}

// advise adds to the error of a TLS handshake the site's setting that would accept the server, where there is one that is not in force.
func advise(err error, s *site.Site) error {
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return fmt.Errorf("certificate is out of date, insecureTLS would accept it: %w", err)
	case errors.As(err, &invalid), errors.As(err, new(x509.UnknownAuthorityError)), errors.As(err, new(x509.InsecureAlgorithmError)):
		return fmt.Errorf("certificate is not trusted, insecureTLS would accept it: %w", err)
	case errors.As(err, new(x509.HostnameError)):
		return fmt.Errorf("certificate is of another host, insecureTLS would accept it: %w", err)
	case !s.LegacyTLS && OutdatedTLS(err):
		return fmt.Errorf("server may know outdated TLS only, legacyTLS would accept it: %w", err)
	}
	return err
}

// OutdatedTLS reports the error of a handshake that failed over version or cipher.
func OutdatedTLS(err error) bool {
	s := err.Error() // alerts that a server sends have no type to know them by
	for _, sign := range []string{
		"tls: protocol version not supported", "tls: handshake failure", "server selected unsupported protocol version", "insufficient security level",
	} {
		if strings.Contains(s, sign) {
			return true
		}
	}
	return false
}
