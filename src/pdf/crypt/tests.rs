//! Encryption against documents that qpdf encrypts in every way it knows, and qpdf as the reader of what is written here.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests run an outside judge")]

use super::*;
use crate::error::ErrorKind;
use crate::pdf::append::Update;
use crate::pdf::object::{PdfString, Stream};
use crate::pdf::{Document, View};
use std::process::Command;

const PLAIN: &[&str] = &[
    "<</Type/Catalog/Pages 2 0 R/Metadata 6 0 R/Names<</EmbeddedFiles<</Names[(a.txt) 7 0 R]>>>>>>",
    "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R>>",
    "<</Length 10>>\nstream\n0 0 1 1 re\nendstream",
    "<</Title(Loan agreement)/Author<4142>/Empty()>>",
    "<</Type/Metadata/Subtype/XML/Length 6>>\nstream\n<xmp/>\nendstream",
    "<</Type/Filespec/F(a.txt)/EF<</F 8 0 R>>>>",
    "<</Type/EmbeddedFile/Length 5>>\nstream\nhello\nendstream",
];

fn plain() -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    for object in PLAIN {
        offsets.push(bytes.len());
        bytes.extend_from_slice(format!("{} 0 obj\n{object}\nendobj\n", offsets.len()).as_bytes());
    }
    let xref = bytes.len();
    bytes.extend_from_slice(format!("xref\n0 {}\n0000000000 65535 f \n", PLAIN.len() + 1).as_bytes());
    for offset in offsets {
        bytes.extend_from_slice(format!("{offset:010} 00000 n \n").as_bytes());
    }
    bytes.extend_from_slice(format!("trailer\n<</Size {}/Root 1 0 R/Info 5 0 R>>\nstartxref\n{xref}\n%%EOF\n", PLAIN.len() + 1).as_bytes());
    bytes
}

fn qpdf(input: &[u8], options: &[&str]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (folder.path().join("in.pdf"), folder.path().join("out.pdf"));
    std::fs::write(&from, input).unwrap();
    let run =
        Command::new("qpdf").args(["--allow-weak-crypto", "--warning-exit-0"]).args(options).arg(&from).arg(&to).output().expect("qpdf");
    assert!(run.status.success(), "qpdf {options:?}: {}", String::from_utf8_lossy(&run.stderr));
    std::fs::read(&to).unwrap()
}

/// What qpdf answers about a document.
fn ask(input: &[u8], options: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("in.pdf");
    std::fs::write(&file, input).unwrap();
    let run = Command::new("qpdf").args(options).arg(&file).output().expect("qpdf");
    let text = String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "qpdf {options:?}: {text}");
    text
}

/// Every kind: name of the method, qpdf's options behind `--encrypt user owner`.
const KINDS: &[(&str, i64, &[&str])] = &[
    ("rc4-40", 2, &["40"]),
    ("rc4-128", 3, &["128", "--use-aes=n"]),
    ("rc4-128", 4, &["128", "--use-aes=n", "--force-V4"]),
    ("aes-128", 4, &["128", "--use-aes=y"]),
    ("aes-128", 4, &["128", "--use-aes=y", "--cleartext-metadata"]),
    ("aes-256", 5, &["256", "--force-R5"]),
    ("aes-256", 6, &["256"]),
    ("aes-256", 6, &["256", "--cleartext-metadata"]),
];

fn encrypted(user: &str, owner: &str, kind: &[&str], more: &[&str]) -> Vec<u8> {
    let mut options = vec!["--encrypt", user, owner];
    options.extend_from_slice(kind);
    options.push("--");
    options.extend_from_slice(more);
    qpdf(&plain(), &options)
}

