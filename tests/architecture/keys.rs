//! No exported function takes a bare digest to be signed, and none gives out a private key (docs/architecture.md, Keys).
//!
//! Takes what the C header and the Swift binding declare. Whatever could be a digest or key material (bytes of any kind, and text whose name says so)
//! must stand in `passing.txt` under the reason why it is neither; what is new fails until somebody has written the reason down. Two things no line
//! can permit: a digest into a function that signs, and private key material out of any function.

use super::declared::{Declared, Way, of_header, of_swift};
use super::root;
use std::collections::BTreeSet;
use std::fs;

const DIGEST: &[&str] = &["digest", "digests", "hash", "hashes", "hashed", "sha1", "sha256", "sha384", "sha512", "shown", "imprint"];
const PRIVATE: &[&str] = &["private", "pkcs8", "scalar", "seed", "secret", "export", "exported", "exponent"];
const KEY: &[&str] = &["key", "keys"];
/// Of functions that ask a key.
const SIGNING: &[&str] = &["sign", "answer", "attest", "prove", "authorize", "authorise", "approve"];

/// The words of a name, in either border's way of writing: `source_digest`, `sourceDigest`.
fn words(name: &str) -> Vec<String> {
    let mut spaced = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() {
            spaced.push('_');
        }
        spaced.extend(letter.to_lowercase());
    }
    spaced.split(['_', '.']).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn says(names: &[&str], of: &[&str]) -> bool {
    names.iter().flat_map(|name| words(name)).any(|word| of.contains(&word.as_str()))
}

/// The last part of an owner: its own name without the type's.
fn own(one: &Declared) -> &str {
    one.owner.rsplit('.').next().unwrap_or_default()
}

/// Whether bytes or text pass there.
fn carries(one: &Declared) -> (bool, bool) {
    let has = |wanted: &[&str]| one.kind.split(' ').any(|word| wanted.contains(&word));
    let pointer = one.kind.contains('*');
    let bytes = has(&["Data", "UInt8"])
        || (pointer && has(&["uint8_t", "thrivosign_buffer", "thrivosign_sink"]))
        || (pointer && has(&["void"]) && one.name != "context")
        || (pointer && has(&["char"]) && one.way == Way::Out);
    (bytes, has(&["String", "char"]))
}

/// Whether it could be a digest or key material.
fn suspect(one: &Declared) -> bool {
    if one.name == "self" {
        return false;
    }
    let (bytes, text) = carries(one);
    // A secret that comes out is worth a look in whatever form.
    let of_secret = one.way == Way::Out && (one.owner.starts_with("Secret.") || one.kind.starts_with("Secret"));
    let named: &[&str] = if one.way == Way::Out { &[own(one), &one.name] } else { &[&one.name] };
    bytes || of_secret || (text && (says(named, DIGEST) || says(named, PRIVATE) || says(&[&one.name], KEY)))
}

/// What no reason permits.
fn forbidden(one: &Declared) -> bool {
    let (bytes, text) = carries(one);
    if !bytes && !text {
        return false;
    }
    match one.way {
        Way::In => says(&[&one.name], DIGEST) && says(&[own(one)], SIGNING),
        // A function may be of a private key store; what it gives out may not be named one.
        Way::Out => says(&[own(one), &one.name], PRIVATE),
        Way::Member => false,
    }
}

fn title(one: &Declared) -> String {
    // What makes a value of its members says nothing new.
    let owner = one.owner.strip_suffix(".init").unwrap_or(&one.owner);
    match one.name.as_str() {
        "" if one.way == Way::Out => format!("{owner} ->"),
        "" => owner.to_owned(),
        name => format!("{owner}.{name}"),
    }
}

/// The reviewed list: a line that begins with a word is a reason, the indented ones below it are what it is the reason for.
fn reviewed(list: &str) -> BTreeSet<String> {
    let mut reason = "";
    let mut found = BTreeSet::new();
    for line in list.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        match line.strip_prefix("  ") {
            Some(name) => {
                assert!(!reason.is_empty(), "`{name}` stands under no reason");
                assert!(found.insert(name.trim().to_owned()), "`{name}` stands there twice");
            }
            None => reason = line,
        }
    }
    found
}

