package crawl

import (
	"net/http"
	"net/url"
	"strconv"
	"testing"
	"time"

	"terrace/indexer/browser"
)

func asks(name string) browser.Request {
	return browser.Request{Method: http.MethodGet, URL: &url.URL{Scheme: "http", Host: "www.example.gov.cn", Path: name}, Static: true}
}

func TestAScriptIsTakenAsItIsForAsLongAsItSays(t *testing.T) {
	now := time.Now()
	for says, want := range map[string]time.Duration{
		"": 10 * time.Minute, "no-cache": 10 * time.Minute, "max-age=5": 10 * time.Minute, "public, max-age=3600": time.Hour, "max-age=31536000": 24 * time.Hour, "s-maxage=9000": 10 * time.Minute,
	} {
		var s statics
		s.keep(asks("/a.js"), &browser.Response{Status: 200, Header: http.Header{"Cache-Control": {says}, "Etag": {`"1"`}}, Body: []byte("x")}, now)
		kept := s.get(asks("/a.js"), now)
		if kept == nil || !kept.fresh(now.Add(want-time.Second)) || kept.fresh(now.Add(want)) {
			t.Errorf("%q: %+v", says, kept)
		} else if etag, _ := kept.validators(); etag != `"1"` {
			t.Errorf("%q: its validator is %q", says, etag)
		}
	}
}

func TestWhatWasUsedLongestAgoMakesRoom(t *testing.T) {
	var s statics
	now := time.Now()
	for i := range 20 {
		s.keep(asks("/"+strconv.Itoa(i)), &browser.Response{Status: 200, Body: make([]byte, 1<<20)}, now.Add(time.Duration(i)*time.Second))
		s.get(asks("/0"), now.Add(time.Duration(i)*time.Second)) // used by every page
	}
	if s.bytes > maxStatics || s.get(asks("/0"), now) == nil || s.get(asks("/1"), now) != nil || s.get(asks("/19"), now) == nil {
		t.Errorf("%d bytes are kept of %d scripts", s.bytes, len(s.byURL))
	}
}

func TestDataAndFailuresAreAskedForAgain(t *testing.T) {
	var s statics
	now := time.Now()
	data := asks("/api")
	data.Static = false
	s.keep(data, &browser.Response{Status: 200}, now)
	s.keep(asks("/busy.js"), &browser.Response{Status: 503}, now)
	s.keep(asks("/none.js"), &browser.Response{Status: 404}, now)
	if s.get(data, now) != nil || s.get(asks("/api"), now) != nil || s.get(asks("/busy.js"), now) != nil || s.get(asks("/none.js"), now) == nil {
		t.Errorf("kept are %v", s.byURL)
	}
}

func TestAnswersWithoutABodyMakeRoomToo(t *testing.T) {
	var s statics
	now := time.Now()
	header := http.Header{"X": {string(make([]byte, 1<<20))}}
	for i := range 50 {
		s.keep(asks("/"+strconv.Itoa(i)), &browser.Response{Status: 404, Header: header}, now.Add(time.Duration(i)*time.Second))
	}
	if len(s.byURL) > maxStatics>>20 || s.get(asks("/49"), now) == nil {
		t.Errorf("%d answers with a megabyte of headers are kept", len(s.byURL))
	}
	for i := range 10_000 {
		s.keep(asks("/none/"+strconv.Itoa(i)), &browser.Response{Status: 404}, now.Add(time.Hour))
	}
	if len(s.byURL) > maxStatics/staticFrame {
		t.Errorf("%d empty answers are kept", len(s.byURL))
	}
}
