//! A browser before the site of the demo, as far as a test needs one: a form, a cookie, a token, and the headers that a browser sends.

use super::{Answer, Desk, PASSWORD, encode};

pub const ORIGIN: (&str, &str) = ("Origin", "https://localhost");

pub fn cookies(answer: &Answer) -> Vec<String> {
    answer.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie")).map(|(_, value)| value.clone()).collect()
}

/// The value of a cookie that an answer sets.
pub fn cookie(answer: &Answer, name: &str) -> String {
    let lines = cookies(answer);
    let line = lines.iter().find_map(|line| line.strip_prefix(&format!("{name}="))).unwrap_or_else(|| panic!("{name} in {lines:?}"));
    line.split(';').next().unwrap().to_owned()
}

pub fn text(answer: &Answer) -> String {
    String::from_utf8(answer.body.clone()).unwrap()
}

pub fn between<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    text.split_once(start).unwrap_or_else(|| panic!("{start} in {text}")).1.split_once(end).unwrap().0
}

/// A browser that is signed in.
pub struct Browser<'d> {
    pub desk: &'d Desk,
    pub cookie: String,
    pub csrf: String,
}

pub fn try_sign_in(desk: &Desk, user: &str, password: &str, cookie_before: &str) -> Answer {
    let form = desk.call("GET", "/site/sign-in", &[], b"");
    let guest = cookie(&form, "__Host-thrivosign-guest");
    let page = text(&form);
    let csrf = between(&page, "name=\"csrf\" value=\"", "\"");
    assert_eq!(csrf, guest);
    let body = format!("csrf={csrf}&username={}&password={}", encode(user), encode(password));
    let sent = format!("__Host-thrivosign-guest={guest}; {cookie_before}");
    desk.call("POST", "/site/sign-in", &[ORIGIN, ("Cookie", &sent)], body.as_bytes())
}

impl Browser<'_> {
    pub fn open<'d>(desk: &'d Desk, user: &str) -> Browser<'d> {
        let answer = try_sign_in(desk, user, PASSWORD, "");
        assert_eq!((answer.status, answer.header("location")), (303, Some("/site/agreements")), "{answer:?}");
        let cookie = format!("__Host-thrivosign={}", cookie(&answer, "__Host-thrivosign"));
        let mut browser = Browser { desk, cookie, csrf: String::new() };
        let page = browser.page("/site/agreements");
        browser.csrf = between(&page, "<meta name=\"csrf\" content=\"", "\"").to_owned();
        assert_eq!(browser.csrf.len(), 43);
        browser
    }

    pub fn get(&self, path: &str) -> Answer {
        self.desk.call("GET", path, &[("Cookie", &self.cookie)], b"")
    }

    pub fn page(&self, path: &str) -> String {
        let answer = self.get(path);
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        text(&answer)
    }

    /// As the script sends a file, with other headers in place of its own where given.
    pub fn send(&self, path: &str, name: &str, body: &[u8], other: &[(&str, &str)]) -> Answer {
        let name = encode(name);
        let ours = [
            ORIGIN,
            ("Cookie", self.cookie.as_str()),
            ("X-CSRF-Token", &self.csrf),
            ("Content-Type", "application/pdf"),
            ("X-File-Name", &name),
            ("Idempotency-Key", "key-1"),
        ];
        let mut headers: Vec<(&str, &str)> = ours.into_iter().filter(|(name, _)| !other.iter().any(|(is, _)| is == name)).collect();
        headers.extend(other.iter().filter(|(_, value)| !value.is_empty()));
        self.desk.call("POST", path, &headers, body)
    }

    /// A call of the API by a script of one of our pages.
    pub fn ask(&self, method: &str, path: &str, body: &[u8]) -> Answer {
        let headers = [
            ORIGIN,
            ("Cookie", self.cookie.as_str()),
            ("X-CSRF-Token", &self.csrf),
            ("Content-Type", "application/json"),
            ("Idempotency-Key", "key-1"),
        ];
        self.desk.call(method, path, &headers, body)
    }

    /// Uploads; gives the page of the new agreement.
    pub fn upload(&self, name: &str, body: &[u8], key: &str) -> String {
        let answer = self.send("/site/agreements", name, body, &[("Idempotency-Key", key)]);
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.text("location")
    }
}
