//! The room `journey`: the evidence record of a signing order, and of a signature that carries one itself: what was shown, found, agreed to and used, and what the service said of it. Takes facts as
//! the journal keeps them; gives one JSON text (`docs/schema/evidence-1.json`). Holds no opinion: what was not looked at is `null`.

use super::entry::{Approval, Held, OrderMode, OrderState};
use crate::crypto::digest::hex;
use crate::key::KeyInfo;
use crate::pki::certificate::Certificate;
use crate::sign::{Preflight, PreflightPolicy};
use crate::time::Time;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const SCHEMA: &str = "thrivosign-evidence-1";

/// What is known of an order beside its state. The journal keeps it sealed: the consent is the person's.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::journey) struct Facts {
    pub(super) document: Option<DocumentFacts>,
    pub(super) approval: Option<Approval>,
    pub(super) preflight: Option<Looked>,
    pub(super) consent: Option<String>,
    pub(super) key: Option<KeyFacts>,
    pub(super) service: Option<ServiceFacts>,
    pub(super) answered_at: Option<i64>,
    pub(super) receipt: Option<Receipt>,
}

impl Facts {
    /// What is known before the key is asked.
    pub(in crate::journey) fn before(
        document: DocumentFacts,
        preflight: Option<Looked>,
        consent: Option<&str>,
        key: Option<KeyFacts>,
    ) -> Facts {
        Facts { document: Some(document), preflight, consent: consent.map(str::to_owned), key, ..Facts::default() }
    }
}

#[derive(Clone, Serialize, Deserialize)]
pub(in crate::journey) struct DocumentFacts {
    pub(in crate::journey) sha256: [u8; 32],
    pub(in crate::journey) size: u64,
    /// The host said by digest what the person was shown, and it was this document.
    pub(in crate::journey) shown: bool,
}

/// What the preflight found.
#[derive(Clone, Serialize, Deserialize)]
pub(in crate::journey) struct Looked {
    policy: String,
    findings: BTreeMap<String, u64>,
    complete: bool,
}

impl Looked {
    pub(in crate::journey) fn new(policy: &PreflightPolicy, found: &Preflight) -> Looked {
        let inspection = &found.inspection;
        Looked {
            policy: policy.name().to_owned(),
            findings: inspection.counts.iter().map(|(risk, count)| (risk.code().to_owned(), *count)).collect(),
            complete: inspection.unchecked.is_empty(),
        }
    }
}

/// The key as its store described it.
#[derive(Clone, Serialize, Deserialize)]
pub(in crate::journey) struct KeyFacts {
    public_key: [u8; 32],
    certificate: [u8; 32],
    algorithm: String,
    protection: String,
    prompt: String,
}

impl KeyFacts {
    pub(super) fn public_key(&self) -> [u8; 32] {
        self.public_key
    }

    pub(in crate::journey) fn new(info: &KeyInfo, leaf: &Certificate, algorithm: &str) -> KeyFacts {
        KeyFacts {
            public_key: info.public_key.sha256(),
            certificate: leaf.sha256(),
            algorithm: algorithm.to_owned(),
            protection: info.protection.name().to_owned(),
            prompt: info.prompt.name().to_owned(),
        }
    }
}

/// What the service knows the order by, where it prepares the document.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct ServiceFacts {
    pub(super) document_id: String,
    pub(super) signature_id: String,
}

/// What the service said that it stored; compared with what was signed.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Receipt {
    pub(super) sha256: [u8; 32],
    pub(super) size: u64,
    /// By the service's clock.
    pub(super) at: Option<i64>,
}

fn time(at: Option<i64>) -> Value {
    at.map_or(Value::Null, |at| Time::from_unix(at).to_string().into())
}

/// The record as it stands. `list`: the digests of the approved list in order, if the journal still has all of them.
pub(super) fn evidence(held: &Held, list: Option<Vec<[u8; 32]>>) -> Value {
    let (order, facts) = (&held.order, &held.facts);
    let (state, signed, document_id) = match &order.state {
        OrderState::Prepared => ("prepared", None, None),
        OrderState::Unanswered => ("unanswered", None, None),
        OrderState::Answered => ("answered", None, None),
        OrderState::Completed { sha256 } => ("completed", Some(sha256), None),
        OrderState::Filed { sha256, document_id } => ("filed", Some(sha256), Some(document_id)),
    };
    let mode = match order.mode {
        OrderMode::Device => "device",
        OrderMode::Submit => "submit",
    };
    let documents = list.map(|list| list.iter().map(|one| hex(one)).collect::<Vec<_>>());
    let order = json!({
        "name": order.name,
        "id": order.id,
        "mode": mode,
        "state": state,
        "prepared_at": time(Some(order.prepared_at.unix())),
        "answered_at": time(facts.answered_at),
    });
    let receipt = document_id.map(|id| {
        let receipt = facts.receipt.as_ref();
        json!({
            "document_id": id,
            "signature_id": facts.service.as_ref().map(|service| &service.signature_id),
            "sha256": receipt.map(|one| hex(&one.sha256)),
            "size": receipt.map(|one| one.size),
            "at": time(receipt.and_then(|one| one.at)),
        })
    });
    record(facts, &order, documents.as_deref(), signed, &json!(receipt))
}

/// The record that a signature carries itself: what there is of it before the key is asked.
pub(in crate::journey) fn carried(facts: &Facts) -> Value {
    record(facts, &Value::Null, None, None, &Value::Null)
}

fn record(facts: &Facts, order: &Value, documents: Option<&[String]>, signed: Option<&[u8; 32]>, receipt: &Value) -> Value {
    json!({
        "schema": SCHEMA,
        "order": order,
        "document": facts.document.as_ref().map(|one| json!({ "sha256": hex(&one.sha256), "size": one.size, "shown": one.shown })),
        "approval": facts.approval.map(|one| {
            json!({ "list_sha256": hex(&one.list), "position": one.position, "count": one.count, "documents": documents })
        }),
        "preflight": facts.preflight.as_ref().map(|one| {
            json!({ "policy": one.policy, "findings": one.findings, "complete": one.complete })
        }),
        "consent": facts.consent,
        "key": facts.key.as_ref().map(|one| {
            json!({
                "public_key_sha256": hex(&one.public_key),
                "certificate_sha256": hex(&one.certificate),
                "algorithm": one.algorithm,
                "protection": one.protection,
                "prompt": one.prompt,
            })
        }),
        "signed": signed.map(|sha256| json!({ "sha256": hex(sha256) })),
        "receipt": receipt,
    })
}
