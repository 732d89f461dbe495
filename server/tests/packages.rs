//! Packages: several people sign in order, through the library's own client, and what an owner, a recipient out of turn and a stranger may not do.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests own sockets, files and time")]

mod client;

use crate::client::phone::plain_signature;
use client::browser::Browser;
use client::pdf::small;
use client::people::{Person, people};
use client::{Answer, Desk, phone};
use serde_json::Value;
use thrivosign::journey::packages::{self, Asked, Package, PackageState, Place, RecipientState, Show};
use thrivosign::journey::{Input, Limits};
use thrivosign::pki::TrustAnchors;
use thrivosign::remote::audit::Audit;
use thrivosign::remote::complete_signature::CompleteSignature;
use thrivosign::remote::package::add_document::AddDocument;
use thrivosign::remote::package::add_recipient::AddRecipient;
use thrivosign::remote::package::cancel::CancelPackage;
use thrivosign::remote::package::create::CreatePackage;
use thrivosign::remote::package::decline::DeclinePackage;
use thrivosign::remote::package::share::SharePackage;
use thrivosign::remote::package::status;
use thrivosign::remote::start_signature::{PreparedSignature, StartSignature};
use thrivosign::verify::{Policy, VerifyOptions, verify};
use thrivosign::{ErrorKind, Progress};

fn limits() -> Limits {
    Limits::default()
}

fn boxed(page: u32, x: f64) -> Place {
    Place { field: None, page: Some(page), rect: Some([x, 72.5, 150.25, 48.0]) }
}

/// A draft of that owner with one document, that each of these is to sign.
fn draft(owner: &Person, asked: &[(&str, u32, Place)]) -> Package {
    let made = packages::create(&owner.session, "Loan", None, &limits()).unwrap();
    let pdf = Input::memory(small(2));
    let mut package = packages::add_document(&owner.session, &made.package_id, &pdf, "loan.pdf", &limits(), None).unwrap();
    for (user, order, place) in asked {
        let document_id = &package.documents[0].document_id.clone();
        let asked = Asked { user, order: *order, document_id, place: place.clone() };
        package = packages::assign(&owner.session, &made.package_id, &asked, &limits()).unwrap();
    }
    package
}

fn shared(owner: &Person, asked: &[(&str, u32, Place)]) -> Package {
    packages::share(&owner.session, &draft(owner, asked).package_id, &limits()).unwrap()
}

fn seen(person: &Person, package: &Package) -> Package {
    packages::status(&person.session, &package.package_id, &limits()).unwrap()
}

fn waiting(person: &Person) -> Vec<String> {
    packages::list(&person.session, Show::Waiting, &limits()).unwrap().into_iter().map(|package| package.package_id).collect()
}

fn start(person: &Person, package: &Package, key: &str) -> StartSignature {
    plain_signature(key.to_owned(), package.documents[0].document_id.clone(), person.credential.clone())
}

fn completion(person: &Person, package: &Package, prepared: &PreparedSignature) -> CompleteSignature {
    CompleteSignature {
        document_id: package.documents[0].document_id.clone(),
        signature_id: prepared.signature_id.clone(),
        signature: phone::sign(&person.phone.signing, &prepared.signed_attributes),
        sign_algo: "ecdsa-sha256".to_owned(),
    }
}

fn begun(desk: &Desk, person: &Person, call: &StartSignature) -> PreparedSignature {
    let answer = person.send(desk, &call.encode().unwrap());
    assert_eq!(answer.status, 201, "{answer:?}");
    PreparedSignature::decode(&answer.wire()).unwrap()
}

fn refused(answer: &Answer) -> (u16, String) {
    (answer.status, answer.problem())
}

fn is(status: u16, problem: &str) -> (u16, String) {
    (status, problem.to_owned())
}

