//! The user's signature image: sent before signing, shown in the signature that the service prepares, and signed only by a device that has the same one.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests own sockets, files and time, and run the outside judges")]

mod client;

use base64ct::{Base64, Encoding};
use client::pdf::{crc32, png, small};
use client::people::{Person, people};
use serde_json::{Value, json};
use std::process::Command;
use thrivosign::ErrorKind;
use thrivosign::appearance::{Appearance, Image};
use thrivosign::journey::packages::{self, Asked, Package, Place};
use thrivosign::journey::{Input, Limits, signature_image};
use thrivosign::remote::signature_image::{MAX_IMAGE, PATH};

const RED: [u8; 3] = [220, 20, 30];
const BLUE: [u8; 3] = [20, 30, 220];

fn limits() -> Limits {
    Limits::default()
}

fn place() -> Place {
    Place { field: None, page: Some(1), rect: Some([72.0, 72.0, 240.0, 60.0]) }
}

/// A package that this person alone signs.
fn shared(owner: &Person) -> Package {
    let package = packages::create(&owner.session, "Loan", None, &limits()).unwrap();
    let input = Input::memory(small(1));
    let package = packages::add_document(&owner.session, &package.package_id, &input, "loan.pdf", &limits(), None).unwrap();
    let asked = Asked { user: &owner.name, order: 1, document_id: &package.documents[0].document_id, place: place() };
    packages::assign(&owner.session, &package.package_id, &asked, &limits()).unwrap();
    packages::share(&owner.session, &package.package_id, &limits()).unwrap()
}

/// Where pixels like that colour are on the first page: how many, and how many of them outside the signature's box.
fn seen(pdf: &[u8], colour: [u8; 3]) -> (usize, usize) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.pdf"), pdf).unwrap();
    let status = Command::new("pdftoppm").args(["-r", "72", "-singlefile", "a.pdf", "a"]).current_dir(folder.path()).status().unwrap();
    assert!(status.success());
    let ppm = std::fs::read(folder.path().join("a.ppm")).unwrap();
    let pixels = ppm.strip_prefix(b"P6\n612 792\n255\n").expect("a page of 612 x 792 pixels");
    let like = |pixel: &[u8]| pixel.iter().zip(colour).all(|(a, b)| a.abs_diff(b) < 40);
    let found: Vec<(usize, usize)> =
        pixels.chunks(3).enumerate().filter(|(_, pixel)| like(pixel)).map(|(at, _)| (at % 612, 791 - at / 612)).collect();
    let outside = found.iter().filter(|(x, y)| !(71..=312).contains(x) || !(71..=132).contains(y)).count();
    (found.len(), outside)
}

#[test]
fn the_picture_is_shown_in_the_signature_and_nowhere_else() {
    let (mut desk, people) = people(&["anna", "ben"]);
    let [anna, ben] = &people[..] else { panic!() };
    assert_eq!(signature_image::get(&anna.session, &limits()).unwrap_err().problem(), Some("signature-image-unknown"));
    signature_image::set(&anna.session, &png(40, 20, BLUE), &limits()).unwrap();
    let image = signature_image::set(&anna.session, &png(80, 40, RED), &limits()).unwrap();
    assert_eq!(signature_image::get(&anna.session, &limits()).unwrap(), image, "the later one, kept");
    assert_eq!(signature_image::file(&anna.session, &limits()).unwrap(), png(80, 40, RED), "the very bytes");
    assert_eq!(signature_image::get(&ben.session, &limits()).unwrap_err().kind(), ErrorKind::RecordNotFound, "each has the own one");
    let package = shared(anna);
    let look = Appearance { image: Some(image), ..Appearance::default() };
    let (_, signed) = anna.signs_showing(&package.documents[0], &place(), look).unwrap();
    let (count, outside) = seen(&signed, RED);
    assert!(count > 500 && outside == 0, "{count} pixels, {outside} outside");
    assert_eq!(seen(&signed, BLUE).0, 0);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pdf");
    std::fs::write(&path, &signed).unwrap();
    for (program, arguments, says) in
        [("pdfsig", "-nocert", "Signature is Valid"), ("qpdf", "--check", "No syntax"), ("pdftotext", "-layout", "")]
    {
        let out = Command::new(program).arg(arguments).arg(&path).args((program == "pdftotext").then_some("-")).output().unwrap();
        let said = String::from_utf8_lossy(&out.stdout);
        assert!(out.status.success() && said.contains(says), "{program}: {said}");
        assert!(program != "pdftotext" || said.contains("Signed by"), "{said}");
    }
    // Whoever does not ask for it signs without.
    let (_, plain) = anna.signs(&shared(anna).documents[0], &place()).unwrap();
    assert_eq!(seen(&plain, RED).0, 0);
    desk.restart();
    let kept = desk.authed(&anna.token, "GET", PATH, &Value::Null).json();
    assert_eq!(kept["image"], Base64::encode_string(&png(80, 40, RED)));
}

