//! Users come by themselves: registration, the code, the passphrase, and the first login; and what guessing, a taken address and a made-up number get.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests own sockets, files and time")]

mod client;

use client::{Answer, Desk, USER};
use serde_json::{Value, json};
use thrivosign::remote::activate_user::{self, ActivateUser};
use thrivosign::remote::create_user::{CreateUser, CreatedUser, UserKind, UserStatus};
use thrivosign::remote::secret::Secret;

const MOBILE: &str = "+230 5251 0001";

fn person(email: &str, mobile: &str) -> CreateUser {
    let (name, email, mobile) = ("Ravi Gopal".to_owned(), email.to_owned(), mobile.to_owned());
    CreateUser { name, email, mobile, kind: UserKind::Individual, company: None }
}

fn send(desk: &Desk, request: &thrivosign::remote::http::Request) -> Answer {
    desk.keyed("POST", &request.path, request.body.bytes())
}

fn registered(desk: &Desk, user: &CreateUser) -> String {
    let CreatedUser { user_id, status } = CreatedUser::decode(&send(desk, &user.encode()).wire()).unwrap();
    assert_eq!(status, UserStatus::PendingActivation);
    user_id
}

fn activate(desk: &Desk, id: &str, code: &str, passphrase: &str) -> Answer {
    let asked = ActivateUser { user_id: id.to_owned(), code: Secret::new(code), passphrase: Secret::new(passphrase) };
    send(desk, &asked.encode().unwrap())
}

fn status_of_login(desk: &Desk, user: &str, password: &str) -> u16 {
    let (user, password) = (client::encode(user), client::encode(password));
    desk.keyed("POST", "/rssp/auth/login", format!("grant_type=password&username={user}&password={password}&scope=password").as_bytes())
        .status
}

#[test]
fn a_person_registers_and_logs_in() {
    let desk = Desk::open();
    let id = registered(&desk, &person("ravi@example.org", MOBILE));
    let code = desk.code_of(MOBILE);
    assert_eq!(status_of_login(&desk, "ravi@example.org", ""), 400, "not before the code");
    assert_eq!(activate(&desk, &id, &code, "short").problem(), "malformed-request");
    let done = activate(&desk, &id, &code, "a passphrase of mine");
    assert_eq!(activate_user::decode_answer(&done.wire()).unwrap(), UserStatus::Active);
    assert_eq!(status_of_login(&desk, "Ravi@Example.org", "a passphrase of mine"), 200);
    assert_eq!(activate(&desk, &id, &code, "another of somebody").status, 404, "once");
    // The user is one like any other.
    let (token, _) = desk.login_as("ravi@example.org", "a passphrase of mine");
    assert_eq!(desk.authed(&token, "POST", "/rssp/devices/activation-code", &Value::Null).status, 204);
}

#[test]
fn the_first_code_has_the_address_and_nobody_is_told_whose_it_is() {
    let desk = Desk::open();
    let taken = send(&desk, &person(USER, "+230 5251 0002").encode());
    let free = send(&desk, &person("free@example.org", "+230 5251 0003").encode());
    assert_eq!((taken.status, free.status), (201, 201), "the same answer");
    let refused = activate(&desk, &taken.text("userID"), &desk.code_of("+230 5251 0002"), "a passphrase of mine");
    assert_eq!((refused.status, refused.problem().as_str()), (409, "user-taken"));
    assert_eq!(status_of_login(&desk, USER, client::PASSWORD), 200, "whose it is keeps it");

    let [early, late] = ["+230 5251 0004", "+230 5251 0005"].map(|mobile| (registered(&desk, &person("both@example.org", mobile)), mobile));
    assert_eq!(activate(&desk, &late.0, &desk.code_of(late.1), "of the second one").status, 200);
    assert_eq!(activate(&desk, &early.0, &desk.code_of(early.1), "of the first one").status, 409);
    assert_eq!(status_of_login(&desk, "both@example.org", "of the second one"), 200);
}

#[test]
fn guessing_is_locked_and_a_number_is_left_in_peace() {
    let desk = Desk::open();
    let id = registered(&desk, &person("ravi@example.org", MOBILE));
    let code = desk.code_of(MOBILE);
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for left in (0..5).rev() {
        let answer = activate(&desk, &id, wrong, "a passphrase of mine");
        let expected = if left == 0 { "user-authentication-locked" } else { "user-authentication-failed" };
        assert_eq!(answer.problem(), expected, "{left} left");
    }
    assert_eq!(activate(&desk, &id, &code, "a passphrase of mine").problem(), "user-authentication-locked", "the right one, too");
    assert_eq!(activate(&desk, "usr-none", &code, "a passphrase of mine").status, 404);

    let mut answers = (0..20).map(|n| send(&desk, &person(&format!("n{n}@example.org"), "+23052510001").encode()));
    let limited = answers.find(|answer| answer.status != 201).expect("a limit");
    assert_eq!((limited.problem().as_str(), limited.header("retry-after").is_some()), ("rate-limited", true));
    assert_eq!(send(&desk, &person("other@example.org", "+230 5251 0009").encode()).status, 201, "another number is another matter");
}

#[test]
fn a_code_has_its_time() {
    let desk = Desk::open();
    let id = registered(&desk, &person("ravi@example.org", MOBILE));
    let code = desk.code_of(MOBILE);
    desk.pass(3600);
    assert_eq!(activate(&desk, &id, &code, "a passphrase of mine").problem(), "user-authentication-failed", "its code is over");
}

#[test]
fn what_is_no_user_is_refused() {
    let desk = Desk::open();
    let whole = json!({"name": "R", "email": "r@example.org", "mobile": "+230 5251 0001", "kind": "individual"});
    let post = |body: &Value| desk.keyed("POST", "/rssp/users", body.to_string().as_bytes());
    for (field, values) in [
        ("name", vec![json!(""), json!("a\nb"), json!("x".repeat(201)), Value::Null, json!(7)]),
        ("email", vec![json!("r"), json!("@example.org"), json!("r@"), json!("r @example.org"), json!(format!("{}@x", "r".repeat(254)))]),
        (
            "mobile",
            vec![json!("5251 0001"), json!("+12"), json!("+230-5251-0001"), json!("+1234567890123456"), json!("+230 5251 000\u{661}")],
        ),
        ("kind", vec![json!("robot"), json!("company_user"), Value::Null]),
        ("company", vec![json!("Bank")]),
    ] {
        for value in values {
            let mut body = whole.clone();
            body[field] = value.clone();
            let answer = post(&body);
            assert_eq!((answer.status, answer.problem().as_str()), (400, "malformed-request"), "{field}: {value}");
        }
    }
    let mut company = whole.clone();
    (company["kind"], company["company"]) = (json!("company_admin"), json!("Example Bank"));
    assert_eq!((post(&company).status, post(&whole).status), (201, 201));
    assert_eq!(desk.call("POST", "/rssp/users", &[], whole.to_string().as_bytes()).status, 401, "with the API key alone");
    // No gateway, no registration: and nothing is left of it.
    let silent = Desk::open_with(|config| config.demo = false);
    assert_eq!(silent.keyed("POST", "/rssp/users", whole.to_string().as_bytes()).status, 503);
}