fn check_content(view: View<'_>) {
    let info = view.get_dict(view.trailer(), b"Info").unwrap().unwrap();
    assert_eq!(info.get(b"Title").unwrap().as_string(), Some(&b"Loan agreement"[..]));
    assert_eq!(info.get(b"Author").unwrap().as_string(), Some(&b"AB"[..]));
    assert_eq!(info.get(b"Empty").unwrap().as_string(), Some(&b""[..]));
    let catalog = view.catalog().unwrap();
    let data = |object: Object| view.stream_data(object.as_stream().unwrap()).unwrap();
    assert_eq!(data(view.get(&catalog, b"Metadata").unwrap()), b"<xmp/>");
    let page = view.page(0).unwrap();
    assert_eq!(data(view.get(&page.dict, b"Contents").unwrap()).trim_ascii(), b"0 0 1 1 re");
    let names = view.get_dict(&catalog, b"Names").unwrap().unwrap();
    let files = view.get_dict(&names, b"EmbeddedFiles").unwrap().unwrap();
    let file = view.resolve(&view.get_array(&files, b"Names").unwrap().unwrap()[1]).unwrap();
    assert_eq!(file.as_dict().unwrap().get(b"F").unwrap().as_string(), Some(&b"a.txt"[..]));
    let embedded = view.get_dict(file.as_dict().unwrap(), b"EF").unwrap().unwrap();
    assert_eq!(data(view.get(&embedded, b"F").unwrap()), b"hello");
}

fn kind_of(bytes: &[u8], password: Option<&[u8]>) -> ErrorKind {
    Document::open_with_password(&bytes.to_vec(), password).map(|_| ()).unwrap_err().kind()
}

#[test]
fn every_kind_opens_with_either_password_and_no_other() {
    for (method, revision, kind) in KINDS {
        for more in [&["--object-streams=disable"][..], &["--object-streams=generate"]] {
            let bytes = encrypted("user", "owner", kind, more);
            for (password, owner) in [(&b"user"[..], false), (b"owner", true)] {
                let document = Document::open_with_password(&bytes, Some(password)).unwrap();
                check_content(document.latest());
                let crypt = document.crypt().unwrap();
                assert_eq!((crypt.method().as_str(), crypt.revision(), crypt.is_owner()), (*method, *revision, owner), "{kind:?}");
            }
            assert_eq!(kind_of(&bytes, None), ErrorKind::PasswordRequired, "{kind:?}");
            for wrong in [&b""[..], b"User", b"user ", &[0xFF; 200]] {
                assert_eq!(kind_of(&bytes, Some(wrong)), ErrorKind::PasswordWrong, "{kind:?}");
            }
        }
    }
}

#[test]
fn an_empty_user_password_opens_without_asking() {
    for (_, _, kind) in KINDS {
        let bytes = encrypted("", "owner", kind, &[]);
        check_content(Document::open(&bytes).unwrap().latest());
        check_content(Document::open_with_password(&bytes, Some(b"")).unwrap().latest());
        assert!(!Document::open(&bytes).unwrap().crypt().unwrap().is_owner());
        assert_eq!(kind_of(&bytes, Some(b"wrong")), ErrorKind::PasswordWrong);
    }
}

#[test]
fn passwords_beyond_ascii_are_spelt_as_their_revision_wants() {
    for kind in [&["128", "--use-aes=y"][..], &["256"]] {
        let bytes = encrypted("p\u{E4}ss", "\u{F6}wner", kind, &[]);
        for password in ["p\u{E4}ss", "\u{F6}wner"] {
            check_content(Document::open_with_password(&bytes, Some(password.as_bytes())).unwrap().latest());
        }
    }
    // PDFDocEncoding has none of these characters; they must not be taken for the empty password.
    assert_eq!(
        kind_of(&encrypted("", "owner", &["128", "--use-aes=y"], &[]), Some("\u{5BC6}\u{7801}".as_bytes())),
        ErrorKind::PasswordWrong
    );
}

