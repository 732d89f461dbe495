//! The site of a demo, as a browser and as an attacker's page would ask for it: sessions, CSRF, policies, whose pages they are, what is bounded.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests own sockets, files and time")]

mod client;

use client::browser::{Browser, ORIGIN, cookie, cookies, text, try_sign_in};
use client::pdf::small;
use client::{Desk, PASSWORD, USER, encode};

/// A call of the API, as a page of ours makes it.
const CODE: &str = "/site/api/rssp/devices/activation-code";
const HOSTILE: &str = "\"><img src=x onerror=alert(1)>&'\u{202e}.pdf";

/// Another user of this server.
fn add_ben(desk: Desk) -> Desk {
    desk.with(|config| {
        if let Some(seed) = &mut config.seed {
            seed.username = "ben".to_owned();
        }
    })
}

#[test]
fn every_answer_carries_the_policy_and_no_script_of_its_own() {
    let desk = Desk::open();
    let browser = Browser::open(&desk, USER);
    let one = browser.upload("a.pdf", &small(1), "k");
    let mut looked_at = 0;
    for path in [
        "/",
        "/site",
        "/site/sign-in",
        "/site/agreements",
        &one,
        &format!("{one}/pdf"),
        &format!("{one}/sign"),
        "/site/agreements/doc-0",
        "/site/device",
        "/site/verify",
        "/site/verify/rep-0",
        "/site/trust",
        "/site/outbox",
        "/site/officer",
        "/site/site.css",
        "/site/site.js",
        "/site/device.js",
        "/site/pdfjs/pdf.min.mjs",
        "/site/icon.svg",
    ] {
        let answer = browser.get(path);
        let policy = answer.header("content-security-policy").unwrap_or_else(|| panic!("{path}"));
        for needed in
            ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "require-trusted-types-for 'script'"]
        {
            assert!(policy.contains(needed), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe") && !policy.contains('*'), "{path}: {policy}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("cross-origin-opener-policy"), Some("same-origin"), "{path}");
        let Some("text/html; charset=utf-8") = answer.header("content-type") else { continue };
        let page = text(&answer);
        assert!(!page.contains("{{") && !page.contains("}}"), "{path}");
        assert!(
            !page.contains("<style") && !page.contains(" style=") && !page.contains(" onclick") && !page.contains("javascript:"),
            "{path}"
        );
        // Scripts are files of ours: the one of every page, and at most one of its own.
        let scripts = page.matches("<script").count();
        assert!(scripts <= 2 && page.matches("<script type=\"module\" src=\"/site/").count() == scripts, "{path}");
        assert!(page.contains("<script type=\"module\" src=\"/site/site.js\"></script>"), "{path}");
        looked_at += 1;
    }
    assert_eq!(looked_at, 11);
}

#[test]
fn nobody_is_served_without_a_session_and_sessions_are_as_strict_as_cookies_can_be() {
    let desk = Desk::open();
    let one = "/site/agreements/doc-0";
    for path in [
        "/site/agreements",
        one,
        &format!("{one}/pdf"),
        &format!("{one}/sign"),
        "/site/device",
        "/site/verify",
        "/site/trust",
        "/site/outbox",
        "/site/officer",
    ] {
        let answer = desk.call("GET", path, &[("Cookie", "__Host-thrivosign=AAAA")], b"");
        assert_eq!((answer.status, answer.header("location")), (303, Some("/site/sign-in")), "{path}");
    }
    for path in ["/site/events", "/site/api/rssp/authorizations?deviceUUID=d"] {
        assert_eq!(desk.call("GET", path, &[], b"").status, 401, "{path}");
    }
    for path in ["/site/agreements", "/site/verify", CODE] {
        assert_eq!(desk.call("POST", path, &[ORIGIN], &small(1)).status, 401, "{path}");
    }
    let first = try_sign_in(&desk, USER, PASSWORD, "");
    for line in cookies(&first) {
        for needed in ["; Path=/", "; Secure", "; HttpOnly", "; SameSite=Strict", "; Max-Age="] {
            assert!(line.starts_with("__Host-") && line.contains(needed), "{line}");
        }
    }
    let value = cookie(&first, "__Host-thrivosign");
    assert_eq!(value.len(), 43);
    let status = |value: &str| desk.call("GET", "/site/agreements", &[("Cookie", &format!("__Host-thrivosign={value}"))], b"").status;
    assert_eq!(status(&value), 200);
    // A value that somebody planted beforehand is not the one that is signed in; and signing in again ends the one before.
    let planted = try_sign_in(&desk, USER, PASSWORD, "__Host-thrivosign=planted");
    let second = cookie(&planted, "__Host-thrivosign");
    assert!(second != "planted" && status("planted") == 303 && status(&second) == 200);
    let third = cookie(&try_sign_in(&desk, USER, PASSWORD, &format!("__Host-thrivosign={second}")), "__Host-thrivosign");
    assert_eq!((status(&second), status(&third)), (303, 200));
    desk.pass(15 * 60);
    assert_eq!((status(&value), status(&third)), (303, 303), "unused for a quarter of an hour");
}

