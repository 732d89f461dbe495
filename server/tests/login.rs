//! Login: the published page to the letter, passwords, refresh rotation, reuse, locks, restarts.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests own sockets, files and time")]

mod client;

use client::{Desk, PASSWORD, USER, encode};
use serde_json::{Value, json};

fn form(user: &str, password: &str) -> Vec<u8> {
    format!("grant_type=password&username={}&password={}&scope=password", encode(user), encode(password)).into_bytes()
}

/// A call that only a good access token opens.
fn opens(desk: &Desk, token: &str) -> bool {
    match desk.authed(token, "POST", "/rssp/devices/activation-code", &Value::Null).status {
        204 => true,
        401 => false,
        other => panic!("unexpected status {other}"),
    }
}

#[test]
fn the_published_login_in_all_its_spellings() {
    let desk = Desk::open();
    let answer = desk.keyed("POST", "/rssp/auth/login", &form(USER, PASSWORD));
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json()["token_type"], "bearer");
    assert_eq!(answer.json()["expires_in"], 86_399);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let tokens = [answer.text("access_token"), answer.text("refresh_token")];
    assert!(tokens.iter().all(|token| token.len() == 43), "256 bits each");
    // The published page prints a JSON content type over a form body.
    let headers = [("X-API-Key", desk.key.as_str()), ("Content-Type", "application/json")];
    assert_eq!(desk.call("POST", "/rssp/auth/login", &headers, &form(USER, PASSWORD)).status, 200);
    let body = json!({"grant_type": "password", "username": USER, "password": PASSWORD, "scope": "password"}).to_string();
    assert_eq!(desk.call("POST", "/rssp/auth/login", &headers, body.as_bytes()).status, 200);
    assert!(opens(&desk, &tokens[0]));
    assert!(!opens(&desk, &tokens[1]), "a refresh token is no access token");
    assert!(!opens(&desk, ""));
}

#[test]
fn wrong_passwords_and_unknown_users_get_the_same_published_answer() {
    let desk = Desk::open();
    for (user, password) in [(USER, "wrong"), ("nobody", PASSWORD), (USER, ""), ("' OR 1=1 --", "x")] {
        let answer = desk.keyed("POST", "/rssp/auth/login", &form(user, password));
        assert_eq!(answer.status, 400);
        assert_eq!(
            answer.json(),
            json!({"error": "incorrect_credentials", "error_description": "The user email or password is incorrect"}),
        );
    }
    let client = b"grant_type=client_credentials&client_id=a&client_secret=b";
    assert_eq!(desk.keyed("POST", "/rssp/auth/login", client).text("error"), "invalid_client");
    assert_eq!(desk.refresh("x").text("error"), "invalid_grant");
}

#[test]
fn guessing_passwords_is_locked_for_known_and_unknown_names_alike() {
    let desk = Desk::open();
    for user in [USER, "nobody"] {
        for _ in 0..10 {
            assert_eq!(desk.keyed("POST", "/rssp/auth/login", &form(user, "wrong")).status, 400);
        }
        assert_eq!(desk.keyed("POST", "/rssp/auth/login", &form(user, PASSWORD)).status, 403);
    }
    desk.pass(301);
    desk.login();
}

#[test]
fn tokens_expire_rotate_and_end_with_their_family() {
    let desk = Desk::open();
    let (access, first) = desk.login();
    // The desk's clock is the machine's and what is passed: room for a busy minute.
    desk.pass(86_399 - 60);
    assert!(opens(&desk, &access));
    desk.pass(60);
    assert!(!opens(&desk, &access), "expired after the published time");
    let lost = desk.refresh(&first);
    assert_eq!(lost.status, 200);
    let second = desk.refresh(&first);
    assert_eq!(second.status, 200, "the answer was lost: the first token still serves");
    assert!(opens(&desk, &second.text("access_token")));
    let third = desk.refresh(&second.text("refresh_token"));
    assert!(opens(&desk, &third.text("access_token")));
    let stolen = desk.refresh(&first);
    assert_eq!((stolen.status, stolen.text("error").as_str()), (400, "invalid_grant"));
    assert!(!opens(&desk, &third.text("access_token")), "reuse ends the whole family");
    assert_eq!(desk.refresh(&third.text("refresh_token")).status, 400);
    desk.login();
}

#[test]
fn revoking_ends_the_session() {
    let desk = Desk::open();
    let (access, refresh) = desk.login();
    let (other, _) = desk.login();
    let answer = desk.authed(&access, "POST", "/rssp/auth/revoke", &json!({"token": refresh, "token_type_hint": "refresh_token"}));
    assert_eq!(answer.status, 204);
    assert!(!opens(&desk, &access) && opens(&desk, &other));
    assert_eq!(desk.refresh(&refresh).status, 400);
}

#[test]
fn a_restart_keeps_sessions_users_and_the_api_key() {
    let mut desk = Desk::open();
    let (access, refresh) = desk.login();
    let roots = |desk: &Desk| {
        let running = desk.running.as_ref().unwrap();
        (running.root_pem().to_owned(), running.tls_root_pem().to_owned())
    };
    let before = roots(&desk);
    desk.restart();
    assert_eq!(roots(&desk), before);
    assert!(opens(&desk, &access));
    assert_eq!(desk.refresh(&refresh).status, 200);
    desk.login();
}

#[test]
fn nothing_secret_is_stored_in_clear() {
    let desk = Desk::open();
    let (access, refresh) = desk.login();
    // The random part of the API key is its last: 256 bits in base64url, of which an underline is a digit.
    let key = &desk.key[desk.key.len() - 43..];
    let mut checked = 0;
    for entry in std::fs::read_dir(desk.folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            for secret in [access.as_str(), &refresh, PASSWORD, key] {
                assert!(!bytes.windows(secret.len()).any(|w| w == secret.as_bytes()), "{}", path.display());
            }
            checked += 1;
        }
    }
    assert!(checked >= 8, "the folder holds keys, certificates and the store");
}

#[test]
fn a_revoked_api_key_opens_nothing() {
    let mut desk = Desk::open();
    let id = desk.key.split('_').nth(1).unwrap().to_owned();
    desk.running.take().unwrap().shutdown();
    let other = thrivosign_server::api_key::make(desk.folder.path()).unwrap();
    thrivosign_server::api_key::revoke(desk.folder.path(), &id).unwrap();
    assert!(thrivosign_server::api_key::revoke(desk.folder.path(), &id).is_err());
    let mut desk = desk.again();
    assert_eq!(desk.keyed("POST", "/rssp/auth/login", &form(USER, PASSWORD)).status, 401);
    desk.key = other.to_string();
    desk.login();
}
