package querylog

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/netip"
	"sync"
	"time"
)

// A salt is the secret of one day.
type salt struct {
	mu  sync.Mutex
	day int
	key []byte
}

func (s *salt) of(day int) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.day != day || s.key == nil {
		s.day, s.key = day, make([]byte, 32)
		rand.Read(s.key) // never fails
	}
	return s.key
}

// subscriber is how many bits of an IPv6 address one subscriber shares, who may have the 256 networks behind them (RIPE-690).
const subscriber = 56

// Reader is the name of whoever asks from an address today: the same for an IPv4 address, and for the IPv6 addresses of one subscriber. It cannot be turned back into the address, and tomorrow, or after a restart, the address has another. Invalid addresses have none.
func (l *Log) Reader(addr netip.Addr) string {
	addr = addr.Unmap().WithZone("")
	network, err := addr.Prefix(min(addr.BitLen(), subscriber))
	if err != nil || !addr.IsValid() {
		return ""
	}
	h := hmac.New(sha256.New, l.salt.of(dayOf(time.Now())))
	h.Write(network.Addr().AsSlice())
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:9])
}
