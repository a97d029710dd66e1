package server

import (
	"net/http"
	"strings"
)

const (
	modesCookie = "terrace_modes"
	modesAge    = 365 * 24 * 60 * 60 // seconds
)

// modes says how a reader wants the page: 长者版 and 高对比. What the URL says is remembered in a cookie, which speaks where the URL does not.
func modes(w http.ResponseWriter, r *http.Request, st state, path string) (elder, contrast bool) {
	if c, err := r.Cookie(modesCookie); err == nil {
		elder, contrast = strings.Contains(c.Value, "elder"), strings.Contains(c.Value, "contrast")
	}
	if st.elder == "" && st.contrast == "" {
		return elder, contrast
	}
	if st.elder != "" {
		elder = st.elder == "1"
	}
	if st.contrast != "" {
		contrast = st.contrast == "1"
	}
	var on []string
	if elder {
		on = append(on, "elder")
	}
	if contrast {
		on = append(on, "contrast")
	}
	http.SetCookie(w, &http.Cookie{
		Name: modesCookie, Value: strings.Join(on, "."), Path: path, MaxAge: modesAge, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
	return elder, contrast
}

func toggled(on bool) string {
	if on {
		return "0"
	}
	return "1"
}
