//! `POST /csc/v1/info`: what the service of remote credentials is.

use crate::api::{No, Service, Visit};
use crate::web::Reply;
use base64ct::{Base64, Encoding};
use thrivosign::remote::csc::SPECS;
use thrivosign::remote::csc::info::{CscInfo, decode_request};

const LOGO: &str = include_str!("../../../site/icon.svg");
const METHODS: [&str; 9] = [
    "auth/login",
    "auth/revoke",
    "credentials/list",
    "credentials/info",
    "credentials/authorize",
    "credentials/extendTransaction",
    "credentials/sendOTP",
    "signatures/signHash",
    "signatures/timestamp",
];

/// Says what it is. There is one language, whichever was wished for.
pub(in crate::api) fn info(_: &Service, visit: Visit) -> Result<Reply, No> {
    decode_request(&visit.request)?;
    let info = CscInfo {
        specs: SPECS.to_owned(),
        name: "ThrivoSign demo Server-Signer".to_owned(),
        logo: format!("data:image/svg+xml;base64,{}", Base64::encode_string(LOGO.as_bytes())),
        // A region of nobody's (ISO 3166-1, user-assigned).
        region: "XX".to_owned(),
        lang: "en".to_owned(),
        description: "Remote signatures of the demo: no real documents, no real people.".to_owned(),
        auth_type: vec!["basic".to_owned()],
        methods: METHODS.map(str::to_owned).to_vec(),
    };
    Ok(info.encode().into())
}
