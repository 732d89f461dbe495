//! The room `journey`: many documents before one judge, and what a signer saw handed over.

use super::extract::extract_signed_revision;
use super::input::Input;
use super::output::Target;
use super::read::Judging;
use super::retry::Limits;
use super::verify::{BatchOptions, BatchProgress, BatchSummary, Order, verify_batch, verify_each};
use crate::cancel::{CancelToken, Progress};
use crate::error::{Error, ErrorKind, Result};
use crate::pdf::{Document, Rect, Source};
use crate::pki::trust::TrustAnchors;
use crate::sign::testing::{Signer, Style, document, now, plain};
use crate::sign::{Placement, SignatureRequest};
use crate::verify::{ChangeKind, Coverage, Kind, Policy, Report, VerifyOptions, diff, signatures, verify};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Mutex;

fn trust(signer: &Signer) -> TrustAnchors {
    signer.identity.chain().last().cloned().into_iter().collect()
}

fn judging(trust: &TrustAnchors) -> Judging<'_> {
    Judging { trust, time: Some(now()), policy: Policy::default(), password: None, evidence: None }
}

fn visible() -> SignatureRequest {
    let placement = Placement::Visible { page: 2, rect: Rect::new(300.0, 60.0, 550.0, 120.0) };
    SignatureRequest { placement, ..SignatureRequest::new(now()) }
}

/// Signed, and signed again on its second page.
fn twice(signer: &Signer) -> (Vec<u8>, Vec<u8>) {
    let once = signer.sign(&plain(Style::Table), &SignatureRequest::new(now())).unwrap();
    let twice = signer.sign(&once, &visible()).unwrap();
    (once, twice)
}

/// A folder with `good` documents of one signer, an unsigned one, one that is no PDF, and the name of one that is not there.
fn folder(signer: &Signer, good: usize) -> (tempfile::TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    let mut put = |name: String, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        files.push(path);
    };
    for n in 0..good {
        let page = document(if n % 2 == 0 { Style::Table } else { Style::Stream }, &format!("/Lang(n{n})"), "", &[]);
        let mut signed = signer.sign(&page, &SignatureRequest::new(now())).unwrap();
        if n % 5 == 4 {
            signed.extend_from_slice(b"more");
        }
        put(format!("{n}.pdf"), &signed);
        if n == 1 {
            put("unsigned.pdf".into(), &page);
            put("text.pdf".into(), b"no PDF");
        }
    }
    files.insert(3, folder.path().join("missing.pdf"));
    (folder, files)
}

type Heard = Vec<(usize, Result<Report>)>;

fn batch(files: &[PathBuf], signer: &Signer, options: BatchOptions<'_>, limits: &Limits, stop_at: usize) -> (BatchSummary, Heard) {
    let trust = trust(signer);
    let mut heard = Heard::new();
    let summary = verify_batch(files, &judging(&trust), options, limits, &mut |index, outcome| {
        heard.push((index, outcome));
        if heard.len() == stop_at { Err(Error::new(ErrorKind::OutputUnwritable)) } else { Ok(()) }
    });
    (summary, heard)
}

#[test]
fn each_file_is_told_once_and_none_stops_another() {
    let signer = Signer::p256();
    let (_folder, files) = folder(&signer, 40);
    for (jobs, order) in [(1, Order::Listed), (4, Order::Listed), (4, Order::AsTheyCome)] {
        let last = Mutex::new(BatchProgress::default());
        let watch = |now: BatchProgress| {
            let mut last = last.lock().unwrap();
            assert!(now.files <= now.files_total && now.bytes <= now.bytes_total);
            *last = BatchProgress { files: last.files.max(now.files), bytes: last.bytes.max(now.bytes), ..now };
        };
        let options = BatchOptions { jobs: NonZeroUsize::new(jobs), order, watch: Some(&watch) };
        let (summary, mut heard) = batch(&files, &signer, options, &Limits::default(), usize::MAX);
        if order == Order::AsTheyCome {
            heard.sort_by_key(|(index, _)| *index);
        }
        assert!(heard.iter().map(|(index, _)| *index).eq(0..files.len()), "{order:?}");
        assert_eq!((summary.clean, summary.not_clean, summary.unsigned, summary.failed, summary.left), (32, 8, 1, 2, 0));
        assert!(summary.stopped.is_none());
        // One signer, one chain: computed once, or at most once by each thread that began at the same moment.
        assert!((1..=jobs).contains(&summary.chains_validated), "{}", summary.chains_validated);
        let last = *last.lock().unwrap();
        assert_eq!((last.files, last.bytes), (last.files_total, last.bytes_total));
        for (index, outcome) in heard {
            let name = files[index].file_name().unwrap().to_string_lossy().into_owned();
            match (name.as_str(), outcome) {
                ("missing.pdf", Err(error)) => assert_eq!(error.kind(), ErrorKind::SourceUnreadable),
                ("text.pdf", Err(error)) => assert_eq!(error.kind(), ErrorKind::NotPdf),
                ("unsigned.pdf", Ok(report)) => assert!(report.signatures.is_empty() && !report.clean),
                (name, Ok(report)) => {
                    assert_eq!(report.clean, name.strip_suffix(".pdf").unwrap().parse::<u32>().unwrap() % 5 != 4, "{name}")
                }
                (name, Err(error)) => panic!("{name}: {error}"),
            }
        }
    }
}

