//! Room `remote`: the contract as an OpenAPI 3.1 document, made from the same field tables the codecs read and write by.

use super::http::{API_KEY, FORM, JSON, PDF, PROBLEM, Request, match_path};
use super::problem::{ERROR_FIELDS, MESSAGE_FIELDS, PROBLEM_FIELDS, ProblemType};
use super::schema::{Access, Content, Field, Operation, Refusals, object_schema};
use super::*;
use serde_json::{Map, Value, json};

/// Every call of the contract, in the order of its sections.
pub const OPERATIONS: &[&Operation] = &[
    &info::OPERATION,
    &pins::OPERATION,
    &login::OPERATION,
    &revoke_token::OPERATION,
    &create_user::OPERATION,
    &activate_user::OPERATION,
    &device_activation_code::OPERATION,
    &register_device::OPERATION,
    &delete_device::OPERATION,
    &certificate_challenge::OPERATION,
    &request_certificate::OPERATION,
    &list_certificates::OPERATION,
    &certificate_request_status::OPERATION,
    &activate_credential::OPERATION,
    &activate_credential_response::OPERATION,
    &renewal_challenge::OPERATION,
    &renew_certificate::OPERATION,
    &revoke_certificate::OPERATION,
    &officer::requests::OPERATION,
    &officer::decide::OPERATION,
    &officer::devices::OPERATION,
    &officer::revoke_device::OPERATION,
    &submit_agreement::OPERATION,
    &submit_agreement::OPERATION_FILED,
    &start_signature::OPERATION,
    &complete_signature::OPERATION,
    &fetch_agreement::OPERATION,
    &audit::OPERATION,
    &package::create::OPERATION,
    &package::list::OPERATION,
    &package::status::OPERATION,
    &package::add_document::OPERATION,
    &package::add_recipient::OPERATION,
    &package::fill_fields::OPERATION,
    &package::share::OPERATION,
    &package::decline::OPERATION,
    &package::cancel::OPERATION,
    &template::create::OPERATION,
    &template::list::OPERATION,
    &template::apply::OPERATION,
    &template::remove::OPERATION,
    &signature_image::set::OPERATION,
    &signature_image::get::OPERATION,
    &signature_image::remove::OPERATION,
    &webhook::set::OPERATION,
    &webhook::status::OPERATION,
    &webhook::remove::OPERATION,
    &webhook::keys::OPERATION,
    &remote_credential::OPERATION,
    &authorizations::OPERATION,
    &authorization_status::OPERATION,
    &authorization_response::OPERATION,
    &csc::info::OPERATION,
    &csc::login::OPERATION,
    &csc::list_credentials::OPERATION,
    &csc::credential_info::OPERATION,
    &csc::authorize::OPERATION,
    &csc::extend_transaction::OPERATION,
    &csc::send_otp::OPERATION,
    &csc::sign_hash::OPERATION,
    &csc::timestamp::OPERATION,
];

/// The id of the operation that a request is, whatever ids stand in its path.
#[must_use]
pub fn operation_id(request: &Request) -> Option<&'static str> {
    let same_path = |operation: &Operation, fits: &dyn Fn(&str) -> bool| {
        std::iter::once(&operation.path).chain(operation.aliases).any(|path| fits(path.split('?').next().unwrap_or(path)))
    };
    let find = |fits: &dyn Fn(&str) -> bool| {
        OPERATIONS.iter().find(|operation| operation.method == request.method && same_path(operation, fits)).map(|operation| operation.id)
    };
    find(&|path| path == request.path).or_else(|| find(&|path| match_path(path, &request.path).is_some()))
}

