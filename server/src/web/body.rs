//! Request bodies: takes a body as it comes in, gives it whole in memory, or as a file with its SHA-256, or a refusal once it
//! exceeds its cap or its sender is too slow. Nothing is buffered beyond the cap.

use crate::api::No;
use crate::config::Limits;
use crate::failure::Failure;
use crate::folder::{private, sync_folder};
use crate::random;
use axum::body::Body;
use bytes::Bytes;
use http_body_util::BodyExt;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;
use thrivosign::crypto::digest::{DigestAlgorithm, Hasher};
use thrivosign::remote::problem::ProblemType;
use tokio::time::{Instant, timeout, timeout_at};
use zeroize::Zeroizing;

/// How much is hashed and written at a time.
const BATCH: usize = 256 << 10;

/// A body in memory, wiped after use: it may hold passwords.
pub(crate) type WholeBody = Zeroizing<Vec<u8>>;

/// The size announced, if one was.
fn announced(body: &Body) -> Option<u64> {
    hyper::body::Body::size_hint(body).exact()
}

/// The next piece, `None` at the end.
async fn next(body: &mut Body, pause: Duration) -> Result<Option<Bytes>, No> {
    loop {
        let frame = timeout(pause, body.frame()).await.map_err(|_| ProblemType::RequestTimeout)?;
        match frame {
            None => return Ok(None),
            Some(Err(_)) => return Err(ProblemType::MalformedRequest.into()),
            Some(Ok(frame)) => {
                if let Ok(data) = frame.into_data() {
                    return Ok(Some(data));
                }
                // Trailers say nothing here.
            }
        }
    }
}

/// Reads the body into memory.
pub(super) async fn whole(body: &mut Body, cap: usize, limits: &Limits) -> Result<WholeBody, No> {
    let announced = announced(body);
    if announced.is_some_and(|size| size > cap as u64) {
        return Err(ProblemType::TooLarge.into());
    }
    // Taken at once where the size is known: a vector that grows leaves copies of passwords behind.
    let room = announced.and_then(|size| usize::try_from(size).ok()).unwrap_or_default();
    let mut bytes = Zeroizing::new(Vec::with_capacity(room));
    let end = Instant::now() + limits.body;
    while let Some(data) = timeout_at(end, next(body, limits.body_pause)).await.map_err(|_| ProblemType::RequestTimeout)?? {
        if bytes.len().saturating_add(data.len()) > cap {
            return Err(ProblemType::TooLarge.into());
        }
        bytes.extend_from_slice(&data);
    }
    Ok(bytes)
}

/// A body in a file of the folder of documents. The file goes with this value unless it is kept.
pub(crate) struct Upload {
    path: PathBuf,
    kept: bool,
    /// SHA-256 of what came in.
    pub(crate) sha256: [u8; 32],
    /// How many bytes came in.
    pub(crate) size: u64,
}

impl Upload {
    /// Where the file stands until it is kept.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Gives the file its final name in the same folder, durably.
    pub(crate) fn keep(mut self, name: &str) -> Result<(), Failure> {
        let folder = self.path.parent().ok_or_else(|| Failure::new("a document has no folder"))?.to_path_buf();
        fs::rename(&self.path, folder.join(name)).map_err(Failure::at("cannot file a document"))?;
        self.kept = true;
        sync_folder(&folder).map_err(Failure::at("cannot file a document"))
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        if !self.kept {
            // What cannot be removed now is removed at the next start.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// A file being written, with its hash.
struct Writing {
    file: File,
    hasher: Hasher,
}

/// Streams the body into a new file of the folder while hashing it; the file is synced when this returns.
pub(super) async fn to_file(body: &mut Body, folder: &Path, limits: &Limits) -> Result<Upload, No> {
    if announced(body).is_some_and(|size| size > limits.document) {
        return Err(ProblemType::DocumentTooLarge.into());
    }
    let path = folder.join(format!("{}.part", random::id("up-")?));
    let mut options = OpenOptions::new();
    options.create_new(true).write(true);
    private(&mut options);
    let file = options.open(&path).map_err(Failure::at("cannot write a document"))?;
    let mut upload = Upload { path, kept: false, sha256: [0; 32], size: 0 };
    let mut writing = Writing { file, hasher: Hasher::new(DigestAlgorithm::Sha256) };
    let mut batch: Vec<Bytes> = Vec::new();
    let mut waiting = 0_usize;
    loop {
        let piece = next(body, limits.body_pause).await?;
        let last = piece.is_none();
        if let Some(piece) = piece {
            upload.size = upload.size.saturating_add(piece.len() as u64);
            if upload.size > limits.document {
                return Err(ProblemType::DocumentTooLarge.into());
            }
            waiting = waiting.saturating_add(piece.len());
            batch.push(piece);
        }
        if last || waiting >= BATCH {
            let pieces = std::mem::take(&mut batch);
            waiting = 0;
            writing = tokio::task::spawn_blocking(move || write(writing, &pieces, last))
                .await
                .map_err(|_| Failure::new("writing a document broke off"))??;
        }
        if last {
            upload.sha256.copy_from_slice(&writing.hasher.finish());
            return Ok(upload);
        }
    }
}

fn write(mut writing: Writing, pieces: &[Bytes], last: bool) -> Result<Writing, Failure> {
    let doing = "cannot write a document";
    for piece in pieces {
        writing.hasher.update(piece);
        writing.file.write_all(piece).map_err(Failure::at(doing))?;
    }
    if last {
        writing.file.sync_all().map_err(Failure::at(doing))?;
    }
    Ok(writing)
}

/// Reads on what a refused client still sends, for a short while, so that it can read the refusal: a connection closed with unread
/// bytes is reset, and the answer in flight is lost.
pub(super) fn discard(mut body: Body) {
    const MOST: u64 = 16 << 20;
    const LONGEST: Duration = Duration::from_secs(5);
    if hyper::body::Body::is_end_stream(&body) {
        return;
    }
    tokio::spawn(async move {
        let mut read = 0_u64;
        let drain = async {
            while let Some(Ok(frame)) = body.frame().await {
                read = read.saturating_add(frame.data_ref().map_or(0, |data| data.len() as u64));
                if read > MOST {
                    break;
                }
            }
        };
        let _ = timeout(LONGEST, drain).await;
    });
}
