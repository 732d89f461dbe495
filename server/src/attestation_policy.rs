//! What keys must prove, as a file of the operator: takes its JSON and the folder it lies in, gives the strict policy.
//!
//! ```json
//! { "android": { "apps": [ { "package": "com.example.bank", "signers": ["<SHA-256 of the signing certificate, hexadecimal>"] } ],
//!                "least": "tee", "patch_level": 202601, "status_list": "status.json", "status_max_age": 86400 },
//!   "apple": { "apps": ["ABCDE12345.com.example.bank"], "environments": ["production"] } }
//! ```
//!
//! A member that is not known is refused, since it would be a demand that nobody makes. The status list is Google's, fetched by the operator;
//! its file's time is when it was fetched. It is read at the start: when it has become too old, keys of Android are refused.

use crate::config::time_of;
use crate::failure::Failure;
use serde_json::{Map, Value};
use std::path::Path;
use std::time::UNIX_EPOCH;
use thrivosign::key::attestation::{
    AndroidApp, AndroidPolicy, AppleEnvironment, ApplePolicy, AttestationPolicy, MAX_STATUS_LIST, StatusDemand, StatusList,
};
use thrivosign::pki::ProtectionLevel;

/// The strict policy that the file states.
///
/// # Errors
/// [`Failure`] if a file cannot be read, or is not as described.
pub fn strict_policy(file: &Path) -> Result<AttestationPolicy, Failure> {
    let text = std::fs::read(file).map_err(Failure::at("cannot read the file of the attestation policy"))?;
    let value: Value = serde_json::from_slice(&text).map_err(Failure::at("the attestation policy is no JSON"))?;
    let mut all = object(value)?;
    let android = match all.remove("android") {
        Some(android) => android_policy(object(android)?, file)?,
        None => AndroidPolicy::default(),
    };
    let apple = match all.remove("apple") {
        Some(apple) => apple_policy(object(apple)?)?,
        None => ApplePolicy::default(),
    };
    nothing_else(&all)?;
    Ok(AttestationPolicy::strict(android, apple))
}

fn wrong() -> Failure {
    Failure::new("the attestation policy is not as described: see docs/howto/attestation.md")
}

fn object(value: Value) -> Result<Map<String, Value>, Failure> {
    match value {
        Value::Object(members) => Ok(members),
        _ => Err(wrong()),
    }
}

fn nothing_else(left: &Map<String, Value>) -> Result<(), Failure> {
    if left.is_empty() { Ok(()) } else { Err(wrong()) }
}

fn text(value: Value) -> Result<String, Failure> {
    match value {
        Value::String(text) => Ok(text),
        _ => Err(wrong()),
    }
}

fn list(value: Option<Value>) -> Result<Vec<Value>, Failure> {
    match value {
        None => Ok(Vec::new()),
        Some(Value::Array(values)) => Ok(values),
        Some(_) => Err(wrong()),
    }
}

fn android_policy(mut members: Map<String, Value>, file: &Path) -> Result<AndroidPolicy, Failure> {
    let mut policy = AndroidPolicy::default();
    for app in list(members.remove("apps"))? {
        let mut app = object(app)?;
        let package = app.remove("package").ok_or_else(wrong).and_then(text)?;
        let signers = list(app.remove("signers"))?.into_iter().map(digest).collect::<Result<_, _>>()?;
        nothing_else(&app)?;
        policy.apps.push(AndroidApp { package, signers });
    }
    if let Some(least) = members.remove("least") {
        let least = text(least)?;
        // Software is what the policy `development` is for.
        let hardware = [ProtectionLevel::Tee, ProtectionLevel::Strongbox];
        policy.least = hardware.into_iter().find(|level| level.name() == least).ok_or_else(wrong)?;
    }
    if let Some(level) = members.remove("patch_level") {
        policy.patch_level = level.as_u64().and_then(|level| u32::try_from(level).ok()).ok_or_else(wrong)?;
    }
    let max_age = match members.remove("status_max_age") {
        Some(age) => age.as_i64().filter(|age| *age > 0).ok_or_else(wrong)?,
        None => 24 * 60 * 60,
    };
    let list = match members.remove("status_list") {
        Some(path) => Some(status_list(&file.parent().unwrap_or(Path::new(".")).join(text(path)?))?),
        None => None,
    };
    policy.status = StatusDemand::Listed { list, max_age };
    nothing_else(&members)?;
    Ok(policy)
}