#[test]
fn two_people_sign_one_after_the_other() {
    let (desk, people) = people(&["anna", "ben", "carol"]);
    let [anna, ben, carol] = &people[..] else { panic!() };
    let package = draft(anna, &[("carol", 2, boxed(2, 300.0)), ("Ben", 1, boxed(1, 72.0))]);
    assert_eq!((package.state, package.owned, package.owner.as_str()), (PackageState::Draft, true, "anna"));
    let orders: Vec<(&str, u32, bool)> = package.recipients.iter().map(|one| (one.user.as_str(), one.order, one.turn)).collect();
    assert_eq!(orders, [("Ben", 1, false), ("carol", 2, false)]);
    // Nobody is shown a draft.
    assert_eq!(packages::status(&ben.session, &package.package_id, &limits()).unwrap_err().problem(), Some("package-unknown"));
    let shared = packages::share(&anna.session, &package.package_id, &limits()).unwrap();
    assert!(shared.state == PackageState::Shared && shared.version > package.version && shared.recipients[0].turn);
    assert_eq!((waiting(ben), waiting(carol), waiting(anna)), (vec![package.package_id.clone()], vec![], vec![]));
    let hers = seen(carol, &package);
    assert!(!hers.owned && hers.recipients[1].you && !hers.recipients[1].turn && !hers.recipients[0].you);
    // Out of turn, and in turn at another place than was asked.
    let error = carol.signs(&hers.documents[0], &hers.recipients[1].place).unwrap_err();
    assert_eq!((error.kind(), error.problem()), (ErrorKind::ServiceRefused, Some("not-your-turn")));
    let error = ben.signs(&hers.documents[0], &boxed(2, 72.0)).unwrap_err();
    assert_eq!((error.kind(), error.problem()), (ErrorKind::DocumentRefused, Some("field-refused")));

    let first = ben.signs_next(&package).unwrap();
    assert_eq!((waiting(ben), waiting(carol)), (vec![], vec![package.package_id.clone()]));
    assert_eq!(ben.signs(&seen(ben, &package).documents[0], &boxed(1, 72.0)).unwrap_err().problem(), Some("not-your-turn"));
    // Whoever still has the document of before is told, before any key is asked.
    assert_eq!(carol.fetched(&hers.documents[0]).unwrap_err().kind(), ErrorKind::DocumentChanged);
    let second = carol.signs_next(&package).unwrap();
    assert!(second.starts_with(&first) && second.len() > first.len(), "one signature behind the other");

    let done = seen(anna, &package);
    assert_eq!((done.state, done.documents[0].signatures), (PackageState::Completed, 2));
    assert!(done.recipients.iter().all(|one| one.state == RecipientState::Signed && !one.turn));
    assert!(done.version > shared.version);
    assert_eq!(ben.signs(&seen(ben, &package).documents[0], &boxed(1, 72.0)).unwrap_err().problem(), Some("package-state"));
    let trust = TrustAnchors::from_pem(desk.running.as_ref().unwrap().root_pem().as_bytes()).unwrap();
    let time = thrivosign::host::clock::now();
    let options = VerifyOptions { trust: &trust, time, policy: Policy::default(), password: None, evidence: None };
    let report = verify(&anna.fetched(&done.documents[0]).unwrap(), &options, &Progress::default()).unwrap();
    assert!(report.signatures.len() == 2 && report.signatures.iter().all(|one| one.clean), "{report:?}");
    let path = format!("/rssp/agreements/{}/audit", done.documents[0].document_id);
    let records = Audit::decode(&desk.authed(&anna.token, "GET", &path, &Value::Null).wire()).unwrap().0;
    let actions: Vec<&str> = records.iter().map(|record| record.action.as_str()).collect();
    assert_eq!(
        actions,
        [
            "submitted",
            "package added",
            "recipient added",
            "recipient added",
            "package shared",
            "prepared",
            "signed",
            "prepared",
            "signed",
            "package completed"
        ]
    );
    assert_eq!(packages::list(&anna.session, Show::Owned, &limits()).unwrap(), [done]);
    assert_eq!(packages::list(&ben.session, Show::Received, &limits()).unwrap(), [seen(ben, &package)]);
    assert!(packages::list(&ben.session, Show::Owned, &limits()).unwrap().is_empty());
}

#[test]
fn a_no_ends_it_for_everybody_and_says_why() {
    let (_desk, people) = people(&["anna", "ben", "carol"]);
    let [anna, ben, carol] = &people[..] else { panic!() };
    let package = shared(anna, &[("ben", 1, Place::default()), ("carol", 2, Place::default())]);
    let early = packages::decline(&carol.session, &package.package_id, "no", &limits()).unwrap_err();
    assert_eq!(early.problem(), Some("not-your-turn"));
    assert_eq!(packages::decline(&anna.session, &package.package_id, "no", &limits()).unwrap_err().problem(), Some("not-your-turn"));
    let done = packages::decline(&ben.session, &package.package_id, "The rate is wrong", &limits()).unwrap();
    assert_eq!((done.state, done.recipients[0].state), (PackageState::Declined, RecipientState::Declined));
    assert_eq!(seen(carol, &package).reason.as_deref(), Some("The rate is wrong"));
    assert!(waiting(carol).is_empty() && waiting(ben).is_empty());
    for error in [
        packages::decline(&ben.session, &package.package_id, "again", &limits()).unwrap_err(),
        packages::cancel(&anna.session, &package.package_id, "late", &limits()).unwrap_err(),
    ] {
        assert_eq!(error.problem(), Some("package-state"));
    }
    // What ended unsigned is the owner's alone again.
    assert_eq!(carol.fetched(&done.documents[0]).unwrap_err().problem(), Some("document-unknown"));
    assert!(anna.fetched(&done.documents[0]).is_ok());
}

