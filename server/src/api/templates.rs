//! Templates: made by the owner of an agreement, and used with a person for each role, which makes a package with a copy of the agreement. They are
//! nobody else's to see.

use super::packages::{new_package, once, view};
use super::{No, Service, Visit};
use crate::failure::Failure;
use crate::folder::sync_folder;
use crate::random;
use crate::store::Transaction;
use crate::store::documents::{self, Agreement};
use crate::store::recipients::{self, Recipient};
use crate::store::{audit as records, packages, templates};
use crate::web::Reply;
use std::path::Path;
use thrivosign::Time;
use thrivosign::remote::package::RecipientState;
use thrivosign::remote::problem::{Problem, ProblemType};
use thrivosign::remote::template::apply::ApplyTemplate;
use thrivosign::remote::template::create::CreateTemplate;
use thrivosign::remote::template::list::{MOST, Templates};
use thrivosign::remote::template::{RolePlace, Template, remove as remove_call};

/// Makes a template of an agreement that is nothing else yet.
pub(super) fn create(service: &Service, visit: Visit) -> Result<Reply, No> {
    let asked = CreateTemplate::decode(&visit.request)?;
    let now = visit.now;
    once(service, &visit, ("createTemplate", &asked.idempotency_key), |tx, user| {
        let document = documents::of_user(tx, &asked.document_id, user)?.ok_or(ProblemType::DocumentUnknown)?;
        if packages::of_document(tx, &document.id)?.is_some() || templates::holds(tx, &document.id)? {
            return Err(Problem::new(ProblemType::PackageState).detail("documentID: it is in a package or a template").into());
        }
        let off = |one: &RolePlace| one.place.page.is_some_and(|page| page == 0 || u64::from(page) > document.pages);
        if asked.places.iter().any(off) {
            let mut problem = Problem::new(ProblemType::FieldRefused);
            problem.findings = vec!["page_not_found".to_owned()];
            return Err(problem.into());
        }
        let template = Template {
            template_id: random::id("tpl-")?,
            name: asked.name.clone(),
            document_id: document.id.clone(),
            places: asked.places.clone(),
        };
        templates::add(tx, &template, user, now)?;
        let detail = format!("template {}", template.template_id);
        records::append(tx, &document.id, user, "template made", Some(&detail), now)?;
        Ok(template.encode())
    })
}

/// The user's templates.
pub(super) fn list(service: &Service, visit: Visit) -> Result<Reply, No> {
    let user = visit.caller.user()?;
    service.store.transact(|tx| Ok(Templates(templates::list(tx, user, MOST)?).encode().into()))
}

/// Removes a template; its agreement is an agreement again.
pub(super) fn remove(service: &Service, visit: Visit) -> Result<Reply, No> {
    let user = visit.caller.user()?;
    let id = remove_call::decode_request(&visit.request)?;
    service.store.transact(|tx| {
        if templates::remove(tx, &id, user)? { Ok(remove_call::done().into()) } else { Err(ProblemType::TemplateUnknown.into()) }
    })
}

/// Makes a package of a template.
pub(super) fn apply(service: &Service, visit: Visit) -> Result<Reply, No> {
    let asked = ApplyTemplate::decode(&visit.request)?;
    let now = visit.now;
    once(service, &visit, ("useTemplate", &asked.idempotency_key), |tx, user| {
        let template = templates::of_user(tx, &asked.template_id, user)?.ok_or(ProblemType::TemplateUnknown)?;
        let cast = cast(&template, &asked.recipients)?;
        let original = documents::of_user(tx, &template.document_id, user)?.ok_or(ProblemType::DocumentUnknown)?;
        let copy = copied(tx, service.documents(), &original, user, (&template, now))?;
        let package = new_package(user, &template.name, asked.expires_in, now)?;
        packages::add(tx, &package)?;
        packages::put(tx, &package.id, &copy)?;
        let detail = format!("package {}", package.id);
        records::append(tx, &copy, user, "package added", Some(&detail), now)?;
        for (one, name) in cast {
            let new = Recipient {
                id: random::id("rcp-")?,
                document: copy.clone(),
                user: name.to_owned(),
                account: None,
                order: one.order,
                place: one.place.clone(),
                state: RecipientState::Pending,
            };
            recipients::add(tx, &package.id, &new, now)?;
            let detail = format!("package {}, recipient {}, order {}", package.id, new.id, new.order);
            records::append(tx, &copy, user, "recipient added", Some(&detail), now)?;
        }
        Ok(view(tx, &package, user)?.encode(201))
    })
}

/// Each place with the person for its role. Every role has one person, and nobody has a role that there is not.
fn cast<'a>(template: &'a Template, given: &'a [(String, String)]) -> Result<Vec<(&'a RolePlace, &'a str)>, No> {
    let stray = given.iter().any(|(role, _)| template.places.iter().all(|one| one.role != *role));
    let person = |one: &'a RolePlace| {
        let mut named = given.iter().filter(|(role, _)| *role == one.role);
        match (named.next(), named.next()) {
            (Some((_, user)), None) if !stray => Ok((one, user.as_str())),
            _ => Err(Problem::new(ProblemType::PackageIncomplete).detail("recipients: one for each role of the template").into()),
        }
    };
    template.places.iter().map(person).collect()
}

/// A copy of the agreement as an agreement of its own. The bytes are shared: a document's file is replaced when it is signed, and never written over.
fn copied(tx: &Transaction<'_>, folder: &Path, original: &Agreement, user: &str, (template, now): (&Template, Time)) -> Result<String, No> {
    let id = random::id("doc-")?;
    let copy = Agreement {
        file: format!("{id}.pdf"),
        id,
        sha256: original.sha256,
        size: original.size,
        pages: original.pages,
        signatures: original.signatures,
    };
    documents::add(tx, &copy, user, &documents::file_name(tx, &original.id)?, now)?;
    let detail = format!("sha256 {}, template {}", random::hex(&copy.sha256), template.template_id);
    records::append(tx, &copy.id, user, "submitted", Some(&detail), now)?;
    // As with uploads: the file stands before the record that names it is committed.
    let doing = "cannot copy a document";
    std::fs::hard_link(folder.join(&original.file), folder.join(&copy.file)).map_err(Failure::at(doing))?;
    sync_folder(folder).map_err(Failure::at(doing))?;
    Ok(copy.id)
}