fn digest(value: Value) -> Result<[u8; 32], Failure> {
    let text = text(value)?;
    let mut digest = [0; 32];
    if text.len() != 64 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(wrong());
    }
    for (byte, pair) in digest.iter_mut().zip(text.as_bytes().chunks(2)) {
        let pair = std::str::from_utf8(pair).map_err(|_| wrong())?;
        *byte = u8::from_str_radix(pair, 16).map_err(|_| wrong())?;
    }
    Ok(digest)
}

fn status_list(path: &Path) -> Result<StatusList, Failure> {
    let doing = "cannot read the status list of attestation certificates";
    let about = std::fs::metadata(path).map_err(Failure::at(doing))?;
    if about.len() > MAX_STATUS_LIST as u64 {
        return Err(Failure::new("the status list of attestation certificates is too large"));
    }
    let fetched = about.modified().map_err(Failure::at(doing))?.duration_since(UNIX_EPOCH).unwrap_or_default();
    let json = std::fs::read(path).map_err(Failure::at(doing))?;
    StatusList::from_json(&json, time_of(fetched)).map_err(Failure::at(doing))
}

fn apple_policy(mut members: Map<String, Value>) -> Result<ApplePolicy, Failure> {
    let mut policy =
        ApplePolicy { apps: list(members.remove("apps"))?.into_iter().map(text).collect::<Result<_, _>>()?, ..Default::default() };
    if let Some(environments) = members.remove("environments") {
        let named = |value| match text(value)?.as_str() {
            "production" => Ok(AppleEnvironment::Production),
            "development" => Ok(AppleEnvironment::Development),
            _ => Err(wrong()),
        };
        policy.environments = list(Some(environments))?.into_iter().map(named).collect::<Result<_, Failure>>()?;
    }
    nothing_else(&members)?;
    Ok(policy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use thrivosign::key::attestation::Admission;

    #[test]
    fn a_file_says_all_and_nothing_unknown() {
        let folder = tempfile::tempdir().unwrap();
        let read = |json: &str| {
            let file = folder.path().join("proof.json");
            std::fs::write(&file, json).unwrap();
            strict_policy(&file)
        };
        std::fs::write(folder.path().join("status.json"), r#"{"entries":{}}"#).unwrap();
        let signer = "05".repeat(32);
        let all = format!(
            r#"{{"android":{{"apps":[{{"package":"com.example.bank","signers":["{signer}"]}}],"least":"strongbox","patch_level":202601,
            "status_list":"status.json","status_max_age":3600}},"apple":{{"apps":["T.com.example.bank"],"environments":["development"]}}}}"#
        );
        let policy = read(&all).unwrap();
        assert_eq!(policy.admission, Admission::Strict);
        assert_eq!(policy.android.apps, [AndroidApp { package: "com.example.bank".to_owned(), signers: vec![[5; 32]] }]);
        assert_eq!((policy.android.least, policy.android.patch_level), (ProtectionLevel::Strongbox, 202_601));
        assert!(matches!(policy.android.status, StatusDemand::Listed { list: Some(_), max_age: 3600 }));
        assert_eq!((policy.apple.apps.len(), policy.apple.environments.as_slice()), (1, &[AppleEnvironment::Development][..]));
        assert!(policy.android.roots.len() == 2 && policy.apple.roots.len() == 1);
        // Without a status list it refuses everything, and does not look the other way.
        assert!(matches!(read("{}").unwrap().android.status, StatusDemand::Listed { list: None, .. }));
        for (from, to) in [
            ("least", "leest"),
            ("strongbox", "software"),
            ("202601", "-1"),
            ("3600", "0"),
            ("status.json", "none.json"),
            ("\"development\"", "\"anything\""),
            ("0505", "05"),
            ("0505", "0g05"),
            ("\"package\"", "\"packages\""),
            ("\"apple\"", "\"appel\""),
        ] {
            assert!(read(&all.replacen(from, to, 1)).is_err(), "{from}");
        }
        assert!(read("[]").is_err() && read("").is_err());
    }
}