#[test]
fn signing_out_ends_the_session_on_the_server() {
    let desk = Desk::open();
    let browser = Browser::open(&desk, USER);
    let out = |csrf: &str| desk.call("POST", "/site/sign-out", &[ORIGIN, ("Cookie", &browser.cookie)], format!("csrf={csrf}").as_bytes());
    assert_eq!(out("").status, 403);
    assert_eq!(out(&"A".repeat(43)).status, 403);
    assert_eq!(browser.get("/site/agreements").status, 200);
    let answer = out(&browser.csrf);
    assert_eq!((answer.status, answer.header("location")), (303, Some("/site/sign-in")));
    assert!(cookies(&answer).iter().any(|line| line.starts_with("__Host-thrivosign=;") && line.contains("Max-Age=0")));
    assert_eq!(browser.get("/site/agreements").status, 303);
    assert_eq!(out(&browser.csrf).status, 303, "once more is no error");
}

#[test]
fn what_another_page_sends_is_refused() {
    let desk = Desk::open();
    let browser = Browser::open(&desk, USER);
    let pdf = small(1);
    for path in ["/site/agreements", "/site/verify", CODE] {
        for (wrong, status) in [
            (("X-CSRF-Token", ""), 403),
            (("X-CSRF-Token", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), 403),
            (("Cookie", ""), 401),
            (("Origin", ""), 403),
            (("Origin", "null"), 403),
            (("Origin", "https://evil.example"), 403),
            (("Origin", "http://localhost"), 403),
            (("Sec-Fetch-Site", "cross-site"), 403),
            (("Sec-Fetch-Site", "same-site"), 403),
        ] {
            assert_eq!(browser.send(path, "a.pdf", &pdf, &[wrong]).status, status, "{path} {wrong:?}");
        }
    }
    assert!(browser.page("/site/agreements").contains("There is none yet"), "nothing came in");
    assert!(!browser.page("/site/outbox").contains("class=\"code\""), "and nothing went out");
    // The sign-in form as well: a victim who is signed in as somebody else would upload to him.
    let form = format!("csrf=x&username={}&password={}", encode(USER), encode(PASSWORD));
    for headers in [&[ORIGIN][..], &[ORIGIN, ("Cookie", "__Host-thrivosign-guest=y")], &[("Cookie", "__Host-thrivosign-guest=x")]] {
        let answer = desk.call("POST", "/site/sign-in", headers, form.as_bytes());
        assert!(answer.status == 403 && !cookies(&answer).iter().any(|line| line.starts_with("__Host-thrivosign=")), "{headers:?}");
    }
    // A page elsewhere whose name resolves to this machine.
    for path in ["/", "/site/sign-in", "/site/agreements", "/site/site.js"] {
        let rebound = format!("GET {path} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\nCookie: {}\r\n\r\n", browser.cookie);
        assert_eq!(desk.raw(rebound.as_bytes()).unwrap().status, 404, "{path}");
    }
}

#[test]
fn guessing_passwords_is_locked_together_with_the_api() {
    let desk = Desk::open();
    let unknown = try_sign_in(&desk, "no<b>body", "x", "");
    assert_eq!(unknown.status, 400);
    assert!(text(&unknown).contains("value=\"no&lt;b&gt;body\"") && text(&unknown).contains("The name or the password is wrong"));
    for n in 0..10 {
        let wrong = format!("wrong-password-{n}");
        let answer = try_sign_in(&desk, USER, &wrong, "");
        assert!(matches!(answer.status, 400 | 403), "{answer:?}");
        assert!(!text(&answer).contains(&wrong), "a password is not shown again");
    }
    let locked = try_sign_in(&desk, USER, PASSWORD, "");
    assert!(locked.status == 403 && text(&locked).contains("Too many wrong tries"));
    let form = format!("grant_type=password&username={}&password={}&scope=password", encode(USER), encode(PASSWORD));
    assert_eq!(desk.keyed("POST", "/rssp/auth/login", form.as_bytes()).status, 403);
    desk.pass(301);
    assert_eq!(try_sign_in(&desk, USER, PASSWORD, "").status, 303);
}