#[test]
fn what_was_prepared_is_not_completed_once_the_owner_has_taken_it_back() {
    let (desk, people) = people(&["anna", "ben"]);
    let [anna, ben] = &people[..] else { panic!() };
    let package = shared(anna, &[("ben", 1, Place::default()), ("carol", 2, Place::default())]);
    let prepared = begun(&desk, ben, &start(ben, &package, "s"));
    assert_eq!(packages::cancel(&ben.session, &package.package_id, "mine", &limits()).unwrap_err().problem(), Some("package-unknown"));
    let done = packages::cancel(&anna.session, &package.package_id, "another offer", &limits()).unwrap();
    assert_eq!((done.state, done.reason.as_deref()), (PackageState::Cancelled, Some("another offer")));
    let late = ben.send(&desk, &completion(ben, &package, &prepared).encode().unwrap());
    assert_eq!(refused(&late), is(404, "document-unknown"), "what ended unsigned is not even seen");
    assert_eq!(seen(anna, &package).documents[0].signatures, 0);
    // Taken back as a draft, it was never anybody else's.
    let draft = draft(anna, &[("ben", 1, Place::default())]);
    packages::cancel(&anna.session, &draft.package_id, "a slip", &limits()).unwrap();
    assert_eq!(packages::status(&ben.session, &draft.package_id, &limits()).unwrap_err().problem(), Some("package-unknown"));
}

#[test]
fn its_time_runs_out() {
    let (desk, people) = people(&["anna", "ben"]);
    let [anna, ben] = &people[..] else { panic!() };
    let made = packages::create(&anna.session, "Soon over", Some(3_600), &limits()).unwrap();
    let pdf = Input::memory(small(1));
    let package = packages::add_document(&anna.session, &made.package_id, &pdf, "a.pdf", &limits(), None).unwrap();
    let document_id = &package.documents[0].document_id;
    let asked = Asked { user: "ben", order: 1, document_id, place: Place::default() };
    packages::assign(&anna.session, &package.package_id, &asked, &limits()).unwrap();
    let package = packages::share(&anna.session, &package.package_id, &limits()).unwrap();
    let prepared = begun(&desk, ben, &start(ben, &package, "s"));
    desk.pass(3_500);
    assert_eq!(waiting(ben).len(), 1);
    desk.pass(100);
    assert!(waiting(ben).is_empty());
    let late = ben.send(&desk, &completion(ben, &package, &prepared).encode().unwrap());
    assert!([is(409, "package-state"), is(404, "document-unknown")].contains(&refused(&late)), "{late:?}");
    assert_eq!(seen(anna, &package).state, PackageState::Expired);
    let late = ben.send(&desk, &start(ben, &package, "s2").encode().unwrap());
    assert_eq!(refused(&late), is(404, "document-unknown"));
    let error = packages::decline(&ben.session, &package.package_id, "no", &limits()).unwrap_err();
    assert_eq!(error.problem(), Some("package-state"));
    let path = format!("/rssp/agreements/{document_id}/audit");
    let records = Audit::decode(&desk.authed(&anna.token, "GET", &path, &Value::Null).wire()).unwrap().0;
    let ended: Vec<_> = records.iter().filter(|record| record.action == "package expired").collect();
    assert!(ended.len() == 1 && ended[0].actor == "server", "once, and by nobody");
}