#[test]
fn what_is_appended_reads_back_and_qpdf_reads_it_too() {
    for (method, revision, kind) in KINDS {
        for more in [&["--object-streams=disable"][..], &["--object-streams=generate"]] {
            let original = encrypted("user", "owner", kind, more);
            let document = Document::open_with_password(&original, Some(b"user")).unwrap();
            let view = document.latest();
            let mut update = Update::new(view).unwrap();
            let nested =
                Object::Array(vec![Object::string(*b"deep"), Object::Dictionary(Dictionary::new().with(b"K", Object::string(*b"deeper")))]);
            let contents = PdfString { bytes: vec![0x30, 0x80, 0, 0], hex: true };
            let signature = update.add(
                Dictionary::new()
                    .with(b"Type", Object::name("Sig"))
                    .with(b"Reason", Object::string(*b"I agree"))
                    .with(b"ByteRange", vec![Object::Integer(0); 4])
                    .with(b"Contents", Object::String(contents.clone())),
            );
            let stream = update.add_stream(Dictionary::new().with(b"Note", Object::string(*b"in a stream")), b"stored bytes".to_vec());
            let metadata = update.add_stream(Dictionary::new().with(b"Type", Object::name("Metadata")), b"<other/>".to_vec());
            let holder = update.add(Dictionary::new().with(b"Nested", nested.clone()));
            let appended = update.finish([9; 16]).unwrap();
            let tail = String::from_utf8_lossy(&appended.bytes).into_owned();
            assert!(tail.contains("<30800000>"), "{method}: the signature's /Contents stands in the clear");
            assert!(!tail.contains("I agree") && !tail.contains("stored bytes") && !tail.contains("deeper"), "{method}: the rest does not");
            assert_eq!(tail.contains("<other/>"), kind.contains(&"--cleartext-metadata"));
            let bytes = [original.as_slice(), &appended.bytes].concat();

            let document = Document::open_with_password(&bytes, Some(b"owner")).unwrap();
            let view = document.latest();
            check_content(view);
            let read = view.object(signature).unwrap();
            let dict = read.object.as_dict().unwrap();
            assert_eq!(dict.get(b"Contents"), Some(&Object::String(contents)));
            assert_eq!(dict.get(b"Reason").unwrap().as_string(), Some(&b"I agree"[..]));
            assert_eq!(view.object(holder).unwrap().object.as_dict().unwrap().get(b"Nested"), Some(&nested));
            for (id, expected) in [(stream, &b"stored bytes"[..]), (metadata, b"<other/>")] {
                assert_eq!(view.stream_data(view.object(id).unwrap().object.as_stream().unwrap()).unwrap(), expected);
            }

            let show = |id: ObjectId, data: bool| {
                let mut options = vec!["--password=user".to_owned(), format!("--show-object={}", id.number)];
                options.extend(data.then(|| "--raw-stream-data".to_owned()));
                ask(&bytes, &options.iter().map(String::as_str).collect::<Vec<_>>())
            };
            assert!(show(signature, false).contains("(I agree)"), "{method} R{revision}: {}", show(signature, false));
            assert!(show(signature, false).contains("<30800000>"));
            assert!(show(holder, false).contains("(deeper)"));
            assert!(show(stream, true).contains("stored bytes"));
            assert!(show(metadata, true).contains("<other/>"), "{method} {kind:?}");
        }
    }
}

#[test]
fn permissions_are_read() {
    let of = |options: &[&str]| Document::open(&encrypted("", "owner", options, &[])).unwrap().crypt().unwrap().permissions();
    let all = of(&["256"]);
    assert!(all.print() && all.modify() && all.copy() && all.annotate() && all.fill_forms() && all.create_fields() && all.assemble());
    let none = of(&["256", "--modify=none", "--print=none", "--extract=n"]);
    assert!(
        !(none.print() || none.modify() || none.copy() || none.annotate() || none.fill_forms() || none.create_fields() || none.assemble())
    );
    let form = of(&["128", "--use-aes=y", "--modify=form"]);
    assert!(form.fill_forms() && !form.create_fields() && !form.annotate());
}

fn unlock(dict: &Dictionary, password: Option<&[u8]>) -> Result<Crypt> {
    Crypt::unlock(&Object::Dictionary(dict.clone()), b"0123456789abcdef", password)
}