#[test]
fn agreements_come_in_as_by_the_api_and_a_hostile_name_stays_text() {
    let desk = Desk::open();
    let browser = Browser::open(&desk, USER);
    let pdf = small(2);
    let one = browser.upload(HOSTILE, &pdf, "k1");
    assert_eq!(browser.upload(HOSTILE, &pdf, "k1"), one, "the same again is the same");
    for path in ["/site/agreements", &one] {
        let page = browser.page(path);
        assert!(!page.contains("<img src=x") && !page.contains('\u{202e}'), "{path}");
        assert!(page.contains("&quot;&gt;&lt;img src=x onerror=alert(1)&gt;&amp;&#39;"), "{path}");
    }
    let page = browser.page(&one);
    assert!(page.contains("The chain is whole") && page.contains("<strong>submitted</strong>") && page.contains("Not signed yet"));
    let download = browser.get(&format!("{one}/pdf"));
    assert_eq!((download.status, download.body == pdf), (200, true));
    assert_eq!(download.header("content-disposition").unwrap(), format!("attachment; filename*=UTF-8''{}", percent(HOSTILE)));
    // What the API stores, the site shows, and the other way round.
    let (token, _) = desk.login();
    let id = one.rsplit('/').next().unwrap();
    let fetched = desk.authed(&token, "GET", &format!("/rssp/agreements/{id}"), &serde_json::Value::Null);
    assert_eq!(fetched.body, pdf);
    // What the preflight says is told in words.
    let empty = browser.send("/site/agreements", "empty.pdf", &small(0), &[("Idempotency-Key", "k2")]);
    assert_eq!((empty.status, empty.text("title").as_str()), (422, "The preflight refuses the document."));
    assert!(empty.json()["findings"][0].as_str().unwrap().ends_with("[no_pages]"), "{empty:?}");
    assert_eq!(browser.send("/site/agreements", "a.txt", b"hello", &[("Idempotency-Key", "k3")]).status, 400);
    assert_eq!(browser.send("/site/agreements", "a/b.pdf", &pdf, &[("Idempotency-Key", "k4")]).status, 400);
}