#[test]
fn to_a_stranger_there_is_no_package_and_to_a_recipient_no_way_to_change_it() {
    let (desk, people) = people(&["anna", "ben", "mallory"]);
    let [anna, ben, mallory] = &people[..] else { panic!() };
    let package = shared(anna, &[("ben", 1, Place::default())]);
    let (id, document) = (package.package_id.clone(), package.documents[0].document_id.clone());
    let own = packages::create(&mallory.session, "Mine", None, &limits()).unwrap().package_id;
    let key = || "k".to_owned();
    let calls = |package: &str, document: &str| {
        let (package_id, document_id) = (package.to_owned(), document.to_owned());
        let (user, place, reason) = ("mallory".to_owned(), Place::default(), "r".to_owned());
        [
            status::request(package).unwrap(),
            AddDocument { package_id: package_id.clone(), document_id: document_id.clone() }.encode().unwrap(),
            AddRecipient { idempotency_key: key(), package_id: package_id.clone(), user, order: 1, document_id, place }.encode().unwrap(),
            SharePackage { idempotency_key: key(), package_id: package_id.clone() }.encode().unwrap(),
            DeclinePackage { idempotency_key: key(), package_id: package_id.clone(), reason: reason.clone() }.encode().unwrap(),
            CancelPackage { idempotency_key: key(), package_id, reason }.encode().unwrap(),
        ]
    };
    for (theirs, none) in calls(&id, &document).iter().zip(calls("pkg-0", "doc-0")) {
        let (theirs, none) = (mallory.send(&desk, theirs), mallory.send(&desk, &none));
        assert_eq!(refused(&theirs), is(404, "package-unknown"));
        assert_eq!((theirs.status, theirs.body), (none.status, none.body), "nobody learns that there is one");
    }
    // The owner has no turn that was not given.
    assert_eq!(refused(&anna.send(&desk, &start(anna, &package, "s").encode().unwrap())), is(409, "not-your-turn"));
    let answers: Vec<_> = calls(&id, &document).iter().map(|call| refused(&ben.send(&desk, call))).collect();
    assert_eq!(answers[0].0, 200);
    assert!([1, 2, 3, 5].iter().all(|at| answers[*at] == is(404, "package-unknown")), "{answers:?}");
    // Somebody else's document does not come into a package of one's own, and so not before one's eyes.
    let theft = AddDocument { package_id: own, document_id: document.clone() }.encode().unwrap();
    assert_eq!(refused(&mallory.send(&desk, &theft)), is(404, "document-unknown"));
    for path in [format!("/rssp/agreements/{document}"), format!("/rssp/agreements/{document}/audit")] {
        assert_eq!(refused(&desk.authed(&mallory.token, "GET", &path, &Value::Null)), is(404, "document-unknown"));
    }
    let sign = start(mallory, &package, "s").encode().unwrap();
    assert_eq!(refused(&mallory.send(&desk, &sign)), is(404, "document-unknown"));
    assert!(packages::list(&mallory.session, Show::Received, &limits()).unwrap().is_empty());
    // Ben's no, the last of his calls but one, had been heard.
    assert_eq!(seen(anna, &package).state, PackageState::Declined);
}

#[test]
fn the_same_call_again_does_no_more() {
    let (desk, people) = people(&["anna", "ben"]);
    let [anna, ben] = &people[..] else { panic!() };
    let twice = |person: &Person, request: &thrivosign::remote::http::Request, status: u16| {
        let (first, again) = (person.send(&desk, request), person.send(&desk, request));
        assert_eq!((first.status, again.status), (status, status), "{first:?} {again:?}");
        assert_eq!(first.body, again.body);
        Package::decode(&first.wire()).unwrap()
    };
    let key = || "once".to_owned();
    let create = CreatePackage { idempotency_key: key(), name: "Loan".to_owned(), expires_in: Some(60) };
    let id = twice(anna, &create.encode(), 201).package_id;
    assert_eq!(packages::list(&anna.session, Show::Owned, &limits()).unwrap().len(), 1);
    let other = CreatePackage { name: "Lease".to_owned(), ..create };
    assert_eq!(refused(&anna.send(&desk, &other.encode())), is(422, "idempotency-conflict"));
    let early = SharePackage { idempotency_key: "early".to_owned(), package_id: id.clone() };
    assert_eq!(refused(&anna.send(&desk, &early.encode().unwrap())), is(422, "package-incomplete"));
    let pdf = Input::memory(small(1));
    let package = packages::add_document(&anna.session, &id, &pdf, "a.pdf", &limits(), None).unwrap();
    let document_id = package.documents[0].document_id.clone();
    let put = AddDocument { package_id: id.clone(), document_id: document_id.clone() }.encode().unwrap();
    assert_eq!(twice(anna, &put, 200).version, package.version, "it is in already");
    assert_eq!(refused(&anna.send(&desk, &early.encode().unwrap())), is(422, "package-incomplete"), "nobody signs it");
    let ask = AddRecipient {
        idempotency_key: key(),
        package_id: id.clone(),
        user: "ben".to_owned(),
        order: 1,
        document_id: document_id.clone(),
        place: Place::default(),
    };
    assert_eq!(twice(anna, &ask.encode().unwrap(), 201).recipients.len(), 1);
    let off = AddRecipient { idempotency_key: "off".to_owned(), place: boxed(2, 10.0), ..ask.clone() };
    assert_eq!(refused(&anna.send(&desk, &off.encode().unwrap())), is(422, "field-refused"), "a page that it does not have");
    let share = SharePackage { idempotency_key: key(), package_id: id.clone() };
    let shared = twice(anna, &share.encode().unwrap(), 200);
    let again = SharePackage { idempotency_key: "again".to_owned(), ..share };
    assert_eq!(refused(&anna.send(&desk, &again.encode().unwrap())), is(409, "package-state"));
    let late = AddRecipient { idempotency_key: "late".to_owned(), ..ask };
    assert_eq!(refused(&anna.send(&desk, &late.encode().unwrap())), is(409, "package-state"), "nobody is added to what others have seen");
    let prepared = begun(&desk, ben, &start(ben, &shared, "s"));
    let complete = completion(ben, &shared, &prepared).encode().unwrap();
    let (first, second) = (ben.send(&desk, &complete), ben.send(&desk, &complete));
    assert_eq!((first.status, second.status), (200, 200), "{first:?} {second:?}");
    assert_eq!(first.body, second.body);
    let done = seen(anna, &shared);
    assert_eq!((done.state, done.documents[0].signatures), (PackageState::Completed, 1));
}