/// The document. Deterministic: the same for the same codecs.
#[must_use]
pub fn document() -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for operation in OPERATIONS {
        for (at, path) in std::iter::once(&operation.path).chain(operation.aliases).enumerate() {
            let item = paths.entry((*path).to_owned()).or_insert_with(|| json!({}));
            if let Value::Object(item) = item {
                item.insert(operation.method.as_str().to_ascii_lowercase(), describe(operation, at));
            }
        }
    }
    let types: Vec<&str> = ProblemType::ALL.iter().map(|known| known.uri()).collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Server-Signer REST API",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Generated from the codecs of thrivosign; do not edit. x-source: doc = published by ThrivoSign, csc = CSC API v1.0.4, hub = SigningHub v4, ours = designed here, replaceable.",
        },
        "paths": paths,
        "components": {
            "securitySchemes": {
                "apiKey": {"type": "apiKey", "in": "header", "name": API_KEY, "x-source": "ours"},
                "token": {"type": "http", "scheme": "bearer", "x-source": "doc"},
                "mutualTls": {"type": "mutualTLS", "description": "RFC 8705: a back office shows a certificate when it connects. It then logs in by it (2.1), and the tokens that it is given are taken over connections with that certificate alone (3).", "x-source": "ours"},
                "boundToken": {"type": "http", "scheme": "DPoP", "description": "RFC 9449: with a proof in the header DPoP.", "x-source": "ours"},
            },
            "schemas": {
                "Problem": object_schema(PROBLEM_FIELDS),
                "ProblemType": {"type": "string", "enum": types},
                "Error": object_schema(ERROR_FIELDS),
                "Message": object_schema(MESSAGE_FIELDS),
            },
        },
    })
}

fn describe(operation: &Operation, alias: usize) -> Value {
    let path = operation.aliases.get(alias.wrapping_sub(1)).unwrap_or(&operation.path);
    let in_path = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let mut parameters: Vec<Value> = in_path
        .map(|name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string", "pattern": "^[A-Za-z0-9._~-]{1,128}$"}}))
        .collect();
    parameters.extend(operation.query.iter().map(|field| parameter(field, "query")));
    parameters.extend(operation.headers.iter().map(|field| parameter(field, "header")));
    let mut responses = Map::new();
    for answer in operation.answers {
        let headers: Map<String, Value> = answer
            .headers
            .iter()
            .map(|field| (field.name.to_owned(), json!({"required": field.required, "schema": {"type": "string"}})))
            .collect();
        let mut response = json!({"description": answer.when});
        insert(&mut response, "headers", (!headers.is_empty()).then_some(Value::Object(headers)));
        insert(&mut response, "content", content(answer.content));
        responses.insert(answer.status.to_string(), response);
    }
    let problem = json!({PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}});
    let refusal = match operation.refusals {
        Refusals::Problem => problem,
        Refusals::Published => json!({
            JSON: {"schema": {"oneOf": [{"$ref": "#/components/schemas/Error"}, {"$ref": "#/components/schemas/Message"}]}},
            PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}},
        }),
    };
    responses.insert("default".to_owned(), json!({"description": "the call is refused", "content": refusal}));
    let security = match operation.access {
        Access::Open => json!([]),
        Access::ApiKey => json!([{"apiKey": []}, {"apiKey": [], "mutualTls": []}]),
        Access::Token => json!([
            {"apiKey": [], "token": []},
            {"apiKey": [], "boundToken": []},
            {"apiKey": [], "token": [], "mutualTls": []},
            {"apiKey": [], "boundToken": [], "mutualTls": []},
        ]),
    };
    let id = if alias == 0 { operation.id.to_owned() } else { format!("{}Alias{alias}", operation.id) };
    let mut described = json!({"operationId": id, "summary": operation.summary, "x-source": operation.mark.as_str(), "security": security});
    insert(&mut described, "parameters", (!parameters.is_empty()).then_some(Value::Array(parameters)));
    insert(
        &mut described,
        "requestBody",
        content(operation.request).map(|content| json!({"required": needed(operation.request), "content": content})),
    );
    insert(&mut described, "responses", Some(Value::Object(responses)));
    described
}

/// Whether a body must be there: calls of the CSC API that need no member are made without one as well.
fn needed(content: Content) -> bool {
    match content {
        Content::Json(fields) | Content::Form(fields) => fields.iter().any(|field| field.required),
        Content::None | Content::Pdf => true,
    }
}

fn insert(object: &mut Value, name: &str, value: Option<Value>) {
    if let (Value::Object(members), Some(value)) = (object, value) {
        members.insert(name.to_owned(), value);
    }
}

fn parameter(field: &Field, place: &str) -> Value {
    json!({"name": field.name, "in": place, "required": field.required, "schema": {"type": "string"}, "x-source": field.mark.as_str()})
}

fn content(content: Content) -> Option<Value> {
    match content {
        Content::None => None,
        Content::Json(fields) => Some(json!({JSON: {"schema": object_schema(fields)}})),
        Content::Form(fields) => Some(json!({FORM: {"schema": object_schema(fields)}, JSON: {"schema": object_schema(fields)}})),
        Content::Pdf => Some(json!({PDF: {"schema": {"type": "string", "contentMediaType": PDF}}})),
    }
}
