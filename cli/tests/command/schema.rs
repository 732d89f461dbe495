//! The published schemas: every line of JSON that the command prints in these tests is held to one.

use jsonschema::Validator;
use serde_json::Value;
use std::sync::OnceLock;

/// Holds a value to the schema whose file has that name.
pub(crate) fn hold(name: &str, value: &Value) {
    static MADE: OnceLock<Vec<(&str, Validator)>> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        let texts = [
            ("report", include_str!("../../../docs/schema/report-1.json")),
            ("policy", include_str!("../../../docs/schema/policy-1.json")),
            ("sign", include_str!("../../../docs/schema/sign-1.json")),
            ("batch", include_str!("../../../docs/schema/batch-1.json")),
            ("fields", include_str!("../../../docs/schema/fields-1.json")),
            ("inspect", include_str!("../../../docs/schema/inspect-1.json")),
            ("chain", include_str!("../../../docs/schema/chain-1.json")),
            ("extend", include_str!("../../../docs/schema/extend-1.json")),
            ("due", include_str!("../../../docs/schema/due-1.json")),
            ("error", include_str!("../../../docs/schema/error-1.json")),
            ("diff", include_str!("../../../docs/schema/diff-1.json")),
            ("extract", include_str!("../../../docs/schema/extract-1.json")),
            ("signatures", include_str!("../../../docs/schema/signatures-1.json")),
            ("verify-summary", include_str!("../../../docs/schema/verify-summary-1.json")),
        ];
        texts.map(|(name, text)| (name, validator(text))).into()
    });
    let (_, validator) = made.iter().find(|(known, _)| *known == name).unwrap();
    let errors: Vec<String> = validator.iter_errors(value).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "not of {name}-1.json: {errors:?}\n{value:#}");
}

fn validator(text: &str) -> Validator {
    let schema: Value = serde_json::from_str(text).unwrap();
    assert!(jsonschema::meta::is_valid(&schema), "not a schema: {}", schema["$id"]);
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    jsonschema::validator_for(&schema).unwrap()
}

/// A schema that lets everything pass proves nothing.
#[test]
fn the_schemas_refuse_what_they_do_not_know() {
    let refused = |name: &str, value: Value| std::panic::catch_unwind(|| hold(name, &value)).is_err();
    for name in [
        "report",
        "policy",
        "sign",
        "batch",
        "fields",
        "inspect",
        "extend",
        "due",
        "error",
        "diff",
        "extract",
        "signatures",
        "verify-summary",
    ] {
        assert!(refused(name, serde_json::json!({})), "{name}");
        assert!(refused(name, serde_json::json!({ "note": "x", "more": 1 })), "{name}");
    }
    let error = serde_json::json!({ "error": { "code": 201, "name": "not_pdf", "text": "", "turn": "document", "retryable": false, "next_step": "" } });
    hold("error", &error);
    for (pointer, wrong) in [("/error/turn", "nobody"), ("/error/name", "Not PDF"), ("/error/code", "201")] {
        let mut changed = error.clone();
        *changed.pointer_mut(pointer).unwrap() = wrong.into();
        assert!(refused("error", changed), "{pointer}");
    }
}