#[test]
fn another_picture_than_the_devices_is_not_signed() {
    let (_desk, people) = people(&["anna"]);
    let anna = &people[0];
    signature_image::set(&anna.session, &png(80, 40, BLUE), &limits()).unwrap();
    let package = shared(anna);
    let look = || Appearance { image: Some(Image::read(&png(80, 40, RED)).unwrap()), ..Appearance::default() };
    let error = anna.signs_showing(&package.documents[0], &place(), look()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PreparedRevisionRefused);
    signature_image::remove(&anna.session, &limits()).unwrap();
    signature_image::remove(&anna.session, &limits()).unwrap();
    let error = anna.signs_showing(&package.documents[0], &place(), look()).unwrap_err();
    assert_eq!(error.problem(), Some("signature-image-unknown"));
    let stands = packages::status(&anna.session, &package.package_id, &limits()).unwrap();
    assert_eq!(stands.documents[0].signatures, 0);
}

#[test]
fn what_is_no_small_sound_picture_is_refused_and_the_one_before_stays() {
    let (desk, people) = people(&["anna"]);
    let anna = &people[0];
    let before = signature_image::set(&anna.session, &png(8, 4, RED), &limits()).unwrap();
    let put = |file: &[u8]| {
        let answer = desk.authed(&anna.token, "PUT", PATH, &json!({"image": Base64::encode_string(file)}));
        (answer.status, answer.problem())
    };
    // Few bytes that claim many pixels.
    let mut bomb = png(8, 4, RED);
    bomb[16..24].copy_from_slice(&[0, 0, 0x1F, 0xFF, 0, 0, 0x1F, 0xFF]);
    let crc = crc32(&bomb[12..29]);
    bomb[29..33].copy_from_slice(&crc.to_be_bytes());
    let whole = png(60, 40, RED);
    let wrong = (422, "signature-image-refused".to_owned());
    for (what, file) in [
        ("a bomb", bomb.as_slice()),
        ("cut off", &whole[..whole.len() / 2]),
        ("nothing", b""),
        ("a script", b"<svg onload='alert(1)'/>"),
        ("a JPEG's head", b"\xFF\xD8\xFF\xE0"),
        ("a document", &small(1)),
    ] {
        assert_eq!(put(file), wrong, "{what}");
    }
    let too_large = (413, "too-large".to_owned());
    assert_eq!(put(&[png(8, 4, RED), vec![0; MAX_IMAGE]].concat()), too_large);
    assert_eq!(put(&vec![0; 2 << 20]), too_large, "more than any call may send");
    for body in [json!({}), json!({"image": "!"}), json!({"image": 7}), Value::Null] {
        assert_eq!(desk.authed(&anna.token, "PUT", PATH, &body).status, 400, "{body}");
    }
    assert_eq!(signature_image::get(&anna.session, &limits()).unwrap(), before);
    assert_eq!(signature_image::set(&anna.session, b"GIF89a", &limits()).unwrap_err().kind(), ErrorKind::InvalidArgument);
    for method in ["PUT", "GET", "DELETE"] {
        assert_eq!(desk.call(method, PATH, &[("X-API-Key", desk.key.as_str())], b"").status, 401, "{method}");
    }
}
