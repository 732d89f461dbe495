//! A sound body, and the fuzzer's bytes as its last cross-reference section, table or stream: everything that the section leads to is read.

use crate::frame::walk;
use thrivosign::pdf::Document;

const BODY: &[u8] = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n\
1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n\
2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n\
3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]>>\nendobj\n\
4 0 obj\n<</Type/ObjStm/N 2/First 8/Length 20>>\nstream\n5 0 6 5 (ab) <<>>   \nendstream\nendobj\n\
xref\n0 5\n0000000000 65535 f \n0000000015 00000 n \n0000000060 00000 n \n0000000111 00000 n \n0000000176 00000 n \n\
trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n268\n%%EOF\n";

pub(crate) fn check(data: &[u8]) {
    let mut file = BODY.to_vec();
    let at = file.len();
    file.extend_from_slice(data);
    file.extend_from_slice(format!("\nstartxref\n{at}\n%%EOF\n").as_bytes());
    let Ok(document) = Document::open(&file) else { return };
    assert!(document.revisions().len() <= thrivosign::limits::MAX_REVISIONS);
    for revision in 0..document.revisions().len() {
        for section in document.sections(revision) {
            let mut entries = 0_usize;
            let _ = section.for_each(&file, document.budget(), |_, _| {
                entries += 1;
                Ok(())
            });
            // An entry takes bytes: of a table at least 18, of a stream at least one, which may be packed a thousandfold.
            assert!(entries <= file.len() * 1_100, "more entries than bytes can hold");
        }
    }
    walk(&document);
}