#[test]
fn identity_and_named_filters_are_obeyed_and_unknown_ones_refused() {
    let bytes = encrypted("", "owner", &["128", "--use-aes=y"], &[]);
    let document = Document::open(&bytes).unwrap();
    let view = document.latest();
    let encrypt = view.get_dict(view.trailer(), b"Encrypt").unwrap().unwrap();
    let id = view.get_array(view.trailer(), b"ID").unwrap().unwrap()[0].as_string().unwrap().to_vec();
    let open = |dict: Dictionary| Crypt::unlock(&Object::Dictionary(dict), &id, None);
    let at = ObjectId::new(4, 0);

    let identity = open(encrypt.clone().with(b"StmF", Object::name("Identity"))).unwrap();
    assert_eq!(identity.decrypt_stream(at, &Dictionary::new(), b"clear".to_vec()).unwrap(), b"clear");
    assert_eq!(identity.method(), "identity");
    let standard = open(encrypt.clone()).unwrap();
    let own = Dictionary::new().with(b"Filter", vec![Object::name("Crypt")]);
    assert_eq!(standard.decrypt_stream(at, &own, b"clear".to_vec()).unwrap(), b"clear", "a /Crypt filter without a name is Identity");
    let named = own.clone().with(b"DecodeParms", vec![Object::Dictionary(Dictionary::new().with(b"Name", Object::name("StdCF")))]);
    let sealed = standard.encrypt_stream(at, &named, b"sealed".to_vec()).unwrap();
    assert_ne!(sealed, b"sealed");
    assert_eq!(standard.decrypt_stream(at, &Dictionary::new(), sealed).unwrap(), b"sealed");
    assert_eq!(standard.decrypt_stream(at, &Dictionary::new(), vec![1; 33]).unwrap_err().kind(), ErrorKind::PdfDamaged);

    let refused = |dict: Dictionary| open(dict).map(|_| ()).unwrap_err().kind();
    assert_eq!(refused(encrypt.clone().with(b"StmF", Object::name("Other"))), ErrorKind::EncryptionUnsupported);
    let filters = |method: &str| Dictionary::new().with(b"StdCF", Dictionary::new().with(b"CFM", Object::name(method)));
    for method in ["None", "AESV9", "Identity"] {
        assert_eq!(refused(encrypt.clone().with(b"CF", filters(method))), ErrorKind::EncryptionUnsupported, "{method}");
    }
    assert_eq!(refused(encrypt.clone().with(b"Filter", Object::name("Adobe.PubSec"))), ErrorKind::EncryptionUnsupported);
    for (version, revision) in [(0, 2), (3, 3), (4, 6), (6, 6), (5, 7), (-1, -1)] {
        assert_eq!(refused(encrypt.clone().with(b"V", version).with(b"R", revision)), ErrorKind::EncryptionUnsupported);
    }
    for key in ["O", "U", "P", "R"] {
        let mut dict = encrypt.clone();
        dict.remove(key);
        assert_eq!(refused(dict), ErrorKind::PdfDamaged, "{key}");
    }
    for length in [0, -8, 7, 136, i64::MAX, i64::MIN] {
        let dict = encrypt.clone().with(b"V", 2).with(b"R", 3).with(b"Length", length);
        assert_eq!(refused(dict), ErrorKind::PdfDamaged, "{length}");
    }
    // The permissions are part of the key: changing them locks the document.
    assert_eq!(refused(encrypt.clone().with(b"P", -1)), ErrorKind::PasswordRequired);
}

#[test]
fn changed_permissions_of_aes_256_are_damage() {
    let bytes = encrypted("user", "owner", &["256", "--modify=none"], &[]);
    let document = Document::open_with_password(&bytes, Some(b"user")).unwrap();
    let view = document.latest();
    let encrypt = view.get_dict(view.trailer(), b"Encrypt").unwrap().unwrap();
    assert!(unlock(&encrypt, Some(b"user")).is_ok());
    let changed = encrypt.clone().with(b"P", -4);
    assert_eq!(unlock(&changed, Some(b"user")).map(|_| ()).unwrap_err().kind(), ErrorKind::PdfDamaged);
    for (key, length) in [("O", 10), ("U", 47), ("OE", 31), ("UE", 0), ("Perms", 15)] {
        let short = encrypt.clone().with(key, Object::string(vec![1; length]));
        assert_eq!(unlock(&short, Some(b"user")).map(|_| ()).unwrap_err().kind(), ErrorKind::PdfDamaged, "{key}");
    }
}

#[test]
fn the_dictionary_itself_and_xref_streams_are_spared() {
    let bytes = encrypted("", "owner", &["256"], &["--object-streams=generate"]);
    let document = Document::open(&bytes).unwrap();
    let view = document.latest();
    let id = view.trailer().get(b"Encrypt").unwrap().as_reference().unwrap();
    let encrypt = view.object(id).unwrap();
    assert_eq!(encrypt.object.as_dict().unwrap().get(b"U").unwrap().as_string().unwrap().len(), 48);
    assert!(unlock(encrypt.object.as_dict().unwrap(), None).is_ok(), "read as it stands");
    let crypt = document.crypt().unwrap();
    let dict = Dictionary::new().with(b"Type", Object::name("XRef")).with(b"ID", vec![Object::string(*b"id")]);
    let mut xref = Object::from(Stream { dict: dict.clone(), data: crate::pdf::StreamData::Bytes(vec![1, 2]), id: None });
    let before = xref.clone();
    crypt.decrypt_strings(ObjectId::new(9, 0), &mut xref).unwrap();
    assert_eq!(xref, before);
    assert_eq!(crypt.decrypt_stream(ObjectId::new(9, 0), &dict, vec![1, 2]).unwrap(), [1, 2]);
}