fn breaches(file: &str, all: &[Declared], list: &BTreeSet<String>) -> Vec<String> {
    let mut found = Vec::new();
    for one in all {
        let (title, kind) = (title(one), &one.kind);
        if forbidden(one) {
            found.push(format!("{file}:{}: `{title}` ({kind}) is a bare digest to be signed, or gives out a private key", one.line));
        } else if suspect(one) && !list.contains(&title) {
            found.push(format!("{file}:{}: `{title}` ({kind}) is in no line of tests/architecture/passing.txt", one.line));
        }
    }
    found
}

const HEADER: &str = "include/thrivosign.h";
const SWIFT: &str = "bindings/swift/ThrivoSign.swift";

fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap()
}

#[test]
fn no_bare_digest_goes_in_and_no_private_key_comes_out() {
    let list = reviewed(&read("tests/architecture/passing.txt"));
    let (header, swift) = (of_header(&read(HEADER)), of_swift(&read(SWIFT)));
    assert!(header.len() > 1_200 && swift.len() > 800, "only {} and {} values read", header.len(), swift.len());
    let found = [breaches(HEADER, &header, &list), breaches(SWIFT, &swift, &list)].concat();
    assert!(found.is_empty(), "{} values that nobody has looked at:\n{}", found.len(), found.join("\n"));
    let there: BTreeSet<String> = header.iter().chain(&swift).filter(|one| suspect(one)).map(title).collect();
    let gone: Vec<_> = list.difference(&there).collect();
    assert!(gone.is_empty(), "in tests/architecture/passing.txt and nowhere else: {gone:#?}");
}

/// Every symbol of the library is among what was read: a declaration in a form that the reader does not know would be one that nobody checks.
#[test]
fn every_exported_symbol_was_read() {
    let owners: BTreeSet<String> = of_header(&read(HEADER)).into_iter().map(|one| one.owner).collect();
    let symbols = read("tests/abi/symbols.txt");
    let symbols: Vec<&str> =
        symbols.lines().filter_map(|line| line.split_whitespace().find(|word| word.starts_with("thrivosign_"))).collect();
    assert!(symbols.len() > 350, "only {} symbols", symbols.len());
    let missed: Vec<_> = symbols.into_iter().filter(|symbol| !owners.contains(*symbol)).collect();
    assert!(missed.is_empty(), "{missed:?}");
}

/// Declarations that must fail, each beside one that must pass.
mod the_lint_lints {
    use super::{BTreeSet, breaches, of_header, of_swift, reviewed};

    fn c(text: &str, list: &[&str]) -> usize {
        breaches("h", &of_header(text), &list.iter().map(|name| (*name).to_owned()).collect()).len()
    }

    fn swift(text: &str, list: &[&str]) -> usize {
        breaches("s", &of_swift(text), &list.iter().map(|name| (*name).to_owned()).collect()).len()
    }

    #[test]
    fn a_digest_to_be_signed_is_found_in_c() {
        let planted = "THRIVOSIGN_NODISCARD\nstruct thrivosign_error *thrivosign_key_store_sign_hash(const struct thrivosign_key_store *self, \
                       const uint8_t *digest, size_t digest_size, struct thrivosign_buffer **out);";
        assert_eq!(c(planted, &[]), 2);
        // A line in the list does not help; another name for the bytes needs a line, and has to be looked at.
        assert_eq!(c(planted, &["thrivosign_key_store_sign_hash.digest", "thrivosign_key_store_sign_hash.out"]), 1);
        let renamed = planted.replace("*digest,", "*input,");
        assert_eq!(c(&renamed, &["thrivosign_key_store_sign_hash.out"]), 1);
        assert_eq!(c(&renamed, &["thrivosign_key_store_sign_hash.out", "thrivosign_key_store_sign_hash.input"]), 0);
        assert_eq!(c("int32_t thrivosign_x(const char *sha256_hex);", &[]), 1);
        assert_eq!(c("int32_t thrivosign_x(const void *blob);", &[]), 1);
        assert_eq!(
            c("typedef struct thrivosign_calls {\n int32_t (*sign)(void *context, const uint8_t *hash);\n} thrivosign_calls;", &[]),
            1
        );
        assert_eq!(c("typedef struct thrivosign_o {\n size_t struct_size;\n const uint8_t *shown_sha256;\n} thrivosign_o;", &[]), 1);
    }

