package browser

import (
	"os"
	"os/exec"
	"path/filepath"

	"github.com/chromedp/chromedp"
)

// flags start the browser so that nothing of it leaves the machine but what the pages ask for: no service of its maker's, and for whatever is not stopped
// before it a proxy whose name means nothing to a resolver that knows no names.
func (r *Renderer) flags(alone bool) []chromedp.ExecAllocatorOption {
	out := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(r.path),
		chromedp.NoInheritEnv, // secrets of the configuration are in it
		chromedp.Env("PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8", "TZ=Asia/Shanghai", "HOME="+r.dir, "TMPDIR="+r.temporary()),
		chromedp.UserDataDir(filepath.Join(r.dir, "profile")),
		chromedp.ModifyCmdFunc(func(c *exec.Cmd) { c.SysProcAttr = isolation(alone) }),
		chromedp.ProxyServer("http://nowhere.invalid:9"),
		chromedp.WindowSize(1280, 2400), // lists that load what comes into sight
		chromedp.Headless, chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck,
	}
	if r.UserAgent != "" {
		out = append(out, chromedp.UserAgent(r.UserAgent))
	}
	for name, value := range map[string]string{
		"proxy-bypass-list":               "<-loopback>",
		"host-resolver-rules":             "MAP * ~NOTFOUND",
		"force-webrtc-ip-handling-policy": "disable_non_proxied_udp",
		"js-flags":                        "--max-old-space-size=512",
		"renderer-process-limit":          "2",
		"lang":                            "zh-CN",
		"password-store":                  "basic",
		"autoplay-policy":                 "user-gesture-required",
		"disable-features": "Translate,OptimizationHints,MediaRouter,DialMediaRouteProvider,InterestFeedContentSuggestions,AutofillServerCommunication," +
			"CertificateTransparencyComponentUpdater,PrivacySandboxSettings4,Prerender2,SpeculationRulesPrefetchFuture,BackForwardCache,WebTransport",
	} {
		out = append(out, chromedp.Flag(name, value))
	}
	for _, name := range []string{
		"block-new-web-contents", "deny-permission-prompts", "disable-background-networking", "disable-background-timer-throttling",
		"disable-breakpad", "disable-client-side-phishing-detection", "disable-component-extensions-with-background-pages", "disable-component-update",
		"disable-default-apps", "disable-dev-shm-usage", "disable-domain-reliability", "disable-extensions", "disable-file-system", "disable-gpu",
		"disable-notifications", "disable-print-preview", "disable-quic", "disable-renderer-backgrounding", "disable-speech-api", "disable-sync", "disable-logging",
		"metrics-recording-only", "mute-audio", "no-pings", "no-service-autorun", "use-mock-keychain",
	} {
		out = append(out, chromedp.Flag(name, true))
	}
	return out
}

// longestDir is how many bytes the path of a folder may have in which the browser makes its socket.
const longestDir = 60

// temporary is the folder for files that pass.
func (r *Renderer) temporary() string {
	if len(r.dir) > longestDir {
		return os.TempDir()
	}
	return filepath.Join(r.dir, "tmp")
}
