package crawl

import (
	"fmt"
	"net/netip"

	"terrace/indexer/weburl"
)

// checkAddress refuses addresses that are not of the public internet.
func checkAddress(address string) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%w: %s", errPrivate, address)
	}
	if !weburl.Public(ap.Addr()) {
		return fmt.Errorf("%w: %s", errPrivate, ap.Addr())
	}
	return nil
}