    #[test]
    fn a_private_key_is_found_in_c() {
        let planted = "struct thrivosign_error *thrivosign_key_store_private_key(const struct thrivosign_key_store *self, struct thrivosign_buffer **out);";
        assert_eq!(c(planted, &["thrivosign_key_store_private_key.out"]), 1);
        let file =
            "struct thrivosign_error *thrivosign_key_store_file(const struct thrivosign_key_store *self, struct thrivosign_buffer **out);";
        assert_eq!((c(file, &[]), c(file, &["thrivosign_key_store_file.out"])), (1, 0));
        assert_eq!(c("const uint8_t *thrivosign_key_store_bytes(void);", &[]), 1);
        assert_eq!(c("void thrivosign_x_free(struct thrivosign_x *self);\nenum thrivosign_e { A = 1 };", &[]), 0);
        assert_eq!(
            c("#ifdef __cplusplus\nextern \"C\" {\n#endif\nvoid thrivosign_x(uint8_t *out);\n#ifdef __cplusplus\n}\n#endif", &[]),
            1
        );
    }

    #[test]
    fn both_are_found_in_swift() {
        let of = |member: &str| format!("open class Keys: KeysProtocol, @unchecked Sendable {{\n{member} {{\n  if a < b {{ c() }}\n}}\n}}");
        assert_eq!(swift(&of("open func signDigest(name: String, digest: Data)throws  -> Signature "), &["Keys.signDigest.digest"]), 1);
        assert_eq!(swift(&of("open func sign(name: String, message: Data)throws  -> Signature "), &["Keys.sign.message"]), 0);
        assert_eq!(swift(&of("open func sign(name: String, message: Data)throws  -> Signature "), &[]), 1);
        assert_eq!(swift(&of("open func exportKey(name: String)async throws  -> Data "), &["Keys.exportKey ->"]), 1);
        assert_eq!(swift(&of("open func keyFile(name: String)async throws  -> Data? "), &[]), 1);
        assert_eq!(swift(&of("public static func fromDigest(digest: String) -> Keys "), &[]), 1);
        assert_eq!(swift(&of("fileprivate func exportKey(name: String) -> Data "), &[]), 0);
        assert_eq!(swift(&of("open func names()  -> [String] "), &[]), 0);
        assert_eq!(swift("public protocol KeysProtocol: AnyObject {\n    func answer(hash: [UInt8]) -> Bool\n}", &["Keys.answer.hash"]), 1);
        assert_eq!(swift("public struct Options: Equatable {\n    public let shown: Data?\n    let inner: Data\n}", &[]), 1);
        assert_eq!(swift("public enum Look {\n    case picture(bytes: Data\n    )\n    case none\n}", &[]), 1);
        assert_eq!(swift("open class Secret: SecretProtocol {\nopen func text()  -> String  {\n}\n}", &[]), 1);
        assert_eq!(swift("public func signHash(_ hash: Data) -> Bool {\n}", &["signHash.hash"]), 1);
        assert_eq!(swift("public struct FfiConverterData {\n    public static func read(from buf: Data) throws -> Data {\n}\n}", &[]), 0);
    }

    #[test]
    fn a_list_has_reasons() {
        assert_eq!(reviewed("# what\nIt is public.\n  a.b\n  c ->\n"), BTreeSet::from(["a.b".to_owned(), "c ->".to_owned()]));
        assert!(std::panic::catch_unwind(|| reviewed("  a.b\n")).is_err());
        assert!(std::panic::catch_unwind(|| reviewed("Why.\n  a.b\n  a.b\n")).is_err());
    }
}
