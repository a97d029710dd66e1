package browser

import (
	"errors"
	"testing"
)

func TestAListThatAScriptLoadsIsRead(t *testing.T) {
	l := newLab(t, map[string]string{
		"/":         `<!DOCTYPE html><title>列表</title><div id=app></div><script src="/app.js"></script>`,
		"/app.js":   `fetch('/api/list').then(r => r.json()).then(all => { for (const x of all) document.getElementById('app').innerHTML += '<a href="/a/' + x.id + '">' + x.title + '</a>' })`,
		"/api/list": `[{"id":1,"title":"关于印发办法的通知"},{"id":2,"title":"公积金提取指南"}]`,
		"/post":     `<div id=app></div><script>fetch('/api/post', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: '{"page":1}'}).then(r => r.text()).then(t => { app.textContent = t })</script>`,
		"/api/post": `"答复"`,
		"/other":    `<div id=app></div><script>fetch('http://OTHER/api/post', {method: 'POST', headers: {'Content-Type': 'application/json', 'X-Token': 'a'}, body: '{"page":1}'}).then(r => r.text()).then(t => { app.textContent = t })</script>`,
		"/outside":  `<div id=app>无</div><script>fetch('http://www.example.com/api/post', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: '1'}).then(() => { app.textContent = '有' })</script>`,
		"/late":     `<div id=app></div><script>setTimeout(() => fetch('/api/late').then(() => setTimeout(() => { app.textContent = '终于来了' }, 200)), 200)</script>`,
		"/api/late": `{}`,
		"/sync":     `<div id=app></div><script>setTimeout(() => { const x = new XMLHttpRequest(); x.open('GET', '/api/late', false); x.send(); app.textContent = '等到了' + x.responseText }, 550)</script>`,
		"/moved":    `<script src="/old.js"></script>`,
		"/old.js":   `302 /new.js`,
		"/new.js":   `document.write('新址的脚本')`,
		"/dialog":   `<div id=app></div><script>alert('欢迎'); if (!confirm('同意？')) app.textContent = '问过了'; window.onbeforeunload = () => 'x'</script>`,
		"/popup":    `<div id=app></div><script>window.open('/api/popup'); window.open('about:blank').location = '/api/popup2'; app.textContent = '弹过了'</script>`,
		"/timers":   `<div id=app>钟</div><script>setInterval(() => fetch('/api/time?' + Math.random()), 50); setInterval(() => fetch('/api/late'), 50)</script>`,
		"/api/time": `{}`,
		"/static":   `<p>没有脚本也照样</p>`,
		"/encoding": "<div id=app></div><script>app.textContent = '\\ud800 半个字'</script>",
	})
	for path, text := range map[string]string{
		"/": `<a href="/a/1">关于印发办法的通知</a>`, "/post": "答复", "/other": "答复", "/outside": "无", "/late": "终于来了", "/sync": "等到了{}", "/moved": "新址的脚本", "/dialog": "问过了", "/popup": "弹过了", "/timers": "钟", "/static": "照样",
		"/encoding": "半个字",
	} {
		l.shows(path, text)
	}
	if l.wasAsked("/api/popup") || l.wasAsked("/api/popup2") {
		t.Error("a window that a page opened was asked for")
	}
}