#[test]
fn the_reports_are_those_of_one_file_alone() {
    let signer = Signer::p256();
    let (_folder, files) = folder(&signer, 6);
    let trust = trust(&signer);
    let (_, heard) = batch(&files, &signer, BatchOptions::default(), &Limits::default(), usize::MAX);
    let options = VerifyOptions { trust: &trust, time: now(), policy: Policy::default(), password: None, evidence: None };
    for (index, outcome) in heard {
        let Ok(report) = outcome else { continue };
        let alone = verify(&std::fs::read(&files[index]).unwrap(), &options, &Progress::default()).unwrap();
        assert_eq!(report.to_json().unwrap(), alone.to_json().unwrap());
    }
}

#[test]
fn the_whole_can_be_stopped() {
    let signer = Signer::p256();
    let (_folder, files) = folder(&signer, 12);
    for order in [Order::Listed, Order::AsTheyCome] {
        let options = BatchOptions { jobs: NonZeroUsize::new(3), order, watch: None };
        let (summary, heard) = batch(&files, &signer, options, &Limits::default(), 4);
        assert_eq!((heard.len(), summary.left), (4, files.len() - 4));
        assert_eq!(summary.stopped.unwrap().kind(), ErrorKind::OutputUnwritable);
        let cancel = CancelToken::new();
        cancel.cancel();
        let (summary, heard) = batch(&files, &signer, options, &Limits { cancel, ..Limits::default() }, usize::MAX);
        assert_eq!((heard.len(), summary.left, summary.stopped.unwrap().kind()), (0, files.len(), ErrorKind::Cancelled));
    }
}

#[test]
fn a_failure_of_our_own_is_one_outcome() {
    let signer = Signer::p256();
    let trust = trust(&signer);
    let (once, _) = twice(&signer);
    let open = |index: usize| match index {
        3 => panic!("a source of the host's that gives up"),
        _ => Ok(Input::memory(once.clone())),
    };
    let mut heard = Vec::new();
    let options = BatchOptions { jobs: NonZeroUsize::new(2), ..BatchOptions::default() };
    let summary = verify_each(&[once.len() as u64; 8], &open, &judging(&trust), options, &Limits::default(), &mut |index, outcome| {
        heard.push((index, outcome.map(|report| report.clean).map_err(|error| error.kind())));
        Ok(())
    });
    assert_eq!((summary.clean, summary.failed, summary.left), (7, 1, 0));
    let expected = |index| if index == 3 { Err(ErrorKind::Panicked) } else { Ok(true) };
    assert!(heard.into_iter().eq((0..8).map(|index| (index, expected(index)))));
}

#[test]
fn what_a_signer_saw() {
    let signer = Signer::p256();
    let (once, twice) = twice(&signer);
    let folder = tempfile::tempdir().unwrap();
    let (whole, part) = (folder.path().join("whole.pdf"), folder.path().join("part.pdf"));
    std::fs::write(&whole, &twice).unwrap();
    std::fs::write(&part, "old").unwrap();
    let input = Input::open(&whole).unwrap();
    let extract = |index, target: Target<'_>| extract_signed_revision(&input, index, None, target, &Limits::default(), None);
    let done = extract(0, Target::file(&part)).unwrap();
    assert_eq!((done.field.as_str(), done.revision, done.size), ("Signature1", 2, once.len() as u64));
    assert_eq!(std::fs::read(&part).unwrap(), once);
    let mut memory = Vec::new();
    extract(1, Target::Memory(&mut memory)).unwrap();
    assert_eq!(memory, twice);
    // What stands alone is judged alone: the first signature covers all of its own document.
    let trust = trust(&signer);
    let options = VerifyOptions { trust: &trust, time: now(), policy: Policy::default(), password: None, evidence: None };
    let report = verify(&once, &options, &Progress::default()).unwrap();
    assert!(report.clean && report.signatures[0].coverage == Coverage::WholeFile);

    assert_eq!(extract(2, Target::file(&part)).unwrap_err().kind(), ErrorKind::InvalidArgument);
    assert_eq!(extract(0, Target::file(&whole)).unwrap_err().kind(), ErrorKind::OutputIsInput);
    assert_eq!(std::fs::read(&part).unwrap(), once);
    assert_eq!(std::fs::read(&whole).unwrap(), twice);
    let mut names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["part.pdf", "whole.pdf"]);
    // A signature that covers no revision has none to give.
    let at = twice.windows(10).position(|w| w == b"/ByteRange").unwrap();
    let mut broken = twice.clone();
    assert_eq!(broken[at + 10..at + 13], *b"[0 ");
    broken[at + 11] = b'1';
    let error =
        extract_signed_revision(&Input::memory(broken), 0, None, Target::Memory(&mut memory), &Limits::default(), None).unwrap_err();
    assert_eq!((error.kind(), error.context_text()), (ErrorKind::PdfDamaged, Some("byte_range_mismatch")));
}