fn percent(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() || b"-._~".contains(&b) { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

#[test]
fn of_others_there_is_nothing() {
    let desk = add_ben(Desk::open());
    let (anna, ben) = (Browser::open(&desk, USER), Browser::open(&desk, "ben"));
    let one = anna.upload("secret-of-anna.pdf", &small(1), "k");
    let report = anna.send("/site/verify", "secret-of-anna.pdf", &small(1), &[]).text("report");
    for path in [&one, &format!("{one}/pdf"), &format!("{one}/report"), &report, "/site/agreements/doc-0", "/site/agreements/%2e%2e"] {
        let answer = ben.get(path);
        assert_eq!(answer.status, 404, "{path}");
        assert!(!text(&answer).contains("anna"), "{path}");
    }
    assert!(!ben.page("/site/agreements").contains("anna"));
    assert_eq!([anna.get(&one).status, anna.get(&format!("{one}/report")).status, anna.get(&report).status], [200; 3]);
}

/// What a browser may call is what a device calls, for whoever is signed in, and it is the API that answers.
#[test]
fn a_browser_makes_a_devices_calls_and_no_others() {
    let desk = add_ben(Desk::open());
    let (anna, ben) = (Browser::open(&desk, USER), Browser::open(&desk, "ben"));
    let one = anna.upload("a.pdf", &small(1), "k").replace("/site/", "/site/api/rssp/");
    assert_eq!(anna.ask("POST", CODE, b"").status, 204);
    assert!(anna.page("/site/outbox").contains("class=\"code\""));
    // What is not there is told as anywhere else: to who has no API key, nothing.
    for path in
        ["rssp/users", "rssp/agreements", "rssp/credentials", "rssp/certificates/c/revoke", "rssp/templates", "csc/v1/signatures/signHash"]
    {
        assert_eq!(anna.ask("POST", &format!("/site/api/{path}"), b"{}").problem(), "api-key-refused", "{path}");
    }
    assert_eq!(anna.ask("POST", "/site/api/rssp/devices", b"{}").problem(), "malformed-request");
    let asked = br#"{"deviceUUID":"d","userAuthentication":{"method":"otp"}}"#;
    assert_eq!(anna.ask("POST", "/site/api/rssp/certificates/challenge", asked).problem(), "device-unknown");
    let wanted = br#"{"credentialID":"cred-0","level":"B-B"}"#;
    assert_eq!(anna.ask("POST", &format!("{one}/signatures"), wanted).problem(), "credential-unknown");
    assert_eq!(ben.ask("POST", &format!("{one}/signatures"), wanted).problem(), "document-unknown", "of others there is nothing");
    assert_eq!(anna.ask("GET", "/site/api/rssp/authorizations?deviceUUID=d&wait=30", b"").problem(), "device-unknown");
    let much = vec![b' '; thrivosign::remote::json::MAX_JSON + 1];
    assert_eq!(anna.ask("POST", "/site/api/rssp/devices", &much).status, 413);
}

#[test]
fn a_report_has_its_own_policy_and_no_rights() {
    let desk = Desk::open();
    let browser = Browser::open(&desk, USER);
    let answer = browser.send("/site/verify", HOSTILE, &small(1), &[]);
    assert_eq!(answer.status, 200, "{answer:?}");
    let report = browser.get(&answer.text("report"));
    let policy = report.header("content-security-policy").unwrap();
    for needed in ["default-src 'none'", "style-src 'sha256-", "frame-ancestors 'self'", "form-action 'none'"] {
        assert!(policy.contains(needed), "{policy}");
    }
    assert!(policy.ends_with("; sandbox") && !policy.contains("script-src") && report.header("x-frame-options").is_none());
    let page = text(&report);
    assert!(page.contains(&policy[policy.find("'sha256-").unwrap()..][..53]), "the hash is that of the page's own policy");
    assert!(!page.contains("<img") && page.contains("img src&#61;x onerror"));
    let nonsense = browser.send("/site/verify", "x.pdf", b"no pdf at all", &[]);
    assert!(text(&browser.get(&nonsense.text("report"))).contains("could not be"), "what cannot be checked has a page as well");
    assert_eq!(browser.get(&answer.text("report")).status, 404, "one report is kept");
    assert!(std::fs::read_dir(desk.folder.path().join("documents")).unwrap().next().is_none(), "the documents are not");
}

#[test]
fn bodies_are_bounded_and_nobody_elses_is_read() {
    let desk = Desk::open_with(|config| config.limits.document = 100_000);
    let browser = Browser::open(&desk, USER);
    let much = vec![b'a'; 100_001];
    for path in ["/site/agreements", "/site/verify"] {
        assert_eq!(browser.send(path, "a.pdf", &much, &[]).status, 413, "{path}");
        let chunked = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nOrigin: https://localhost\r\nCookie: {}\r\nX-CSRF-Token: {}\r\nConnection: close\r\n\
             Transfer-Encoding: chunked\r\n\r\n186a1\r\n{}\r\n0\r\n\r\n",
            browser.cookie,
            browser.csrf,
            String::from_utf8(much.clone()).unwrap()
        );
        assert_eq!(desk.raw(chunked.as_bytes()).unwrap().status, 413, "{path}");
    }
    let form = format!("csrf=x&username={}", "a".repeat(8 << 10));
    assert_eq!(desk.call("POST", "/site/sign-in", &[ORIGIN], form.as_bytes()).status, 413);
    // A report is wanted of more than the site takes, whatever the API would.
    let desk = Desk::open();
    let browser = Browser::open(&desk, USER);
    let announced = format!(
        "POST /site/verify HTTP/1.1\r\nHost: localhost\r\nOrigin: https://localhost\r\nCookie: {}\r\nX-CSRF-Token: {}\r\nContent-Length: {}\r\n\r\n",
        browser.cookie,
        browser.csrf,
        (64 << 20) + 1
    );
    assert_eq!(desk.raw(announced.as_bytes()).unwrap().status, 413);
}

#[test]
fn the_site_exists_in_a_demo_alone_and_a_demo_on_this_machine_alone() {
    let plain = Desk::open_with(|config| config.demo = false);
    for path in ["/", "/site", "/site/sign-in", "/site/agreements", "/site/site.js", "/site/events"] {
        assert_eq!(plain.call("GET", path, &[], b"").status, 401, "{path}");
        assert_eq!(plain.keyed("GET", path, b"").status, 404, "{path}");
    }
    let folder = tempfile::tempdir().unwrap();
    let mut config = thrivosign_server::Config::new(folder.path());
    config.demo = true;
    config.listen = std::net::SocketAddr::from(([0, 0, 0, 0], 0));
    let refused = thrivosign_server::Server::start(config).err().expect("a demo is for this machine");
    assert!(refused.to_string().contains("on this machine alone"), "{refused}");
}
