// Package fault keeps a fault of the program's own in the page that brought it to light: what comes from the web is read by so much code that some page, some day, makes
// it panic, and a service that ends there ends there after each start.
package fault

import (
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
)

// Err is the error of a panic.
var Err = errors.New("the program failed on it, its log says where")

// Within does something with what is at a URL, and makes a panic an error, logged with its stack.
func Within(log *slog.Logger, url string, do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			log.Error("panic over a page", "url", url, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			err = Err
		}
	}()
	return do()
}