/// Every stream says that it has another length; as many digits as before, so that nothing moves.
fn with_wrong_lengths(bytes: &[u8], digit: u8) -> Vec<u8> {
    let mut wrong = bytes.to_vec();
    let starts: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at..].starts_with(b">>\nstream\n")).collect();
    assert!(starts.len() >= 3);
    for start in starts {
        let word = b"/Length ";
        let at = (0..start).rev().find(|at| bytes[*at..].starts_with(word)).unwrap() + word.len();
        for place in wrong[at..].iter_mut().take_while(|c| c.is_ascii_digit()) {
            *place = digit;
        }
    }
    wrong
}

#[test]
fn a_wrong_length_is_told_by_what_is_decrypted() {
    use crate::pdf::recover::{Repair, recover};
    for (_, _, kind) in KINDS {
        for (compressed, digit) in [("y", b'0'), ("y", b'9'), ("n", b'9')] {
            let compressing = format!("--compress-streams={compressed}");
            let more = ["--object-streams=disable", "--newline-before-endstream", &compressing];
            let whole = encrypted("user", "owner", kind, &more);
            let bytes = with_wrong_lengths(&whole, digit);
            let recovered = recover(&bytes, Some(b"user"));
            // Of ciphertext without padding around plain text nothing tells whether its last byte is the line end.
            let rc4 = kind[0] == "40" || kind.contains(&"--use-aes=n");
            if rc4 && compressed == "n" {
                let error = recovered.err().unwrap();
                assert_eq!(error.context_text(), Some("the end of an encrypted stream cannot be told"), "{kind:?}");
                continue;
            }
            let document = recovered.unwrap_or_else(|error| panic!("{kind:?} {compressed} {digit}: {error}"));
            assert_eq!(document.repair(), Repair::Appended);
            check_content(document.latest());
            let update = Update::new(document.latest()).unwrap().finish([7; 16]).unwrap();
            let signed = [bytes.as_slice(), &update.bytes].concat();
            check_content(Document::open_with_password(&signed, Some(b"user")).unwrap().latest());
            assert!(ask(&signed, &["--check", "--password=user"]).contains("No syntax or stream encoding errors"), "{kind:?}");
        }
    }
}

/// Ciphertext that ends in what looks like a line end.
#[test]
fn a_last_byte_that_looks_like_a_line_end_is_data() {
    use crate::pdf::recover::recover;
    let original = encrypted("", "owner", &["128", "--use-aes=y"], &["--object-streams=disable"]);
    let document = Document::open(&original).unwrap();
    let content = document.latest().page(0).unwrap().dict.get(b"Contents").unwrap().as_reference().unwrap();
    let (mut met, mut tries) = (0, 0);
    while met < 3 {
        tries += 1;
        assert!(tries < 5_000, "one in 128 ends so");
        let mut update = Update::new(document.latest()).unwrap();
        let data = crate::pdf::StreamData::Bytes(b"1 1 2 2 re".to_vec());
        update.replace(content, Object::from(Stream { dict: Dictionary::new(), data, id: None }));
        let appended = update.finish([7; 16]).unwrap().bytes;
        let end = appended.windows(10).position(|w| w == b"\nendstream").unwrap();
        if !matches!(appended[end - 1], b'\r' | b'\n') {
            continue;
        }
        met += 1;
        let wrong = with_wrong_lengths(&[original.as_slice(), &appended].concat(), b'9');
        let recovered = recover(&wrong, None).unwrap();
        let read = recovered.latest().object(content).unwrap();
        assert_eq!(recovered.latest().stream_data(read.object.as_stream().unwrap()).unwrap(), b"1 1 2 2 re");
    }
}