// Whatever a page tries, the browser itself sends nothing: newLab's server counts.
func TestNothingGetsPastTheCaller(t *testing.T) {
	l := newLab(t, map[string]string{
		"/": `<link rel=preconnect href="http://HOST"><link rel=dns-prefetch href="http://HOST"><link rel=prefetch href="/x/prefetch"><link rel=preload as=image href="/x/preload">
			<link rel=manifest href="/x/manifest"><link rel=icon href="/x/icon"><img src="/x/image"><iframe src="/x/frame"></iframe><object data="/x/object"></object>
			<video src="/x/video" autoplay></video><script type="speculationrules">{"prerender": [{"urls": ["/x/prerender"]}], "prefetch": [{"urls": ["/x/specfetch"]}]}</script>
			<a id=down href="/x/download" download>d</a><form id=form action="/x/form" target=_blank method=post></form><a id=ping href="#" ping="/x/ping">p</a>
			<div id=app></div><script src="/all.js"></script>`,
		"/all.js": `
			const tries = [
				() => new WebSocket('ws://HOST/x/socket'),
				() => new EventSource('/x/events'),
				() => navigator.serviceWorker.register('/sw.js'),
				() => new Worker('/worker.js'),
				() => new SharedWorker('/shared.js'),
				() => new Worker(URL.createObjectURL(new Blob(["fetch('http://HOST/x/blobworker'); new WebSocket('ws://HOST/x/blobsocket')"]))),
				() => navigator.sendBeacon('/x/beacon'),
				() => fetch('/x/keepalive', {keepalive: true, method: 'PUT'}),
				() => new WebTransport('https://HOST/x/transport'),
				() => { const p = new RTCPeerConnection({iceServers: [{urls: 'stun:HOST'}]}); p.createDataChannel('x'); p.createOffer().then(o => p.setLocalDescription(o)) },
				() => document.getElementById('down').click(),
				() => document.getElementById('ping').click(),
				() => document.getElementById('form').submit(),
				() => fetch('http://other.invalid/x/other'),
				() => fetch('file:///etc/passwd'),
				() => fetch('http://169.254.169.254/latest/meta-data'),
				() => { const f = document.createElement('iframe'); f.srcdoc = "<img src='http://HOST/x/srcdoc'><script>new WebSocket('ws://HOST/x/framesocket')<\/script>"; document.body.append(f) },
			];
			for (const t of tries) { try { const p = t(); if (p && p.catch) p.catch(() => {}) } catch (e) {} }
			setTimeout(() => { app.textContent = '都试过了' }, 300);`,
		"/worker.js": `fetch('/x/worker'); new WebSocket('ws://HOST/x/workersocket')`,
		"/shared.js": `fetch('/x/shared')`,
		"/sw.js":     `self.addEventListener('install', () => fetch('/x/sw'))`,
	})
	l.shows("/", "都试过了")
	l.shows("/", "都试过了") // nothing was left behind that would act now
	t.Logf("asked by way of the caller: %q", l.asked)
}

func TestWhereAScriptLeadsAwayIsTold(t *testing.T) {
	l := newLab(t, map[string]string{
		"/":       `<div id=app>旧</div><script>location.href = '/new/'</script>`,
		"/out":    `<script>setTimeout(() => location.replace('http://elsewhere.invalid/'), 100)</script>`,
		"/form":   `<form id=f action="/login"></form><script>f.submit()</script>`,
		"/reload": `<p>还在</p><script>location.reload()</script>`,
		"/hash":   `<p id=app></p><script>location.hash = '#/a'; history.pushState({}, '', '/pushed'); app.textContent = location.pathname</script>`,
	})
	for path, want := range map[string]string{"/": l.server.URL + "/new/", "/out": "http://elsewhere.invalid/", "/form": l.server.URL + "/login?"} {
		if out, err := l.open(path); err != nil || out.MovedTo != want {
			t.Errorf("%s leads to %q, %v; want %q", path, out.MovedTo, err, want)
		}
	}
	l.shows("/reload", "还在")
	l.shows("/hash", "/pushed")
}

func TestAPageThatIsTooMuchFailsAloneAndTheNextOneOpens(t *testing.T) {
	l := newLab(t, map[string]string{
		"/long": `<div id=app></div><script>app.dataset.x = 'x'.repeat(9 << 20)</script>`,
		"/hog":  `<script>const all = []; setInterval(() => { for (let i = 0; i < 20; i++) all.push(new Uint8Array(16 << 20).fill(1)) }, 10)</script>`,
		"/well": `<div id=app></div><script>app.textContent = '好'</script>`,
	})
	for path, want := range map[string]error{"/long": ErrTooLarge, "/hog": nil} {
		_, err := l.open(path)
		if want != nil && !errors.Is(err, want) || err == nil {
			t.Errorf("%s: %v, want %v", path, err, want)
		}
		if want == nil && !errors.Is(err, ErrMemory) && !errors.Is(err, ErrCrashed) {
			t.Errorf("%s: %v", path, err)
		}
		l.shows("/well", "好")
	}
}

func TestWhatIsOverTheLimitsIsRefusedAndCounted(t *testing.T) {
	l := newLab(t, map[string]string{
		"/":      `<div id=app>数</div><script>for (let i = 0; i < 150; i++) fetch('/api/n?' + i)</script>`,
		"/api/n": `{}`,
	})
	out := l.shows("/", "数")
	if asked := len(l.asked); asked != maxRequests || out.Refused != 151-maxRequests {
		t.Errorf("%d were asked for and %d refused", asked, out.Refused)
	}
}