#[test]
fn of_two_at_once_one_signs_and_the_other_signs_behind() {
    let (desk, people) = people(&["anna", "ben", "carol"]);
    let [anna, ben, carol] = &people[..] else { panic!() };
    let package = shared(anna, &[("ben", 1, Place::default()), ("carol", 1, Place::default())]);
    assert_eq!((waiting(ben).len(), waiting(carol).len()), (1, 1), "of the same order");
    let both: Vec<_> = [ben, carol]
        .map(|person| completion(person, &package, &begun(&desk, person, &start(person, &package, "s"))).encode().unwrap())
        .into_iter()
        .zip([ben, carol])
        .collect();
    let answers: Vec<Answer> = std::thread::scope(|scope| {
        let running: Vec<_> = both.iter().map(|(call, person)| scope.spawn(|| person.send(&desk, call))).collect();
        running.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409], "{answers:?}");
    let loser = if answers[0].status == 409 { ben } else { carol };
    assert_eq!(seen(anna, &package).state, PackageState::Shared);
    loser.signs_next(&package).unwrap();
    let done = seen(anna, &package);
    assert_eq!((done.state, done.documents[0].signatures), (PackageState::Completed, 2));
    // And the same person twice, at two places: each session is for one of them.
    let package = shared(anna, &[("ben", 1, boxed(1, 72.0)), ("ben", 1, boxed(2, 72.0))]);
    ben.signs_next(&package).unwrap();
    ben.signs_next(&package).unwrap();
    assert_eq!(seen(ben, &package).state, PackageState::Completed);
}

#[test]
fn the_site_says_what_waits_and_a_hostile_name_stays_text() {
    let (desk, people) = people(&["anna", "ben"]);
    let [anna, ben] = &people[..] else { panic!() };
    let made = packages::create(&anna.session, "<script>alert(1)</script>", None, &limits()).unwrap();
    let pdf = Input::memory(small(1));
    let package = packages::add_document(&anna.session, &made.package_id, &pdf, "a.pdf", &limits(), None).unwrap();
    let asked = Asked { user: "ben", order: 1, document_id: &package.documents[0].document_id, place: Place::default() };
    packages::assign(&anna.session, &package.package_id, &asked, &limits()).unwrap();
    let [hers, his] = [anna, ben].map(|person| Browser::open(&desk, &person.name));
    let waits = |browser: &Browser<'_>| browser.page("/site/agreements").contains("Waiting for me");
    assert!(!waits(&his), "a draft waits for nobody");
    packages::share(&anna.session, &package.package_id, &limits()).unwrap();
    let page = his.page("/site/agreements");
    assert!(page.contains("&lt;script&gt;alert(1)") && page.contains(&package.package_id) && !page.contains("<script>alert"), "{page}");
    assert!(waits(&his) && !waits(&hers));
    ben.signs_next(&package).unwrap();
    assert!(!waits(&his));
}
