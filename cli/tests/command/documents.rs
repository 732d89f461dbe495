//! Documents by hand, sound and damaged.

use crate::bench::Bench;

/// A document from objects numbered as given, with a table. `trailer` is put into its trailer.
pub(crate) fn write(objects: &[(usize, &str)], trailer: &str) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut offsets = Vec::new();
    for (number, body) in objects {
        offsets.push((*number, bytes.len()));
        bytes.extend_from_slice(format!("{number} 0 obj\n{body}\nendobj\n").as_bytes());
    }
    let size = objects.iter().map(|(n, _)| n + 1).max().unwrap_or(1);
    let xref = bytes.len();
    bytes.extend_from_slice(format!("xref\n0 {size}\n0000000000 65535 f \n").as_bytes());
    for number in 1..size {
        match offsets.iter().find(|(n, _)| *n == number) {
            Some((_, at)) => bytes.extend_from_slice(format!("{at:010} 00000 n \n").as_bytes()),
            None => bytes.extend_from_slice(b"0000000000 00000 f \n"),
        }
    }
    let size = if trailer.contains("/Size") { String::new() } else { format!("/Size {size}") };
    bytes.extend_from_slice(format!("trailer\n<<{size}/Root 1 0 R/ID[<01><02>]{trailer}>>\nstartxref\n{xref}\n%%EOF\n").as_bytes());
    bytes
}

const CONTENT: &str = "<</Length 64>>\nstream\nBT /F1 12 Tf 72 720 Td (The borrower repays 100 rupees.) Tj ET  \nendstream";
const PAGE: &str = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>/Annots[7 0 R]>>";

/// One page with a line of text, and a text field named `amount`.
fn agreement_with(catalog: &str, page: &str, trailer: &str) -> Vec<u8> {
    write(
        &[
            (1, &format!("<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R{catalog}>>")),
            (2, "<</Type/Pages/Kids[3 0 R]/Count 1>>"),
            (3, page),
            (4, CONTENT),
            (5, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"),
            (6, "<</Fields[7 0 R]/DA(/Helv 0 Tf 0 g)/DR<</Font<</Helv 5 0 R>>>>>>"),
            (7, "<</Type/Annot/Subtype/Widget/FT/Tx/T(amount)/V(100)/Rect[300 400 400 420]/F 4/AP<</N 8 0 R>>>>"),
            (8, "<</Type/XObject/Subtype/Form/BBox[0 0 100 20]/Length 25>>\nstream\nBT /Helv 9 Tf (100) Tj ET\nendstream"),
        ],
        trailer,
    )
}

/// The sound one.
pub(crate) fn agreement() -> Vec<u8> {
    agreement_with("", PAGE, "")
}

/// A sound document with a stream of that many bytes that nothing refers to.
pub(crate) fn padded(len: usize) -> Vec<u8> {
    let stream = format!("<</Length {len}>>\nstream\n{}\nendstream", "x".repeat(len));
    write(
        &[
            (1, "<</Type/Catalog/Pages 2 0 R>>"),
            (2, "<</Type/Pages/Kids[3 0 R]/Count 1>>"),
            (3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"),
            (4, &stream),
        ],
        "",
    )
}

/// No page in its tree.
pub(crate) fn without_pages() -> Vec<u8> {
    write(&[(1, "<</Type/Catalog/Pages 2 0 R>>"), (2, "<</Type/Pages/Kids[]/Count 0>>")], "")
}

fn nest(depth: usize) -> String {
    format!("{}{}", "[".repeat(depth), "]".repeat(depth))
}

/// Arrays within arrays in an object that signing, verifying and inspecting read.
pub(crate) fn nested_in_page(depth: usize) -> Vec<u8> {
    agreement_with("", &PAGE.replace("/Annots[7 0 R]", &format!("/Annots {}", nest(depth))), "")
}

/// The same in the trailer, which is read before anything else.
pub(crate) fn nested_in_trailer(depth: usize) -> Vec<u8> {
    agreement_with("", PAGE, &format!("/Odd {}", nest(depth)))
}

/// The same in the catalog.
pub(crate) fn nested_in_catalog(depth: usize) -> Vec<u8> {
    agreement_with(&format!("/Odd {}", nest(depth)), PAGE, "")
}

/// `/Prev` names the table itself.
pub(crate) fn xref_loop() -> Vec<u8> {
    // The number of digits does not depend on the number: it has ten.
    let plain = agreement_with("", PAGE, "/Prev 0000000000");
    let at = plain.windows(5).rposition(|w| w == b"xref\n" || w == b"\nxref").unwrap();
    let xref = plain[..at].windows(5).rposition(|w| w == b"\nxref").unwrap() + 1;
    let text = String::from_utf8_lossy(&plain[xref..]).replace("/Prev 0000000000", &format!("/Prev {xref:010}"));
    [&plain[..xref], text.as_bytes()].concat()
}

/// Two tables that name each other.
pub(crate) fn xref_loop_of_two() -> Vec<u8> {
    let first = agreement_with("", PAGE, "/Prev 0000000000");
    let text = |bytes: &[u8]| {
        String::from_utf8_lossy(bytes).rsplit("startxref\n").next().unwrap().lines().next().unwrap().parse::<usize>().unwrap()
    };
    let (older, newer) = (text(&first), first.len());
    let loops = String::from_utf8_lossy(&first[older..]).replace("/Prev 0000000000", &format!("/Prev {newer:010}"));
    let update = format!("xref\n0 0\ntrailer\n<</Size 9/Root 1 0 R/Prev {older}>>\nstartxref\n{newer}\n%%EOF\n");
    [&first[..older], loops.as_bytes(), update.as_bytes()].concat()
}

/// A number of objects that nobody may believe.
pub(crate) fn huge_size() -> Vec<u8> {
    agreement_with("", PAGE, "/Size 4000000000")
}

/// The same, in a cross-reference stream with an `/Index` to match.
pub(crate) fn huge_size_of_stream() -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n".to_vec();
    let at = bytes.len();
    let entries = [[0_u8, 0, 0], [1, 0, 9], [1, 0, 54], [1, 0, u8::try_from(at).unwrap()]].concat();
    let head =
        format!("3 0 obj\n<</Type/XRef/Size 4000000000/Index[0 4000000000]/W[1 2 0]/Root 1 0 R/Length {}>>\nstream\n", entries.len());
    bytes.extend_from_slice(head.as_bytes());
    bytes.extend_from_slice(&entries);
    bytes.extend_from_slice(format!("\nendstream\nendobj\nstartxref\n{at}\n%%EOF\n").as_bytes());
    bytes
}

/// The agreement encrypted with AES-256: user password `user`, owner password `owner`; `None` without the qpdf command.
pub(crate) fn encrypted(user: &str) -> Option<Vec<u8>> {
    let bench = Bench::with(&[("plain.pdf", &agreement())]);
    let mut qpdf = bench.in_folder("qpdf");
    let made = qpdf.args(["--encrypt", user, "owner", "256", "--", "plain.pdf", "locked.pdf"]).output().ok()?;
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    Some(bench.read("locked.pdf"))
}

#[test]
fn the_sound_document_is_sound() {
    let bench = Bench::with(&[("a.pdf", &agreement())]);
    let Ok(checked) = bench.in_folder("qpdf").args(["--check", "a.pdf"]).output() else {
        return crate::bench::skip("qpdf is not installed");
    };
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
}