/// A view of the same bytes, not a copy: what is read is what lies before its end.
#[test]
fn a_signed_revision_ends_where_it_ends() {
    let signer = Signer::p256();
    let (once, twice) = twice(&signer);
    let document = Document::open(&twice).unwrap();
    let view = crate::verify::extract_signed_revision(&document, 0).unwrap();
    let end = once.len() as u64;
    assert_eq!(view.len(), end);
    let mut buffer = [0; 16];
    assert_eq!(view.read_at(end - 4, &mut buffer).unwrap(), 4);
    assert_eq!(buffer[..4], once[once.len() - 4..]);
    assert_eq!((view.read_at(end, &mut buffer).unwrap(), view.read_at(u64::MAX, &mut buffer).unwrap()), (0, 0));
    assert_eq!(Document::open(&view).unwrap().revisions().len(), 2);
}

#[test]
fn the_diff_is_what_the_report_says() {
    let signer = Signer::p256();
    let (_, twice) = twice(&signer);
    let mut appended = twice.clone();
    appended.extend_from_slice(b"more");
    let trust = trust(&signer);
    let options = VerifyOptions { trust: &trust, time: now(), policy: Policy::default(), password: None, evidence: None };
    for (file, kinds) in [
        (&twice, [vec![ChangeKind::SignatureAdded], vec![ChangeKind::None]]),
        (&appended, [vec![ChangeKind::SignatureAdded, ChangeKind::TrailingBytes], vec![ChangeKind::TrailingBytes]]),
    ] {
        let report = verify(file, &options, &Progress::default()).unwrap();
        let document = Document::open(file).unwrap();
        for (index, kinds) in kinds.iter().enumerate() {
            let found = diff(&document, index).unwrap();
            let told = &report.signatures[index];
            assert_eq!((&found.changes, &found.changes), (kinds, &told.changes));
            assert_eq!((found.field.as_str(), found.revision, found.undecided), (told.field.as_str(), told.revision, false));
            let (ours, theirs): (Vec<_>, Vec<_>) =
                (found.change_details.iter().map(|entry| &entry.change).collect(), told.change_details.iter().collect());
            assert_eq!(format!("{ours:?}"), format!("{theirs:?}"));
        }
        assert_eq!(diff(&document, 2).unwrap_err().kind(), ErrorKind::InvalidArgument);
    }
}

#[test]
fn a_list_claims_and_does_not_judge() {
    let signer = Signer::p256();
    let (_, twice) = twice(&signer);
    // Wrong by one bit in what was signed: to a list that is all the same.
    let mut forged = twice.clone();
    let at = forged.windows(7).position(|w| w == b"parties").unwrap();
    forged[at] ^= 1;
    let mut lists = Vec::new();
    for file in [&twice, &forged] {
        let list = signatures(&Document::open(file).unwrap()).unwrap();
        assert_eq!(list.len(), 2);
        for (claimed, revision, page, rect) in [(&list[0], 2, Some(1), None), (&list[1], 3, Some(2), Some([300.0, 60.0, 550.0, 120.0]))] {
            assert_eq!((claimed.kind, claimed.revision, claimed.page, claimed.rect), (Kind::Signature, revision, page, rect));
            assert_eq!((claimed.claimed_signer.as_deref(), claimed.claimed_time), (Some("Anna Example"), Some(now())));
        }
        lists.push(serde_json::to_value(&list).unwrap());
    }
    assert_eq!(lists[0], lists[1]);
    let text = lists[0].to_string();
    assert!(!["clean", "verified", "ok", "trusted", "valid"].iter().any(|word| text.contains(word)), "{text}");
    assert!(signatures(&Document::open(&plain(Style::Table)).unwrap()).unwrap().is_empty());
}
