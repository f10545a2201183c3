"""Times pages of a console: first and later openings, milliseconds.

    python3 benchmarks/console/pages.py http://127.0.0.1:8080 KEY TENANT [PATH ...]

KEY is the admin key. Paths are below /console; without any, the pages of money and learning.
"""
import http.cookiejar
import re
import sys
import time
import urllib.parse
import urllib.request

base, key, tenant, *paths = sys.argv[1:]
browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()), urllib.request.ProxyHandler({}))
form = browser.open(base + "/console/sign-in").read().decode()
name, token = re.search(r'name="(__RequestVerificationToken)" value="([^"]+)"', form).groups()
browser.open(base + "/console/sign-in", urllib.parse.urlencode({name: token, "key": key, "return": "/console/cluster"}).encode()).read()
for path in paths or ["money", "learning", "money?days=365"]:
    times = []
    for _ in range(6):
        began = time.monotonic()
        page = browser.open(f"{base}/console/{path}{'&' if '?' in path else '?'}tenant={urllib.parse.quote(tenant)}").read()
        times.append((time.monotonic() - began) * 1000)
    print(f"{path:24} {len(page):8} bytes  first {times[0]:7.0f} ms  later {sorted(times[1:])[2]:7.0f} ms")
